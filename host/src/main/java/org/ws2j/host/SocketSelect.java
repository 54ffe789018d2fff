package org.ws2j.host;

import java.util.IdentityHashMap;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.system.ProviderCalls;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaSelectData;
import org.ws2j.spi.WspProcTable;

/** select, and the selection of network events. */
final class SocketSelect {
    private final HostProcess process;
    private final ServingProviders serving;

    SocketSelect(HostProcess process, ServingProviders serving) {
        this.process = process;
        this.serving = serving;
    }

    int select(FdSet read, FdSet write, FdSet except, Timeval timeout) throws WinsockException {
        process.checkStarted();
        process.checkNotInHook();
        try {
            if (timeout != null && !timeout.isValid()) {
                throw new WinsockException(WsaError.WSAEINVAL, "the time-out is out of range: " + timeout);
            }
            HandleOwner first = firstOwner(read, write, except);
            // Each set is looked through: a member that is no open socket fails the call, wherever it is.
            boolean meetsInOne = isOf(first, read);
            meetsInOne = isOf(first, write) && meetsInOne;
            meetsInOne = isOf(first, except) && meetsInOne;
            return meetsInOne
                    ? selectIn(first, read, write, except, timeout)
                    : selectWhereTheyMeet(read, write, except, timeout);
        } catch (WinsockException e) {
            throw process.failure("", e);
        }
    }

    private HandleOwner firstOwner(FdSet read, FdSet write, FdSet except) throws WinsockException {
        FdSet first = size(read) > 0 ? read : size(write) > 0 ? write : except;
        if (size(first) == 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "no set holds a socket");
        }
        return process.handles().openForClient(first.get(0)).owner();
    }

    /** {@return whether one provider serves all members of a set} */
    private boolean isOf(HandleOwner provider, FdSet set) throws WinsockException {
        boolean all = true;
        for (int i = 0; i < size(set); i++) {
            all &= ServingProviders.isSame(process.handles().openForClient(set.get(i)).owner(), provider);
        }
        return all;
    }

    private int selectIn(HandleOwner provider, FdSet read, FdSet write, FdSet except, Timeval timeout)
            throws WinsockException {
        int most = size(read) + size(write) + size(except);
        return serving.call("WSPSelect", provider,
                table -> ProviderCalls.counted("WSPSelect", table.wspSelect(read, write, except, timeout), most));
    }

    private static int size(FdSet set) {
        return set == null ? 0 : set.fdCount();
    }

    /** Sockets of several providers meet in the one that serves all of them: their base provider, or a layer that claims. */
    private int selectWhereTheyMeet(FdSet read, FdSet write, FdSet except, Timeval timeout) throws WinsockException {
        IdentityHashMap<SocketHandle, HostSocket> served = new IdentityHashMap<>();
        FdSet servedRead = toServed(read, served);
        FdSet servedWrite = toServed(write, served);
        FdSet servedExcept = toServed(except, served);
        HandleOwner provider = ServingProviders.common(served.values());
        int n = ServingProviders.isLayer(provider)
                ? selectInLayer(provider, new WsaSelectData(servedRead, servedWrite, servedExcept, timeout))
                : selectIn(provider, servedRead, servedWrite, servedExcept, timeout);
        keepReady(read, servedRead, served);
        keepReady(write, servedWrite, served);
        keepReady(except, servedExcept, served);
        return n;
    }

    private FdSet toServed(FdSet set, IdentityHashMap<SocketHandle, HostSocket> served) throws WinsockException {
        if (set == null) {
            return null;
        }
        FdSet below = new FdSet(set.capacity());
        for (int i = 0; i < set.fdCount(); i++) {
            SocketHandle s = set.get(i);
            HostSocket known = served.get(s);
            if (known == null) {
                known = serving.handle(process.handles().openForClient(s), IoctlCode.SIO_BSP_HANDLE_SELECT);
                served.put(s, known);
            }
            below.fdSet(known);
        }
        return below;
    }

    /** A layer gets back what it has claimed; one that does not know the ioctl is asked as for its own sockets. */
    private int selectInLayer(HandleOwner layer, WsaSelectData data) throws WinsockException {
        FdSet read = data.readfds();
        FdSet write = data.writefds();
        FdSet except = data.exceptfds();
        SocketHandle any = any(read, write, except);
        int most = size(read) + size(write) + size(except);
        try {
            return serving.call("WSPIoctl", layer, table -> {
                ServingProviders.done(
                        table.wspIoctl(any, IoctlCode.SIO_EXT_SELECT, data, new IoctlResult(), null, null, null));
                return ProviderCalls.counted("SIO_EXT_SELECT", data.result(), most);
            });
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSAEOPNOTSUPP)) {
                throw e;
            }
            return selectIn(layer, read, write, except, data.timeout());
        }
    }

    private static SocketHandle any(FdSet... sets) {
        for (FdSet set : sets) {
            if (size(set) > 0) {
                return set.get(0);
            }
        }
        throw new IllegalArgumentException("no set holds a socket");
    }

    private static void keepReady(FdSet set, FdSet ready, IdentityHashMap<SocketHandle, HostSocket> served) {
        for (int i = set == null ? -1 : set.fdCount() - 1; i >= 0; i--) {
            SocketHandle s = set.get(i);
            if (!ready.fdIsSet(served.get(s))) {
                set.fdClr(s);
            }
        }
    }

    void eventSelect(SocketHandle s, WsaEvent event, int events) throws WinsockException {
        HostSocket h = process.open(s);
        if (events != 0 && !process.events().isEvent(event)) {
            throw process.failure("", new WinsockException(WsaError.WSAEINVAL, "not an open event: " + event));
        }
        process.run("WSPEventSelect", h,
                (WspProcTable t, HostSocket socket) -> t.wspEventSelect(socket, event, events));
    }

    void asyncSelect(SocketHandle s, WindowHandle window, int message, int events) throws WinsockException {
        HostSocket h = process.open(s);
        if (events != 0 && !process.services().windows().isWindow(window)) {
            throw process.failure("", new WinsockException(WsaError.WSAEINVAL, "there is no such window: " + window));
        }
        process.run("WSPAsyncSelect", h, (t, socket) -> t.wspAsyncSelect(socket, window, message, events));
    }
}
