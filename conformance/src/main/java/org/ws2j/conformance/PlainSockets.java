package org.ws2j.conformance;

import org.ws2j.spi.WinsockException;

/** Makes sockets on the loopback of IPv4; what is made here is closed behind the check. */
public interface PlainSockets {
    /**
     * Makes a stream socket, blocking and without an address.
     *
     * @return the socket
     * @throws WinsockException if that fails
     */
    PlainStream stream() throws WinsockException;

    /**
     * Makes a datagram socket, blocking and without an address.
     *
     * @return the socket
     * @throws WinsockException if that fails
     */
    PlainDatagram datagram() throws WinsockException;

    /**
     * Makes a socket that listens at a port of its own.
     *
     * @return the listener
     * @throws WinsockException if that fails
     */
    PlainListener listener() throws WinsockException;
}
