package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.WinsockException;

/**
 * What synchronous calls wait at: selectors, or what the transport has instead. That is for the threads of the operating system,
 * and selectors not for all of those: each takes two or three descriptors. Who gets none waits in the queue of its side.
 *
 * <p>A few selectors stay with the side of the socket that used them last; the others lie here. Beyond that they are closed.
 */
final class WaiterPool {
    /** How many may stay with their sockets. */
    private static final int MAX_KEPT = 64;

    /** As many selectors as are in use at once before transfers get none; a select has no other way to wait. */
    private static final int MAX_FOR_TRANSFERS = 128;

    private static final int MAX_IDLE = 64;

    private final SelectorProvider transport;

    /** How threads wait for one channel; null if they take selectors for that, too. */
    private final ChannelWaits waits;

    private final AtomicInteger inUse = new AtomicInteger();
    private final AtomicInteger kept = new AtomicInteger();

    /** Guards {@code idle} and {@code closed}. */
    private final Object poolLock = new Object();

    private final ArrayDeque<SelectorWaiter> idle = new ArrayDeque<>();
    private boolean closed;

    /** Those of {@code waits} that are not in use; guarded by {@code poolLock}. */
    private ThreadWaiter idleThreadWaiters;

    WaiterPool(SelectorProvider transport, ChannelWaits waits) {
        this.transport = transport;
        this.waits = waits;
    }

    /** {@return whether there is one for a transfer of the calling thread} Virtual threads are too many for that. */
    boolean hasOne() {
        return !Thread.currentThread().isVirtual() && (waits != null || inUse.get() < MAX_FOR_TRANSFERS);
    }

    /** {@return how threads wait for one channel; null if they take selectors for that, too} */
    ChannelWaits waits() {
        return waits;
    }

    /** {@return whether the calling thread waits by a selector, also for one channel} */
    boolean takesSelectors() {
        return waits == null || Thread.currentThread().isVirtual();
    }

    /** Takes what a thread of the operating system waits with, where it takes no selector. */
    ThreadWaiter takeThreadWaiter() {
        synchronized (poolLock) {
            ThreadWaiter taken = idleThreadWaiters;
            if (taken != null) {
                idleThreadWaiters = taken.next;
                taken.next = null;
                return taken;
            }
        }
        return new ThreadWaiter(waits.create());
    }

    /** Takes a selector that no socket has. */
    SelectorWaiter takeSelector() throws WinsockException {
        SelectorWaiter waiter;
        synchronized (poolLock) {
            waiter = idle.pollLast();
        }
        if (waiter == null) {
            waiter = openSelector();
        }
        inUse.incrementAndGet();
        return waiter;
    }

    private SelectorWaiter openSelector() throws WinsockException {
        try {
            return new SelectorWaiter(transport.openSelector());
        } catch (IOException e) {
            throw JdkErrors.of("opening a selector to wait at", e);
        }
    }

    /** Takes the selector that a side of a socket keeps; null for none. Takes no lock. */
    SelectorWaiter takeKept(Side side) {
        SelectorWaiter waiter = side.takeKept();
        if (waiter != null) {
            kept.decrementAndGet();
            inUse.incrementAndGet();
        }
        return waiter;
    }

    /** Takes back what was used for a socket that is open. */
    void giveBack(Side side, Waiter waiter) throws IOException {
        switch (waiter) {
            case SelectorWaiter selector -> keep(side, selector);
            case ThreadWaiter thread -> keep(thread);
        }
    }

    private void keep(ThreadWaiter waiter) {
        synchronized (poolLock) {
            waiter.next = idleThreadWaiters;
            idleThreadWaiters = waiter;
        }
    }

    private void keep(Side side, SelectorWaiter waiter) throws IOException {
        if (kept.incrementAndGet() <= MAX_KEPT && side.keep(waiter)) {
            inUse.decrementAndGet();
            return;
        }
        kept.decrementAndGet();
        giveBack(waiter);
    }

    /** Takes back what a side of a closed socket keeps. */
    void release(Side side) throws IOException {
        SelectorWaiter waiter = side.takeKept();
        if (waiter != null) {
            kept.decrementAndGet();
            store(waiter);
        }
    }

    /** Takes back a selector. */
    void giveBack(SelectorWaiter waiter) throws IOException {
        inUse.decrementAndGet();
        store(waiter);
    }

    private void store(SelectorWaiter waiter) throws IOException {
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
        SelectorWaiter[] last;
        synchronized (poolLock) {
            closed = true;
            last = idle.toArray(SelectorWaiter[]::new);
            idle.clear();
        }
        for (SelectorWaiter waiter : last) {
            waiter.close();
        }
    }
}
