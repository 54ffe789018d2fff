package org.ws2j.spi;

import java.nio.CharBuffer;
import java.util.UUID;

/**
 * The sixteen upcalls that the Windows Sockets DLL offers a transport service provider.
 *
 * <p>Fifteen of them are slots of WSPUPCALLTABLE on Windows, and {@link #wpuCompleteOverlappedRequest} is exported beside it;
 * to a provider written in Java they are one interface.
 *
 * <p>They work from the moment {@link TransportProvider#wspStartup} is entered until the last clean-up of the host has ended,
 * the provider's own {@link WspProcTable#wspCleanup()} included; after that each of them that documents an error fails with
 * {@code WSANOTINITIALISED}. Every one may be called from any thread, also from one that the host has never seen; none of
 * them blocks, and none runs a provider's code while it holds a lock of the host. A layered provider hands the upcalls it was
 * given on to the layer below, unchanged.
 *
 * <p>Four of them may run the code of others on the calling thread, which may call the provider again:
 * {@link #wpuCompleteOverlappedRequest} (the sink of the block), {@link #wpuSetEvent} (the sink of the event),
 * {@link #wpuPostMessage} (the executor of the window) and {@link #wpuGetProviderPath(UUID)} (who waits for a change of the
 * catalog, if the call finds one). They are called while the provider holds no lock; all others may be called under a lock of
 * the provider's.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/winsock/upcalls-exposed-by-windows-sockets-2-dll-2">Upcalls exposed
 *     by the Windows Sockets 2 DLL</a>
 */
public interface Upcalls {

    /**
     * Creates an event: manual reset, not signaled. Optional: {@link Waits#createEvent} serves as well.
     *
     * @return the event; who creates it closes it
     * @throws WinsockException {@code WSA_NOT_ENOUGH_MEMORY}; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpucreateevent">WPUCreateEvent</a>
     */
    WsaEvent wpuCreateEvent() throws WinsockException;

    /**
     * Closes an event. A thread that waits on it goes on waiting, until its time-out.
     *
     * @param hEvent the event, of whichever origin
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open event: null, one of another host, one that
     *     was closed before; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpucloseevent">WPUCloseEvent</a>
     */
    void wpuCloseEvent(WsaEvent hEvent) throws WinsockException;

    /**
     * Signals an event: every thread that waits on it goes on, and it stays signaled until it is reset.
     *
     * <p>Callable from any context: takes no lock that a waiting thread holds. An event with a sink
     * ({@link Waits#createEvent(Runnable)}) has it run before this returns.
     *
     * @param hEvent the event
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open event; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpusetevent">WPUSetEvent</a>
     */
    void wpuSetEvent(WsaEvent hEvent) throws WinsockException;

    /**
     * Takes back the signal of an event.
     *
     * <p>Callable from any context, also under a lock of the provider's.
     *
     * @param hEvent the event
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open event; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpuresetevent">WPUResetEvent</a>
     */
    void wpuResetEvent(WsaEvent hEvent) throws WinsockException;

    /**
     * Creates a socket handle. Required for every socket of a provider whose handles are not the file system's (non-IFS),
     * accepted, joined and duplicated ones included.
     *
     * <p>The file functions work on the handle: reads and writes come to the owner's {@link WspProcTable#wspRecv} and
     * {@link WspProcTable#wspSend}. It can be associated with a completion port.
     *
     * @param dwCatalogEntryId the entry that the socket belongs to: the chain's, the provider's own hidden one's, or 0 from a
     *     base provider that has only one entry
     * @param dwContext what {@link #wpuQuerySocketHandleContext} gives back; null and small numbers are values like any other
     * @return the handle; the provider gives it up with {@link #wpuCloseSocketHandle}
     * @throws WinsockException {@code WSAENOBUFS} if no handle can be made; {@code WSAEINVAL} for an unknown entry;
     *     {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpucreatesockethandle">WPUCreateSocketHandle</a>
     */
    SocketHandle wpuCreateSocketHandle(int dwCatalogEntryId, Object dwContext) throws WinsockException;

