package org.ws2j.spi;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * ConnectEx: an overlapped connect, which can send the first data with it.
 *
 * @see ExtensionFunction#WSAID_CONNECTEX
 * @see <a href="https://learn.microsoft.com/windows/win32/api/mswsock/nc-mswsock-lpfn_connectex">ConnectEx</a>
 */
@FunctionalInterface
public interface ConnectEx {
    /**
     * Starts to connect. The peer's name and shutdown work on the socket only after
     * {@link SocketOption#SO_UPDATE_CONNECT_CONTEXT}; until then its own name is the one that it was bound to. Data can be
     * transferred at once. Closing the socket ends the operation with {@code WSA_OPERATION_ABORTED}.
     *
     * @param s a socket that is bound and not connected
     * @param name the address of the peer
     * @param lpSendBuffer what is sent once it is connected, from its position to its limit; null for nothing
     * @param lpOverlapped the block; the completion counts the bytes sent
     * @return the number of bytes sent, if it was over at once (it was indicated then); or {@link WspResult#IO_PENDING}
     * @throws WinsockException {@code WSA_INVALID_PARAMETER} for a null block; {@code WSAENOTSOCK}; {@code WSAEINVAL} if the
     *     socket is not bound, or listens; {@code WSAEISCONN}, {@code WSAEALREADY}; {@code WSAEFAULT} for a null address;
     *     {@code WSAEAFNOSUPPORT}, {@code WSAEADDRNOTAVAIL} for an address that cannot be used; {@code WSAEOPNOTSUPP} on a
     *     connectionless socket. A connection that cannot be made fails the operation: {@code WSAECONNREFUSED},
     *     {@code WSAENETUNREACH}, {@code WSAETIMEDOUT}
     */
    long connectEx(SocketHandle s, SocketAddress name, ByteBuffer lpSendBuffer, WsaOverlapped lpOverlapped)
            throws WinsockException;
}
