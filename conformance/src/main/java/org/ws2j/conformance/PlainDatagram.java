package org.ws2j.conformance;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.spi.WinsockException;

/** A datagram socket in terms that the JDK's sockets and those of a stack have in common. */
public interface PlainDatagram extends PlainSocket {
    /**
     * Sends a datagram to anybody.
     *
     * @param data the datagram
     * @param name the address
     * @throws WinsockException what the socket answers
     */
    void sendTo(ByteBuffer data, InetSocketAddress name) throws WinsockException;

    /**
     * Receives a datagram from anybody; waits for it.
     *
     * @param room takes the datagram
     * @return where it came from
     * @throws WinsockException what the socket answers
     */
    InetSocketAddress receiveFrom(ByteBuffer room) throws WinsockException;
}
