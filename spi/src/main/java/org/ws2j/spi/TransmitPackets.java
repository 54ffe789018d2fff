package org.ws2j.spi;

/**
 * TransmitPackets: sends pieces of memory and of files, over a connection or as datagrams to the default peer.
 *
 * @see ExtensionFunction#WSAID_TRANSMITPACKETS
 * @see <a href="https://learn.microsoft.com/windows/win32/api/mswsock/nc-mswsock-lpfn_transmitpackets">TransmitPackets</a>
 */
@FunctionalInterface
public interface TransmitPackets {
    /**
     * Sends. As to the order of overlapped ones, and to a length beyond the end of a file: as {@link TransmitFile}.
     *
     * @param hSocket a connected socket
     * @param lpPacketArray the elements; captured by the call
     * @param nElementCount how many of them
     * @param nSendSize the bytes to send at once; 0 for the provider's choice; -1 (0xFFFFFFFF) for what the elements say. On a
     *     connectionless socket a packet ends at this size, too
     * @param lpOverlapped the block; null for a synchronous call, which may block
     * @param dwFlags {@link TransmitFlag} bits; those that disconnect have no effect on a connectionless socket
     * @return the number of bytes sent, if it was over at once (an overlapped one was indicated then); or
     *     {@link WspResult#IO_PENDING}
     * @throws WinsockException {@code WSAENOTSOCK}; {@code WSAENOTCONN}; {@code WSAESHUTDOWN}; {@code WSAEFAULT} for a null
     *     array or element, or a file that cannot be read; {@code WSAEINVAL} for a number out of range, more than
     *     2,147,483,646 bytes, an unknown flag, or {@code TF_REUSE_SOCKET} alone; {@code WSAEMSGSIZE} for a packet longer than
     *     a datagram; {@code WSAECONNABORTED}, {@code WSAECONNRESET}
     */
    long transmitPackets(
            SocketHandle hSocket,
            TransmitPacketsElement[] lpPacketArray,
            int nElementCount,
            int nSendSize,
            WsaOverlapped lpOverlapped,
            int dwFlags)
            throws WinsockException;
}
