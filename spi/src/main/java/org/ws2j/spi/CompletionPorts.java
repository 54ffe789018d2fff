package org.ws2j.spi;

/**
 * Completion ports.
 *
 * <p>Packets are taken first in, first out; of the threads that wait at a port, the last to come is the first to be served.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/fileio/i-o-completion-ports">I/O completion ports</a>
 */
public interface CompletionPorts {
    /**
     * Creates a port. A thread counts as working from the packet that it takes until it comes for the next one, ends, or goes to
     * another port; not while it is inside a wait of the host, but also while a provider's call blocks it.
     *
     * @param concurrency how many threads may work on packets at one time; 0 for the number of processors
     * @return the port; {@link #closeIoCompletionPort} gives it up
     * @throws WinsockException {@code WSA_INVALID_PARAMETER} for a negative number
     */
    CompletionPort createIoCompletionPort(int concurrency) throws WinsockException;

    /**
     * Associates a socket with a port, for as long as the socket lives: each completion of one of its overlapped operations
     * puts a packet there. An operation that is under way already is included.
     *
     * @param s a socket that allows overlapped operations
     * @param port the port
     * @param completionKey returned with each packet; unused otherwise
     * @throws WinsockException {@code WSA_INVALID_HANDLE} if either is not open; {@code WSA_INVALID_PARAMETER} if the socket
     *     is associated already, or does not allow overlapped operations
     */
    void associate(SocketHandle s, CompletionPort port, Object completionKey) throws WinsockException;

    /**
     * Tells whether a socket is associated with a port. Who starts an operation with a completion routine on such a socket is
     * refused with {@code WSAEINVAL}: by the host where the call comes through it, by the provider itself in an extension function,
     * which the client calls past the host.
     *
     * @param s the socket
     * @return whether it is
     * @throws WinsockException {@code WSA_INVALID_HANDLE} if the socket is not open
     */
    boolean isAssociated(SocketHandle s) throws WinsockException;

    /**
     * Takes a packet, and waits for one if there is none. Not alertable.
     *
     * @param port the port
     * @param packet filled with what was taken; left alone at a time-out
     * @param timeoutMillis milliseconds, 0 to look only, {@link Waits#WSA_INFINITE} to wait for ever
     * @return true if a packet was taken, that of a failed operation included ({@link CompletionPacket#error()} tells);
     *     false at the time-out
     * @throws WinsockException {@code ERROR_ABANDONED_WAIT_0} if the port is closed meanwhile, {@code WSA_INVALID_HANDLE} if
     *     it is not open; {@code WSA_INVALID_PARAMETER} for a null packet, and for a time-out below 0 or above
     *     {@link Waits#WSA_INFINITE}
     */
    boolean getQueuedCompletionStatus(CompletionPort port, CompletionPacket packet, long timeoutMillis)
            throws WinsockException;

    /**
     * Takes several packets at once, and waits for one if there is none.
     *
     * @param port the port
     * @param packets filled from the first on with what was taken
     * @param timeoutMillis milliseconds, 0 to look only, {@link Waits#WSA_INFINITE} to wait for ever
     * @param alertable whether procedures queued for the thread run, and end the wait
     * @return how many packets were taken; 0 at the time-out; minus {@link Waits#WSA_WAIT_IO_COMPLETION} if procedures ran
     * @throws WinsockException as {@link #getQueuedCompletionStatus}; {@code WSA_INVALID_PARAMETER} also for a null or empty
     *     array
     */
    int getQueuedCompletionStatusEx(
            CompletionPort port, CompletionPacket[] packets, long timeoutMillis, boolean alertable)
            throws WinsockException;

    /**
     * Puts a packet of the caller's own making into a port.
     *
     * @param port the port
     * @param bytesTransferred any number
     * @param completionKey any value
     * @param overlapped any block; null is allowed
     * @throws WinsockException {@code WSA_INVALID_HANDLE} if the port is not open
     */
    void postQueuedCompletionStatus(CompletionPort port, int bytesTransferred, Object completionKey,
            WsaOverlapped overlapped)
            throws WinsockException;

    /**
     * Closes a port. Threads that wait at it are told; packets in it are dropped, and so are those that would still come.
     *
     * @param port the port
     * @throws WinsockException {@code WSA_INVALID_HANDLE} if it is not open
     */
    void closeIoCompletionPort(CompletionPort port) throws WinsockException;
}
