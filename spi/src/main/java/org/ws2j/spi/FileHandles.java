package org.ws2j.spi;

import java.nio.ByteBuffer;

/** The handles of the file system: made and closed here, registered as sockets by {@link Upcalls#wpuModifyIfsHandle}. */
public interface FileHandles {
    /**
     * Makes a handle. It is not a socket before it is registered.
     *
     * @param file what stands behind it
     * @return the handle; {@link #closeHandle} gives it up
     * @throws WinsockException {@code WSAENOBUFS} if no handle can be made; {@code WSAEFAULT} for null
     */
    SocketHandle createFileHandle(FileObject file) throws WinsockException;

    /**
     * Returns what stands behind a handle: how an IFS provider comes from a socket to its own object.
     *
     * @param s the handle
     * @return the object that the handle was made with
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an open handle of the file system
     */
    FileObject fileObject(SocketHandle s) throws WinsockException;

    /**
     * Closes a handle: it stops being a socket, and its object is closed. An IFS provider does so at the end of
     * {@link WspProcTable#wspCloseSocket}.
     *
     * @param s the handle
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open handle of the file system
     */
    void closeHandle(SocketHandle s) throws WinsockException;

    /**
     * Completes an overlapped operation on a handle of the file system, as the system does on Windows: the same rules as
     * {@link Upcalls#wpuCompleteOverlappedRequest}, which refuses such handles. Works also for a handle that was closed while
     * the operation was under way.
     *
     * @param s the handle
     * @param overlapped the block
     * @param error the Winsock error of the operation, 0 for none
     * @param bytesTransferred the number of bytes transferred
     * @throws WinsockException {@code WSAEINVAL} for what never was a handle of the file system; {@code WSAEFAULT} for a null
     *     block
     */
    void completeRequest(SocketHandle s, WsaOverlapped overlapped, int error, int bytesTransferred)
            throws WinsockException;

    /**
     * ReadFile on a socket: on a handle of the file system it reaches the file object; on one made by
     * {@link Upcalls#wpuCreateSocketHandle} it is redirected to the owner's {@link WspProcTable#wspRecv}.
     *
     * @param s the socket
     * @param target filled from its position on, which advances
     * @return the number of bytes read, 0 at the end of the stream
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an open socket; what the provider answers, unchanged
     */
    int readFile(SocketHandle s, ByteBuffer target) throws WinsockException;

    /**
     * WriteFile on a socket, the counterpart of {@link #readFile(SocketHandle, ByteBuffer)}.
     *
     * @param s the socket
     * @param source taken from its position on, which advances
     * @return the number of bytes written
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an open socket; what the provider answers, unchanged
     */
    int writeFile(SocketHandle s, ByteBuffer source) throws WinsockException;

    /**
     * An overlapped ReadFile: passed on with the caller's block and thread id.
     *
     * @param s the socket
     * @param target filled from its position on, which stays; belongs to the operation until its completion
     * @param overlapped the block
     * @return as {@link WspProcTable#wspRecv}
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an open socket; {@code WSAEFAULT} for null; what the
     *     provider answers, unchanged
     */
    long readFile(SocketHandle s, ByteBuffer target, WsaOverlapped overlapped) throws WinsockException;

    /**
     * An overlapped WriteFile, the counterpart of {@link #readFile(SocketHandle, ByteBuffer, WsaOverlapped)}.
     *
     * @param s the socket
     * @param source taken from its position on, which stays; belongs to the operation until its completion
     * @param overlapped the block
     * @return as {@link WspProcTable#wspSend}
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an open socket; {@code WSAEFAULT} for null; what the
     *     provider answers, unchanged
     */
    long writeFile(SocketHandle s, ByteBuffer source, WsaOverlapped overlapped) throws WinsockException;
}
