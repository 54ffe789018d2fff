package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.WinsockException;

/**
 * The selectors that synchronous calls wait at.
 *
 * <p>A few stay with the side of the socket that used them last; the others lie here. Beyond that they are closed.
 */
final class WaiterPool {
    /** How many may stay with their sockets: each holds two or three descriptors. */
    private static final int MAX_KEPT = 64;

    private static final int MAX_IDLE = 64;

    private final SelectorProvider transport;
    private final AtomicInteger kept = new AtomicInteger();

    /** Guards {@code idle} and {@code closed}. */
    private final Object poolLock = new Object();

    private final ArrayDeque<Waiter> idle = new ArrayDeque<>();
    private boolean closed;

    WaiterPool(SelectorProvider transport) {
        this.transport = transport;
    }

    /** Takes one that no socket has. */
    Waiter take() throws WinsockException {
        synchronized (poolLock) {
            Waiter waiter = idle.pollLast();
            if (waiter != null) {
                return waiter;
            }
        }
        try {
            return new Waiter(transport.openSelector());
        } catch (IOException e) {
            throw JdkErrors.of("opening a selector to wait at", e);
        }
    }

    /** Takes the one that a side of a socket keeps, or another one. */
    Waiter take(Side side) throws WinsockException {
        Waiter waiter = side.takeKept();
        if (waiter == null) {
            return take();
        }
        kept.decrementAndGet();
        return waiter;
    }

    /** Gives one back to the side of a socket that used it; the socket is open. */
    void keep(Side side, Waiter waiter) throws IOException {
        if (kept.incrementAndGet() <= MAX_KEPT && side.keep(waiter)) {
            return;
        }
        kept.decrementAndGet();
        giveBack(waiter);
    }

    /** Takes back what a side of a closed socket keeps. */
    void release(Side side) throws IOException {
        Waiter waiter = side.takeKept();
        if (waiter != null) {
            kept.decrementAndGet();
            giveBack(waiter);
        }
    }

    /** Gives one back. */
    void giveBack(Waiter waiter) throws IOException {
        waiter.forget();
        synchronized (poolLock) {
            if (!closed && idle.size() < MAX_IDLE) {
                idle.addLast(waiter);
                return;
            }
        }
        waiter.close();
    }

    /** Closes what lies here; what is in use is closed when it comes back. */
    void close() throws IOException {
        Waiter[] last;
        synchronized (poolLock) {
            closed = true;
            last = idle.toArray(Waiter[]::new);
            idle.clear();
        }
        for (Waiter waiter : last) {
            waiter.close();
        }
    }
}
