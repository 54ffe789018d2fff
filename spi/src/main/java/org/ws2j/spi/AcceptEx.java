package org.ws2j.spi;

import java.nio.ByteBuffer;

/**
 * AcceptEx: accepts a connection into a socket that exists already, and receives the first data with it.
 *
 * @see ExtensionFunction#WSAID_ACCEPTEX
 * @see <a href="https://learn.microsoft.com/windows/win32/api/mswsock/nf-mswsock-acceptex">AcceptEx</a>
 */
@FunctionalInterface
public interface AcceptEx {
    /** What a sockaddr needs in the output buffer beside its own size, in bytes. */
    int ADDRESS_OVERHEAD = 16;

    /**
     * Starts to accept. The accepted socket has its address and the listener's properties only after
     * {@link SocketOption#SO_UPDATE_ACCEPT_CONTEXT}; it can transfer data at once.
     *
     * <p>The operation is one of the listening socket: its completion port and key are those of that socket. Operations are
     * served in the order of their calls, before every other accept, and take their connections without an
     * {@link NetworkEvent#FD_ACCEPT}. Closing either socket ends it with {@code WSA_OPERATION_ABORTED}. A peer that ends its
     * stream before any data is success with 0 bytes.
     *
     * @param sListenSocket a listening socket
     * @param sAcceptSocket a socket that is neither bound nor connected, of the same kind; or one that {@link DisconnectEx} has
     *     made fit for another connection, bound or not
     * @param lpOutputBuffer takes, from its position on, the first data, the local address and the peer's; belongs to the
     *     operation until its completion
     * @param dwReceiveDataLength the bytes for data; with 0 the operation does not wait for data
     * @param dwLocalAddressLength the bytes for the local address: its largest size and {@value #ADDRESS_OVERHEAD} more
     * @param dwRemoteAddressLength the bytes for the peer's address, likewise
     * @param lpOverlapped the block
     * @return the number of bytes of data received, if it was over at once (it was indicated then); or
     *     {@link WspResult#IO_PENDING}
     * @throws WinsockException {@code WSA_INVALID_PARAMETER} for a null block; {@code WSAENOTSOCK}; {@code WSAEINVAL} if the
     *     one does not listen, or the other is bound or connected, or has another family, or an operation of this kind has it
     *     already; {@code WSAEOPNOTSUPP} for a connectionless socket; {@code WSAEFAULT} if the buffer is null, read-only or
     *     shorter than the three lengths, or the peer's address has not even the {@value #ADDRESS_OVERHEAD} bytes. From a
     *     base provider all but the first leave {@link WsaOverlapped#internal()} at
     *     {@link WsaOverlapped#WSS_OPERATION_IN_PROGRESS}, as on Windows. A length that is too small for an address fails the
     *     operation when a connection comes, with {@code ERROR_INSUFFICIENT_BUFFER}, and the connection stays in the queue
     */
    long acceptEx(
            SocketHandle sListenSocket,
            SocketHandle sAcceptSocket,
            ByteBuffer lpOutputBuffer,
            int dwReceiveDataLength,
            int dwLocalAddressLength,
            int dwRemoteAddressLength,
            WsaOverlapped lpOverlapped)
            throws WinsockException;
}
