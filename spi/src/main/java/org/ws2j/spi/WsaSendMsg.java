package org.ws2j.spi;

/**
 * WSASendMsg: sends a datagram with control information.
 *
 * @see ExtensionFunction#WSAID_WSASENDMSG
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-wsasendmsg">WSASendMsg</a>
 */
@FunctionalInterface
public interface WsaSendMsg {
    /**
     * Sends.
     *
     * @param s a connectionless socket
     * @param lpMsg the message: its address, buffers and control information; its flags are ignored
     * @param dwFlags {@link MessageFlag} bits
     * @param lpOverlapped the block; null for a synchronous call
     * @param lpCompletionRoutine the completion routine, which runs on the calling thread; null for none
     * @return the number of bytes sent; {@link WspResult#WOULD_BLOCK}; {@link WspResult#IO_PENDING}
     * @throws WinsockException {@code WSAEFAULT} for a null message or buffer; {@code WSAEINVAL} for control information that
     *     the provider does not know, or for a completion routine on a socket that has a completion port, if the provider knows
     *     of it; {@code WSAEOPNOTSUPP} on a connection-oriented socket; else as {@link WspProcTable#wspSendTo}
     */
    long wsaSendMsg(
            SocketHandle s,
            WsaMsg lpMsg,
            int dwFlags,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException;
}
