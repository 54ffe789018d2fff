package org.ws2j.conformance;

import org.ws2j.spi.WinsockException;

/** A stream socket that does not listen, in terms that the JDK's sockets and those of a stack have in common. */
public interface PlainStream extends PlainSocket {
    /**
     * Ends the sending side.
     *
     * @throws WinsockException {@code WSAENOTCONN}
     */
    void endSending() throws WinsockException;

    /**
     * Closes it so that its peer learns of a reset.
     *
     * @throws WinsockException what the socket answers
     */
    void reset() throws WinsockException;
}
