package org.ws2j.spi;

/**
 * DisconnectEx: closes a connection, and makes the socket fit for another one.
 *
 * @see ExtensionFunction#WSAID_DISCONNECTEX
 * @see <a href="https://learn.microsoft.com/windows/win32/api/mswsock/nc-mswsock-lpfn_disconnectex">DisconnectEx</a>
 */
@FunctionalInterface
public interface DisconnectEx {
    /**
     * Disconnects. What was sent before goes out first, also what is queued; the peer sees the end of the stream after it.
     * Receives that are under way end with {@code WSAECONNABORTED}; what the peer still sends is not received. Neither does
     * it wait for the end of the peer's stream. A connection that is gone already is a success.
     *
     * <p>A socket that can be used again keeps its handle, completion port, options and selected network events, and is bound
     * as its client has bound it; one that its client had not bound, or whose address cannot be had any more, is not bound.
     *
     * @param s a connected socket
     * @param lpOverlapped the block; null for a synchronous call, which may block
     * @param dwFlags {@link TransmitFlag#TF_REUSE_SOCKET} to use the socket again by {@link AcceptEx} or {@link ConnectEx};
     *     0 for none
     * @return 0 if it was over at once (an overlapped one was indicated then); or {@link WspResult#IO_PENDING}
     * @throws WinsockException {@code WSAENOTSOCK}; {@code WSAENOTCONN}; {@code WSAEINVAL} for other flags; {@code
     *     WSAEOPNOTSUPP} on a connectionless socket
     */
    long disconnectEx(SocketHandle s, WsaOverlapped lpOverlapped, int dwFlags) throws WinsockException;
}
