package org.ws2j.spi;

import java.nio.channels.FileChannel;

/**
 * TransmitFile: sends a file over a connection.
 *
 * @see ExtensionFunction#WSAID_TRANSMITFILE
 * @see <a href="https://learn.microsoft.com/windows/win32/api/mswsock/nf-mswsock-transmitfile">TransmitFile</a>
 */
@FunctionalInterface
public interface TransmitFile {
    /**
     * Sends. A base provider does overlapped ones on one socket in the order of their calls, and does not mix them; a plain send
     * may come between two pieces of one. A layer that sends the pieces itself may mix them. An overlapped one begins in the
     * file where {@link WsaOverlapped#offset()} and {@link WsaOverlapped#offsetHigh()} say at the call; a synchronous one, at the
     * channel's position, which it does not move.
     *
     * @param hSocket a connected socket
     * @param hFile the file, open for reading; belongs to an overlapped operation until its completion; null to send the
     *     buffers alone
     * @param nNumberOfBytesToWrite the bytes of the file to send; 0 for all that follow. If the file has fewer, those are sent
     * @param nNumberOfBytesPerSend the bytes to send at once; 0 for the provider's choice
     * @param lpOverlapped the block; null for a synchronous call, which may block
     * @param lpTransmitBuffers what goes before and after; null for nothing
     * @param dwFlags {@link TransmitFlag} bits
     * @return the number of bytes sent, if it was over at once (an overlapped one was indicated then); or
     *     {@link WspResult#IO_PENDING}
     * @throws WinsockException {@code WSAENOTSOCK}; {@code WSAENOTCONN}; {@code WSAESHUTDOWN}; {@code WSAEINVAL} for a
     *     negative number, more than 2,147,483,646 bytes, an unknown flag, or {@code TF_REUSE_SOCKET} alone; {@code WSAEFAULT}
     *     if the file cannot be read; {@code WSAECONNABORTED}, {@code WSAECONNRESET}; {@code WSAEOPNOTSUPP} on a
     *     connectionless socket
     */
    long transmitFile(
            SocketHandle hSocket,
            FileChannel hFile,
            long nNumberOfBytesToWrite,
            int nNumberOfBytesPerSend,
            WsaOverlapped lpOverlapped,
            TransmitFileBuffers lpTransmitBuffers,
            int dwFlags)
            throws WinsockException;
}
