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
     * DuplicateHandle: makes one more handle of what stands behind a handle, with the same completion port. It is not a socket
     * before it is registered.
     *
     * @param s an open handle of the file system
     * @return the new handle; the object is closed with the last of them
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open handle of the file system; {@code WSAENOBUFS}
     *     if no handle can be made
     * @see <a href="https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-duplicatehandle">DuplicateHandle</a>
     */
    SocketHandle duplicateHandle(SocketHandle s) throws WinsockException;

    /**
     * Returns what stands behind a handle: how an IFS provider comes from a socket to its own object.
     *
     * @param s the handle
     * @return the object that the handle was made with
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an open handle of the file system
     */
    FileObject fileObject(SocketHandle s) throws WinsockException;

    /**
     * Closes a handle: it stops being a socket, and its object is closed if no other handle has it. An IFS provider does so at the end of
     * {@link WspProcTable#wspCloseSocket}.
     *
     * @param s the handle
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open handle of the file system
     */
    void closeHandle(SocketHandle s) throws WinsockException;

    /**
     * Completes an overlapped operation on a handle of the file system, as the system does on Windows: the same rules as
     * {@link Upcalls#wpuCompleteOverlappedRequest}, which refuses such handles; so the provider holds no lock. Works also for a
     * handle that was closed while the operation was under way. If the last handle of the object was closed, a packet shows
     * {@code ERROR_CONNECTION_ABORTED} in place of {@code WSA_OPERATION_ABORTED}.
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
     * The same as {@link #completeRequest} for an operation that was over at once: the call that started it has not returned
     * yet, and is going to return success. A handle with {@link FileCompletionMode#FILE_SKIP_COMPLETION_PORT_ON_SUCCESS}
     * gets no packet for it.
     *
     * @param s the handle
     * @param overlapped the block
     * @param bytesTransferred the number of bytes transferred
     * @throws WinsockException as {@link #completeRequest}
     */
    void completeRequestAtOnce(SocketHandle s, WsaOverlapped overlapped, int bytesTransferred) throws WinsockException;

    /**
     * SetFileCompletionNotificationModes: leaves out indications of operations on a handle. There is no way back.
     *
     * @param s the socket
     * @param flags {@link FileCompletionMode} bits
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open socket; {@code WSA_INVALID_PARAMETER} for other
     *     flags, and for {@link FileCompletionMode#FILE_SKIP_COMPLETION_PORT_ON_SUCCESS} on a handle that was made by
     *     {@link Upcalls#wpuCreateSocketHandle}: its provider does not tell whether an operation was over at once
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-setfilecompletionnotificationmodes">SetFileCompletionNotificationModes</a>
     */
    void setFileCompletionNotificationModes(SocketHandle s, int flags) throws WinsockException;

    /**
     * CancelIoEx: ends overlapped operations of a handle of the file system, whichever thread has started them. Each is
     * indicated with {@code WSA_OPERATION_ABORTED}, unless it is over first.
     *
     * @param s the socket
     * @param overlapped the block of the operation; null for all operations on the handle
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open socket; {@code ERROR_NOT_FOUND} if there was
     *     nothing to end: always so for a handle that was made by {@link Upcalls#wpuCreateSocketHandle}, whose operations the
     *     system does not know
     * @see <a href="https://learn.microsoft.com/windows/win32/fileio/cancelioex-func">CancelIoEx</a>
     */
    void cancelIoEx(SocketHandle s, WsaOverlapped overlapped) throws WinsockException;

    /**
     * ReadFile on a socket: on a handle of the file system it reaches the file object, which waits for data, in whatever mode
     * the socket is; on one made by {@link Upcalls#wpuCreateSocketHandle} it is redirected to the owner's
     * {@link WspProcTable#wspRecv}, which does not wait on a non-blocking socket.
     *
     * @param s the socket
     * @param target filled from its position on, which advances
     * @return the number of bytes read, 0 at the end of the stream
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an open socket; {@code WSAEFAULT} for null;
     *     {@code WSAEWOULDBLOCK} if the owner's function would have to wait; what the provider answers, unchanged
     */
    int readFile(SocketHandle s, ByteBuffer target) throws WinsockException;

    /**
     * WriteFile on a socket, the counterpart of {@link #readFile(SocketHandle, ByteBuffer)}.
     *
     * @param s the socket
     * @param source taken from its position on, which advances
     * @return the number of bytes written; a non-blocking socket with a handle made by {@link Upcalls#wpuCreateSocketHandle}
     *     may take only a part
     * @throws WinsockException as {@link #readFile(SocketHandle, ByteBuffer)}
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
