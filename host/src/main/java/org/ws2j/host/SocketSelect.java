package org.ws2j.host;

import java.util.IdentityHashMap;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.startup.StartedProvider;
import org.ws2j.host.system.ProviderCalls;
import org.ws2j.host.upcall.ThreadCalls;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WspProcTable;

/** select, and the selection of network events. */
final class SocketSelect {
    private final HostProcess process;

    SocketSelect(HostProcess process) {
        this.process = process;
    }

    int select(FdSet read, FdSet write, FdSet except, Timeval timeout) throws WinsockException {
        process.checkStarted();
        process.checkNotInHook();
        return process.told(() -> {
            if (timeout != null && !timeout.isValid()) {
                throw new WinsockException(WsaError.WSAEINVAL, "the time-out is out of range: " + timeout);
            }
            Members members = new Members();
            members.add(read);
            members.add(write);
            members.add(except);
            HostSocket first = members.first;
            if (first == null) {
                throw new WinsockException(WsaError.WSAEINVAL, "no set holds a socket");
            }
            return members.ofOneProvider
                    ? selectIn(first, read, write, except, timeout)
                    : selectBelowLayers(read, write, except, timeout);
        });
    }

    /** The members of all sets: each an open socket, and whether one provider serves them all. */
    private final class Members {
        private HostSocket first;
        private boolean ofOneProvider = true;

        private void add(FdSet set) throws WinsockException {
            for (int i = 0; set != null && i < set.fdCount(); i++) {
                HostSocket h = process.handles().openForClient(set.get(i));
                first = first == null ? h : first;
                ofOneProvider &= sameProvider(h, first);
            }
        }
    }

    /** A provider that was started by several others may have a table for each of them; it is one provider all the same. */
    private static boolean sameProvider(HostSocket a, HostSocket b) {
        if (a.procTable() == b.procTable()) {
            return true;
        }
        return a.owner() instanceof StartedProvider p
                && b.owner() instanceof StartedProvider q
                && p.info().providerId().equals(q.info().providerId());
    }

    private int selectIn(HostSocket socket, FdSet read, FdSet write, FdSet except, Timeval timeout)
            throws WinsockException {
        ThreadCalls calls = process.hooks().state();
        calls.enter(socket.owner());
        try {
            int most = size(read) + size(write) + size(except);
            return ProviderCalls.counted("WSPSelect", socket.procTable().wspSelect(read, write, except, timeout), most);
        } catch (Throwable e) {
            throw process.failure("WSPSelect", e);
        } finally {
            calls.leave();
        }
    }

    private static int size(FdSet set) {
        return set == null ? 0 : set.fdCount();
    }

    /** Sockets of several providers meet in the base provider, if it is the same one for all. */
    private int selectBelowLayers(FdSet read, FdSet write, FdSet except, Timeval timeout) throws WinsockException {
        IdentityHashMap<SocketHandle, HostSocket> bases = new IdentityHashMap<>();
        FdSet baseRead = toBase(read, bases);
        FdSet baseWrite = toBase(write, bases);
        FdSet baseExcept = toBase(except, bases);
        HostSocket first = bases.values().iterator().next();
        for (HostSocket base : bases.values()) {
            if (!sameProvider(base, first)) {
                throw new WinsockException(
                        WsaError.WSAEINVAL,
                        "select on sockets of several base providers: " + base.owner().name() + " and "
                                + first.owner().name());
            }
        }
        int n = selectIn(first, baseRead, baseWrite, baseExcept, timeout);
        keepReady(read, baseRead, bases);
        keepReady(write, baseWrite, bases);
        keepReady(except, baseExcept, bases);
        return n;
    }

    private FdSet toBase(FdSet set, IdentityHashMap<SocketHandle, HostSocket> bases) throws WinsockException {
        if (set == null) {
            return null;
        }
        FdSet below = new FdSet(set.capacity());
        for (int i = 0; i < set.fdCount(); i++) {
            SocketHandle s = set.get(i);
            HostSocket base = bases.get(s);
            if (base == null) {
                base = baseOf(s);
                bases.put(s, base);
            }
            below.fdSet(base);
        }
        return below;
    }

    /** The handle that a socket's base provider knows it by; the socket itself where nobody answers for it. */
    private HostSocket baseOf(SocketHandle s) throws WinsockException {
        HostSocket h = process.handles().openForClient(s);
        IoctlResult out = new IoctlResult();
        ThreadCalls calls = process.hooks().state();
        calls.enter(h.owner());
        try {
            h.procTable().wspIoctl(h, IoctlCode.SIO_BSP_HANDLE_SELECT, null, out, null, null, null);
        } catch (WinsockException unanswered) {
            return h;
        } catch (Throwable e) {
            throw process.failure("WSPIoctl", e);
        } finally {
            calls.leave();
        }
        HostSocket base = out.value() instanceof SocketHandle b ? process.handles().any(b) : null;
        if (base == null || !base.isOpenForClient()) {
            throw new WinsockException(WsaError.WSAENOTSOCK, "the base handle of " + s + " is not an open socket");
        }
        return base;
    }

    private static void keepReady(FdSet set, FdSet ready, IdentityHashMap<SocketHandle, HostSocket> bases) {
        for (int i = set == null ? -1 : set.fdCount() - 1; i >= 0; i--) {
            SocketHandle s = set.get(i);
            if (!ready.fdIsSet(bases.get(s))) {
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
