package org.ws2j.spi;

/**
 * WSARecvMsg: receives a datagram with its source, its flags and its control information.
 *
 * @see ExtensionFunction#WSAID_WSARECVMSG
 * @see <a href="https://learn.microsoft.com/windows/win32/api/mswsock/nc-mswsock-lpfn_wsarecvmsg">WSARecvMsg</a>
 */
@FunctionalInterface
public interface WsaRecvMsg {
    /**
     * Receives.
     *
     * @param s a bound connectionless socket
     * @param lpMsg the message: its buffers, room for control information, and the flags asked for ({@link
     *     MessageFlag#MSG_PEEK})
     * @param lpOverlapped the block; null for a synchronous call
     * @param lpCompletionRoutine the completion routine, which runs on the calling thread; null for none
     * @return the number of bytes received; {@link WspResult#WOULD_BLOCK}; {@link WspResult#IO_PENDING}
     * @throws WinsockException {@code WSAEFAULT} for a null message or buffer; {@code WSAEINVAL} if the socket is not bound,
     *     or for a completion routine on a socket that has a completion port, if the provider knows of it; {@code WSAEMSGSIZE}
     *     for a datagram longer than the buffers, or control information longer than its room ({@link MessageFlag#MSG_TRUNC},
     *     {@link MessageFlag#MSG_CTRUNC}); {@code WSAEOPNOTSUPP} on a connection-oriented socket, and for flags that cannot be
     *     used; else as {@link WspProcTable#wspRecvFrom}
     */
    long wsaRecvMsg(
            SocketHandle s, WsaMsg lpMsg, WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException;
}
