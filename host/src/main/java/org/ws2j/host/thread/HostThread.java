package org.ws2j.host.thread;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.ws2j.spi.HostClock;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WsaThreadId;

/**
 * What one host keeps for one thread.
 *
 * <p>Except where a method says so, only the thread itself uses its record.
 */
public final class HostThread {
    private final Thread thread = Thread.currentThread();
    private final Realm realm;
    private final HostClock clock;

    /**
     * Many threads add, this one takes. A queue of the JDK: it is lock-free, unbounded and needs neither a dependency nor
     * Unsafe; taking one entry at a time is what makes a nested alertable wait go on where the outer one stopped.
     */
    private final Queue<Apc> apcs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger openIds = new AtomicInteger();

    /** Whether this thread has to be unparked for a procedure. Written by this thread, read after queueing. */
    private volatile boolean alertable;
    private volatile HostThreadId implicitId;
    private Object[] parts = new Object[0];
    private BlockingObserver blockingObserver;
    private int blockedDepth;
    private int lastError;

    HostThread(Realm realm, HostClock clock) {
        this.realm = realm;
        this.clock = clock;
    }

    /** {@return the thread's last error, 0 before any} */
    public int lastError() {
        return lastError;
    }

    /**
     * Sets the thread's last error.
     *
     * @param error a Winsock code
     */
    public void lastError(int error) {
        lastError = error;
    }

    /**
     * Returns the id that the host passes with overlapped calls.
     *
     * @return the same object for the thread's life; nobody closes it
     */
    public WsaThreadId implicitId() {
        HostThreadId id = implicitId;
        if (id == null) {
            id = new HostThreadId(this, true);
            implicitId = id;
        }
        return id;
    }

    /** {@return whether the thread has not ended; any thread may ask} */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** {@return whether this is the record of the calling thread} */
    public boolean isCurrent() {
        return thread == Thread.currentThread();
    }

    /** Wakes the thread if it waits; if not, its next wait looks once more than it had to. For any thread. */
    public void unpark() {
        clock.unpark(thread);
    }

    /**
     * Waits: the one loop in which threads of the host wait.
     *
     * <p>An interrupt does not end the wait; the interrupt status is kept for afterwards. While it waits the thread counts
     * as blocked. Returns without having parked if there is nothing to wait for.
     *
     * @param what what is waited for; whoever decides it calls {@link #unpark} afterwards
     * @param timeoutMillis milliseconds, {@link Waits#WSA_INFINITE} to wait for ever
     * @param wakeForApcs whether a queued procedure ends the wait; the caller runs it, see {@link HostThreads#runApcs}
     * @return why the wait ended
     */
    public WaitEnd await(Pending what, long timeoutMillis, boolean wakeForApcs) {
        assert thread == Thread.currentThread() : "a thread waits for itself";
        boolean timed = timeoutMillis != Waits.WSA_INFINITE;
        // May wrap around; only its difference to another time of the clock is used.
        long deadline = timed ? clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis) : 0;
        boolean interrupted = false;
        enterBlocked();
        alertable = wakeForApcs;
        try {
            while (what.isPending()) {
                if (wakeForApcs && !apcs.isEmpty()) {
                    return WaitEnd.APC_QUEUED;
                }
                long nanos = timed ? deadline - clock.nanoTime() : Long.MAX_VALUE;
                if (nanos <= 0) {
                    return WaitEnd.TIMED_OUT;
                }
                clock.parkNanos(what, Math.min(nanos, what.recheckNanos()));
                // Left set, it would turn each further park into a turn of a busy loop.
                interrupted |= Thread.interrupted();
            }
            return WaitEnd.DECIDED;
        } finally {
            alertable = false;
            leaveBlocked();
            if (interrupted) {
                thread.interrupt();
            }
        }
    }

    /**
     * Tells that the thread is about to block: in one of the host's own waits, which call this themselves, or in a call of
     * a provider. A completion port then lets another thread work. Nests.
     */
    public void enterBlocked() {
        if (blockedDepth++ == 0 && blockingObserver != null) {
            blockingObserver.blocked();
        }
    }

    /** Tells that the thread goes on; the counterpart of {@link #enterBlocked}. */
    public void leaveBlocked() {
        if (--blockedDepth == 0 && blockingObserver != null) {
            blockingObserver.unblocked();
        }
    }

    /**
     * Sets who learns when the thread blocks.
     *
     * @param observer the one observer; null for none
     */
    public void blockingObserver(BlockingObserver observer) {
        blockingObserver = observer;
    }

    Realm realm() {
        return realm;
    }

    AtomicInteger openIds() {
        return openIds;
    }

    /** Queues a procedure, unless it is not allowed any more by then; for any thread. {@return whether it was} */
    @SuppressWarnings("ReferenceEquality") // not one that is equal
    boolean queue(UserApc userApc, Object context, BooleanSupplier allowed) {
        Apc apc = new Apc(userApc, context);
        apcs.add(apc);
        // After it: whoever ends that drops what is queued, and may have looked just before. What runs already has run.
        if (!allowed.getAsBoolean() && apcs.removeIf(queued -> queued == apc)) {
            return false;
        }
        if (alertable) {
            unpark();
        }
        return true;
    }

    /** {@return the next procedure, null if none is queued} */
    Apc nextApc() {
        return apcs.poll();
    }

    /** Drops what is queued; for any thread. */
    void dropApcs() {
        apcs.clear();
    }

    Object part(int index) {
        return index < parts.length ? parts[index] : null;
    }

    Object part(int index, Object part) {
        if (index >= parts.length) {
            parts = Arrays.copyOf(parts, index + 1);
        }
        parts[index] = part;
        return part;
    }

    @Override
    public String toString() {
        return "host thread " + thread.getName() + "#" + thread.threadId();
    }

    record Apc(UserApc procedure, Object context) {
    }
}
