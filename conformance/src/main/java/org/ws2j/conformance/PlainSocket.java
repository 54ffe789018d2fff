package org.ws2j.conformance;

import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.ws2j.spi.WinsockException;

/**
 * A socket in terms that the JDK's sockets and those of a stack have in common. What fails, fails with Winsock's code for it:
 * {@code WSAENOTSOCK} in every function of a socket that is closed.
 */
public interface PlainSocket {
    /**
     * Gives it a local address.
     *
     * @param name the address; port 0 for any that is free
     * @throws WinsockException {@code WSAEINVAL} if it has one; {@code WSAEADDRINUSE}; {@code WSAEADDRNOTAVAIL}
     */
    void bind(InetSocketAddress name) throws WinsockException;

    /**
     * Connects it, or gives a datagram socket its peer.
     *
     * @param name the address of the peer
     * @throws WinsockException {@code WSAEISCONN}; {@code WSAECONNREFUSED} where nobody listens
     */
    void connect(InetSocketAddress name) throws WinsockException;

    /**
     * Sends to the peer.
     *
     * @param data what lies between position and limit; the position advances
     * @return the number of bytes; {@link org.ws2j.spi.WspResult#WOULD_BLOCK} if a non-blocking socket has no room
     * @throws WinsockException {@code WSAENOTCONN}; {@code WSAESHUTDOWN} after sending was shut down; {@code WSAECONNRESET};
     *     {@code WSAEINTR} if it is closed by another thread
     */
    int send(ByteBuffer data) throws WinsockException;

    /**
     * Receives what there is.
     *
     * @param room filled from its position on, which advances
     * @return the number of bytes; 0 at the end of a stream; {@link org.ws2j.spi.WspResult#WOULD_BLOCK} if a non-blocking
     *     socket has nothing
     * @throws WinsockException {@code WSAENOTCONN}; {@code WSAECONNRESET}; {@code WSAEINTR} if it is closed by another thread
     */
    int receive(ByteBuffer room) throws WinsockException;

    /**
     * Makes it non-blocking.
     *
     * @throws WinsockException what the socket answers
     */
    void makeNonBlocking() throws WinsockException;

    /**
     * Sets an option.
     *
     * @param <T> the type of its values
     * @param option one of {@link java.net.StandardSocketOptions}
     * @param value its value
     * @throws WinsockException what the socket answers
     */
    <T> void set(SocketOption<T> option, T value) throws WinsockException;

    /**
     * Tells an option.
     *
     * @param <T> the type of its values
     * @param option one of {@link java.net.StandardSocketOptions}
     * @return its value
     * @throws WinsockException what the socket answers
     */
    <T> T get(SocketOption<T> option) throws WinsockException;

    /**
     * Tells the local address.
     *
     * @return the address
     * @throws WinsockException {@code WSAEINVAL} before there is one
     */
    InetSocketAddress name() throws WinsockException;

    /**
     * Tells the address of the peer.
     *
     * @return the address
     * @throws WinsockException {@code WSAENOTCONN} without one
     */
    InetSocketAddress peerName() throws WinsockException;

    /**
     * Closes it gracefully.
     *
     * @throws WinsockException what the socket answers
     */
    void close() throws WinsockException;
}