    /**
     * Releases a handle made by {@link #wpuCreateSocketHandle}. Required.
     *
     * <p>A client's close does not release the handle: the provider does, when the last of its operations has been completed.
     *
     * @param s the handle
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an unreleased handle made by
     *     {@link #wpuCreateSocketHandle}; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpuclosesockethandle">WPUCloseSocketHandle</a>
     */
    void wpuCloseSocketHandle(SocketHandle s) throws WinsockException;

    /**
     * Gives back the context of a handle. Required of non-IFS providers: in every call that gets a socket.
     *
     * @param s the handle; works until it is released, also after its client has closed it
     * @return the context that {@link #wpuCreateSocketHandle} was given
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an unreleased handle made by
     *     {@link #wpuCreateSocketHandle}; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpuquerysockethandlecontext">
     *     WPUQuerySocketHandleContext</a>
     */
    Object wpuQuerySocketHandleContext(SocketHandle s) throws WinsockException;

    /**
     * Registers a handle of the file system as a socket. Required of IFS providers, before any new descriptor leaves them.
     *
     * <p>A layer may call it for the handle of the layer below ("pass-through"): the last caller serves the socket from then
     * on.
     *
     * @param dwCatalogEntryId the entry that is to serve the socket
     * @param proposedHandle the handle, from {@link FileHandles#createFileHandle}
     * @return the handle to use from then on: the very same one
     * @throws WinsockException {@code WSAEINVAL} for what is not an open handle of the file system (a handle made by
     *     {@link #wpuCreateSocketHandle} included) and for an unknown entry; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpumodifyifshandle">WPUModifyIFSHandle</a>
     */
    SocketHandle wpuModifyIfsHandle(int dwCatalogEntryId, SocketHandle proposedHandle) throws WinsockException;

    /**
     * Returns the path of a provider's module. Required: only the host knows where an adjacent layer was installed.
     *
     * @param providerId the provider's GUID
     * @return the path as it was installed; references such as {@code %SystemRoot%} are not expanded
     * @throws WinsockException {@code WSAEINVAL} for an unknown GUID, {@code WSAEFAULT} for null; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpugetproviderpath">WPUGetProviderPath</a>
     */
    String wpuGetProviderPath(UUID providerId) throws WinsockException;

    /**
     * Puts the path of a provider's module and a terminating NUL into a buffer, as C asks for it.
     *
     * @param providerId the provider's GUID
     * @param providerDllPath the buffer; filled from its position on, which advances
     * @return the length of the path with the NUL, in characters
     * @throws BufferTooSmallException {@code WSAEFAULT} if the buffer is null or too small; it tells the length needed, and
     *     the buffer is not touched
     * @throws WinsockException as {@link #wpuGetProviderPath(UUID)}
     */
    default int wpuGetProviderPath(UUID providerId, CharBuffer providerDllPath) throws WinsockException {
        return PathBuffers.put(wpuGetProviderPath(providerId), providerDllPath);
    }

    /**
     * Tells whether a socket is in a set. Optional: a provider may look into the set itself.
     *
     * @param s the socket
     * @param set the set
     * @return true if it is; false also for null, and after the last clean-up
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpufdisset">WPUFDIsSet</a>
     */
    boolean wpuFdIsSet(SocketHandle s, FdSet set);

    /**
     * Puts a message into the queue of the thread that owns a window. Required for the messages of
     * {@link WspProcTable#wspAsyncSelect}. Never waits for the message to be handled. The message of a window with an executor
     * ({@link MessageWindows#createWindow(java.util.concurrent.Executor, WindowProc)}) is handed to that, which may run the
     * window's procedure before this returns.
     *
     * @param hWnd the window
     * @param msg the number of the message
     * @param wParam the first parameter; for network events the socket as its client knows it
     * @param lParam the second parameter; for network events {@link NetworkEvent#makeSelectReply}
     * @return false if there is no such window, if its thread's queue is full, or after the last clean-up
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpupostmessage">WPUPostMessage</a>
     */
    boolean wpuPostMessage(WindowHandle hWnd, int msg, Object wParam, long lParam);

