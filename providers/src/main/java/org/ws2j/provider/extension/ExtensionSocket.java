package org.ws2j.provider.extension;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.provider.address.Addresses;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * One handle of a socket, as the extension functions use it. None of the methods is called with a lock held, and none holds one
 * while it tells an operation how it has ended.
 */
public interface ExtensionSocket {
    /** {@return the handle} */
    SocketHandle handle();

    /** {@return the catalog entry} */
    WsaProtocolInfo info();

    /**
     * Returns an address as that of a peer of the socket.
     *
     * @param name the address
     * @return the address
     * @throws WinsockException {@code WSAEFAULT} for null, {@code WSAEAFNOSUPPORT} for an address of another kind
     */
    default InetSocketAddress peer(SocketAddress name) throws WinsockException {
        return Addresses.check(name, info(), WsaError.WSAEAFNOSUPPORT);
    }

    /** {@return what all handles of the socket have in common, and no other socket has} */
    Object identity();

    /** {@return whether overlapped operations are possible; without that they are done synchronously} */
    boolean isOverlapped();

    /**
     * Keeps the handle fit for an indication, until {@link #release()}.
     *
     * @throws WinsockException {@code WSAENOTSOCK} if it is closed
     */
    void retain() throws WinsockException;

    /** Ends what {@link #retain()} has begun. */
    void release();

    /**
     * Gives the one indication of a client's operation.
     *
     * @param block the block
     * @param error the Winsock error, 0 for none
     * @param bytes the number of bytes transferred
     * @throws WinsockException if the host refuses it
     */
    void indicate(WsaOverlapped block, int error, int bytes) throws WinsockException;

    /**
     * The same for an operation whose call is about to return success.
     *
     * @param block the block
     * @param bytes the number of bytes transferred
     * @throws WinsockException if the host refuses it
     */
    void indicateAtOnce(WsaOverlapped block, int bytes) throws WinsockException;

    /**
     * Sends, and waits until all of it is sent, in whatever mode the socket is.
     *
     * @param data the data
     * @return the number of bytes
     * @throws WinsockException as a blocking send
     */
    long sendAndWait(ByteBuffer data) throws WinsockException;

    /**
     * Starts a send, overlapped in any case.
     *
     * @param data the data; it is the transfer's until the block is completed
     * @param block the block
     * @throws WinsockException if it could not be started; then the block is not completed
     */
    void send(ByteBuffer data, InnerBlock block) throws WinsockException;

    /**
     * Starts a receive, overlapped in any case.
     *
     * @param room takes the data; it is the transfer's until the block is completed
     * @param block the block
     * @throws WinsockException if it could not be started; then the block is not completed
     */
    void receive(ByteBuffer room, InnerBlock block) throws WinsockException;

    /**
     * Waits for the sends that are queued, also where no more can be sent: starts a transfer of nothing behind them.
     *
     * @param block the block; null to wait in the call
     * @throws WinsockException {@code WSAENOTCONN}; {@code WSAECONNRESET} or {@code WSAECONNABORTED} if the connection is gone
     */
    void drain(InnerBlock block) throws WinsockException;

    /**
     * Ends the connection gracefully, without waiting.
     *
     * @param reuse whether the socket can be connected again
     * @throws WinsockException {@code WSAENOTCONN}
     */
    void disconnect(boolean reuse) throws WinsockException;

    /**
     * Starts to connect; tells the operation of the outcome, also before this returns.
     *
     * @param name the address of the peer
     * @param operation is told
     * @throws WinsockException if it could not be started, as {@link org.ws2j.spi.ConnectEx}
     */
    void connect(InetSocketAddress name, ConnectOperation operation) throws WinsockException;

    /**
     * Starts to accept; tells the operation of the outcome, also before this returns.
     *
     * @param target the socket to accept into, one of the same provider
     * @param operation is told
     * @throws WinsockException if it could not be started, as {@link org.ws2j.spi.AcceptEx}
     */
    void accept(ExtensionSocket target, AcceptOperation operation) throws WinsockException;

    /**
     * Makes of a socket that AcceptEx has connected what an accept would have made: it gets what the listener has.
     *
     * @param listener the listener, one of the same provider
     * @throws WinsockException {@code WSAENOTCONN} without a connection; {@code WSAEINVAL} for what does not listen
     */
    void updateAcceptContext(ExtensionSocket listener) throws WinsockException;

    /**
     * Makes of a socket that ConnectEx has connected what a connect would have made.
     *
     * @throws WinsockException {@code WSAENOTCONN} without a connection
     */
    void updateConnectContext() throws WinsockException;
}
