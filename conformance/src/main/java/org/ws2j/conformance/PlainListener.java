package org.ws2j.conformance;

import java.net.InetSocketAddress;
import org.ws2j.spi.WinsockException;

/** A socket that listens, in terms that the JDK's sockets and those of a stack have in common. */
public interface PlainListener {
    /**
     * Takes a connection; waits for it.
     *
     * @return the end of the connection, blocking; null if the listener is non-blocking and nothing waits
     * @throws WinsockException {@code WSAEINTR} if the listener is closed by another thread; {@code WSAENOTSOCK} if it is closed
     */
    PlainStream accept() throws WinsockException;

    /**
     * Makes it non-blocking.
     *
     * @throws WinsockException what the listener answers
     */
    void makeNonBlocking() throws WinsockException;

    /**
     * Tells the address that it listens at.
     *
     * @return the address
     * @throws WinsockException what the listener answers
     */
    InetSocketAddress name() throws WinsockException;

    /**
     * Closes it.
     *
     * @throws WinsockException what the listener answers
     */
    void close() throws WinsockException;
}