    /**
     * Returns the blocking hook of the calling thread. Required, each time a blocking call on a blocking socket cannot finish
     * at once.
     *
     * @param dwCatalogEntryId the entry that the provider serves
     * @return what to call again and again while the call waits; null if the thread has no hook (always for a client that
     *     negotiated 2.x), and then the provider waits as it likes
     * @throws WinsockException {@code WSAEINVAL} for an unknown entry; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpuqueryblockingcallback">
     *     WPUQueryBlockingCallback</a>
     */
    BlockingCallback wpuQueryBlockingCallback(int dwCatalogEntryId) throws WinsockException;

    /**
     * Queues a procedure for a thread. It runs there, in the order of queueing, while the thread is in an alertable wait, and
     * ends that wait. Optional.
     *
     * <p>Callable from any context. How a provider completes an operation that has a completion routine.
     *
     * @param threadId the thread: what came with the overlapped call, or {@link #wpuOpenCurrentThread()}; what was queued runs
     *     although the id is closed afterwards
     * @param userApc the procedure
     * @param dwContext its parameter
     * @throws WinsockException {@code WSAEFAULT} if the thread has ended or its id was closed, and for null as thread or
     *     procedure; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpuqueueapc">WPUQueueApc</a>
     */
    void wpuQueueApc(WsaThreadId threadId, UserApc userApc, Object dwContext) throws WinsockException;

    /**
     * Opens an id for the calling thread, for overlapped calls that a provider starts on its own account.
     *
     * @return a new id, distinct from all others; {@link #wpuCloseThread} gives it up
     * @throws WinsockException {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpuopencurrentthread">WPUOpenCurrentThread</a>
     */
    WsaThreadId wpuOpenCurrentThread() throws WinsockException;

    /**
     * Gives up an id. What was queued to it still runs.
     *
     * @param threadId an id from {@link #wpuOpenCurrentThread()}
     * @throws WinsockException {@code WSAEINVAL} for what is not an open id from {@link #wpuOpenCurrentThread()};
     *     {@code WSAEFAULT} for null; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpuclosethread">WPUCloseThread</a>
     */
    void wpuCloseThread(WsaThreadId threadId) throws WinsockException;

    /**
     * Delivers the completion of an overlapped operation by the means that its client chose: the event of the block, a packet
     * to the completion port that the socket is associated with, or both. For sockets made by {@link #wpuCreateSocketHandle}.
     * Operations with a completion routine are completed by {@link #wpuQueueApc} and not by this.
     *
     * <p>Sets {@code InternalHigh}, then {@code Internal}, then gives the indication. The provider has set {@code Offset} and
     * {@code OffsetHigh} before. A {@linkplain WsaOverlapped#sink() sink} of the block comes in place of event and packet, and
     * is run before this returns.
     *
     * @param s the socket; works until it is released, also after its client has closed it
     * @param lpOverlapped the block
     * @param dwError the Winsock error of the operation, 0 for none
     * @param cbTransferred the number of bytes transferred
     * @throws WinsockException {@code WSAEINVAL} for what is not an unreleased handle made by
     *     {@link #wpuCreateSocketHandle}; {@code WSAEFAULT} for a null block; {@code WSANOTINITIALISED}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wpucompleteoverlappedrequest">
     *     WPUCompleteOverlappedRequest</a>
     */
    void wpuCompleteOverlappedRequest(SocketHandle s, WsaOverlapped lpOverlapped, int dwError, int cbTransferred)
            throws WinsockException;
}
