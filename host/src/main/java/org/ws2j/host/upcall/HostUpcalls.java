package org.ws2j.host.upcall;

import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.ws2j.host.event.EventWaits;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.FileSocket;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HandleTable;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.startup.CatalogView;
import org.ws2j.host.startup.Owners;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.window.MessageQueues;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/** The sixteen upcalls of one host. They work between {@link #open()} and {@link #close()}. */
public final class HostUpcalls implements Upcalls {
    private final HandleTable handles;
    private final EventWaits events;
    private final HostThreads threads;
    private final MessageQueues windows;
    private final BlockingHooks hooks;
    private final Completions completions;
    private final CatalogView catalog;
    private final Owners owners;

    private volatile boolean working;
    @SuppressWarnings("UnnecessaryLambda") // one object, not one for each call
    private final BooleanSupplier isWorking = () -> working;

    /**
     * Makes the upcalls of a host.
     *
     * @param handles its socket handles
     * @param events its events
     * @param threads its threads
     * @param windows its windows
     * @param hooks its blocking hooks
     * @param completions completes overlapped operations
     * @param catalog knows the paths
     * @param owners tells what a catalog entry id means
     */
    public HostUpcalls(
            HandleTable handles,
            EventWaits events,
            HostThreads threads,
            MessageQueues windows,
            BlockingHooks hooks,
            Completions completions,
            CatalogView catalog,
            Owners owners) {
        this.handles = handles;
        this.events = events;
        this.threads = threads;
        this.windows = windows;
        this.hooks = hooks;
        this.completions = completions;
        this.catalog = catalog;
        this.owners = owners;
    }

    /** Lets the upcalls work: the first start-up of the process succeeds. */
    public void open() {
        working = true;
    }

    /** Ends them: the last clean-up has ended, those of the providers included. */
    public void close() {
        working = false;
    }

    @Override
    public WsaEvent wpuCreateEvent() throws WinsockException {
        checkWorking();
        return events.createEvent(true, false);
    }

    @Override
    public void wpuCloseEvent(WsaEvent hEvent) throws WinsockException {
        checkWorking();
        events.closeEvent(hEvent);
    }

    @Override
    public void wpuSetEvent(WsaEvent hEvent) throws WinsockException {
        checkWorking();
        events.setEvent(hEvent);
    }

    @Override
    public void wpuResetEvent(WsaEvent hEvent) throws WinsockException {
        checkWorking();
        events.resetEvent(hEvent);
    }

    @Override
    public SocketHandle wpuCreateSocketHandle(int dwCatalogEntryId, Object dwContext) throws WinsockException {
        checkWorking();
        SocketHandle made = handles.create(dwCatalogEntryId, owner(dwCatalogEntryId), dwContext);
        if (!working) { // The last clean-up may have looked through the handles just before.
            handles.release(made);
            checkWorking();
        }
        return made;
    }

    @Override
    public void wpuCloseSocketHandle(SocketHandle s) throws WinsockException {
        checkWorking();
        if (!handles.release(s)) {
            throw notCreated(s, WsaError.WSAENOTSOCK);
        }
    }

    @Override
    public Object wpuQuerySocketHandleContext(SocketHandle s) throws WinsockException {
        checkWorking();
        CreatedSocket created = handles.created(s);
        if (created == null) {
            throw notCreated(s, WsaError.WSAENOTSOCK);
        }
        return created.context();
    }

    @Override
    public SocketHandle wpuModifyIfsHandle(int dwCatalogEntryId, SocketHandle proposedHandle) throws WinsockException {
        checkWorking();
        FileSocket file = handles.file(proposedHandle);
        if (file == null) {
            throw new WinsockException(
                    WsaError.WSAEINVAL, "not an open handle of the file system: " + describe(proposedHandle));
        }
        file.register(dwCatalogEntryId, owner(dwCatalogEntryId));
        return file;
    }

    @Override
    public String wpuGetProviderPath(UUID providerId) throws WinsockException {
        checkWorking();
        if (providerId == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the provider's GUID is null");
        }
        return catalog.path(providerId);
    }

    @Override
    public boolean wpuFdIsSet(SocketHandle s, FdSet set) {
        return working && set != null && set.fdIsSet(s);
    }

    @Override
    public boolean wpuPostMessage(WindowHandle hWnd, int msg, Object wParam, long lParam) {
        return working && windows.postMessage(hWnd, msg, wParam, lParam, isWorking);
    }

    @Override
    public BlockingCallback wpuQueryBlockingCallback(int dwCatalogEntryId) throws WinsockException {
        checkWorking();
        if (!owners.knows(dwCatalogEntryId)) {
            throw unknownEntry(dwCatalogEntryId);
        }
        return hooks.callbackOfCurrentThread();
    }

    @Override
    public void wpuQueueApc(WsaThreadId threadId, UserApc userApc, Object dwContext) throws WinsockException {
        checkWorking();
        if (!threads.queueApc(threadId, userApc, dwContext, isWorking)) {
            throw ended();
        }
    }

    @Override
    public WsaThreadId wpuOpenCurrentThread() throws WinsockException {
        checkWorking();
        return threads.openId();
    }

    @Override
    public void wpuCloseThread(WsaThreadId threadId) throws WinsockException {
        checkWorking();
        if (threadId == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the thread id is null");
        }
        threads.close(threadId);
    }

    @Override
    public void wpuCompleteOverlappedRequest(
            SocketHandle s, WsaOverlapped lpOverlapped, int dwError, int cbTransferred) throws WinsockException {
        checkWorking();
        CreatedSocket created = handles.created(s);
        if (created == null) {
            throw notCreated(s, WsaError.WSAEINVAL);
        }
        if (lpOverlapped == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the overlapped block is null");
        }
        completions.complete(created, lpOverlapped, dwError, dwError, cbTransferred);
    }

    private HandleOwner owner(int catalogEntryId) throws WinsockException {
        HandleOwner owner = owners.owner(catalogEntryId);
        if (owner == null) {
            throw unknownEntry(catalogEntryId);
        }
        return owner;
    }

    private void checkWorking() throws WinsockException {
        if (!working) {
            throw ended();
        }
    }

    private static WinsockException ended() {
        return new WinsockException(WsaError.WSANOTINITIALISED, "upcalls work from start-up to the last clean-up");
    }

    private static WinsockException unknownEntry(int catalogEntryId) {
        return new WinsockException(
                WsaError.WSAEINVAL, "catalog entry " + catalogEntryId + " is not that of a started provider");
    }

    private static WinsockException notCreated(SocketHandle s, WsaError error) {
        return new WinsockException(error, "not an unreleased handle of WPUCreateSocketHandle: " + describe(s));
    }

    private static String describe(SocketHandle s) {
        return s == null ? "null" : s instanceof HostSocket h ? h.toString() : "a handle of another host";
    }
}
