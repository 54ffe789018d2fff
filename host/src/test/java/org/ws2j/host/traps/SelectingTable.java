package org.ws2j.host.traps;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/** A base provider with WSPSelect: a test says which sockets are ready. */
public final class SelectingTable extends IfsTable {
    private final Set<SocketHandle> ready = ConcurrentHashMap.newKeySet();
    private final AtomicInteger selects = new AtomicInteger();

    public SelectingTable(FakeStart start) {
        super(start);
    }

    /** Makes sockets ready for everything. */
    public void ready(SocketHandle... sockets) {
        ready.addAll(List.of(sockets));
    }

    /** Makes the socket below a layer's ready, in each instance of a provider. */
    public static void readyEverywhere(FakeModule base, SocketHandle layered) throws WinsockException {
        SocketHandle below = (SocketHandle) base.upcalls().wpuQuerySocketHandleContext(layered);
        base.tables().forEach(table -> ((SelectingTable) table).ready(below));
    }

    /** {@return how often WSPSelect was called} */
    public int selects() {
        return selects.get();
    }

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) {
        selects.incrementAndGet();
        return keep(readfds) + keep(writefds) + keep(exceptfds);
    }

    private int keep(FdSet set) {
        for (int i = set == null ? -1 : set.fdCount() - 1; i >= 0; i--) {
            if (!ready.contains(set.get(i))) {
                set.fdClr(set.get(i));
            }
        }
        return set == null ? 0 : set.fdCount();
    }

    @Override
    public long wspIoctl(SocketHandle s, int dwIoControlCode, Object lpvInBuffer, IoctlResult lpvOutBuffer,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        if (dwIoControlCode != IoctlCode.SIO_BSP_HANDLE_SELECT) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP);
        }
        lpvOutBuffer.value(s);
        return 0;
    }
}
