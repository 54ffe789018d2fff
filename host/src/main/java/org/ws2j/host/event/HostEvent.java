package org.ws2j.host.event;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ws2j.host.thread.BriefLock;
import org.ws2j.host.thread.HostThread;
import org.ws2j.spi.WsaEvent;

/**
 * An event, and at the same time its untagged handle.
 *
 * <pre>
 *   unsignaled --set--&gt; signaled --reset, or the wait that an auto-reset event ends--&gt; unsignaled
 *   open --close--&gt; closed: refused by every call; threads that wait go on waiting
 * </pre>
 */
final class HostEvent extends WsaEvent {
    private static final long NOBODY = -1;

    private final Object owner;
    private final long number;
    private final boolean manualReset;
    private final Runnable sink;
    private final WsaEvent tagged = new TaggedEvent(this);
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Guards the fields below. A waiting thread does not hold it. */
    private final BriefLock lock = new BriefLock();
    private final WaitQueue<AnyWait> anyWaits = new WaitQueue<>();
    private final WaitQueue<AllWait> allWaits = new WaitQueue<>();
    /** How many waits have come, to tell those before a set from those after it. */
    private long arrivals;
    /** Written under the lock; a wait that finds a manual-reset event signaled needs no more than to read it. */
    private volatile boolean signaled;

    HostEvent(Object owner, long number, boolean manualReset, boolean initialState, Runnable sink) {
        this.owner = owner;
        this.number = number;
        this.manualReset = manualReset;
        this.signaled = initialState;
        this.sink = sink;
    }

    /** {@return the event behind a handle if it is open and of this owner; null for anything else} */
    static HostEvent open(WsaEvent handle, Object owner) {
        return untagged(handle) instanceof HostEvent event && event.owner.equals(owner) && !event.closed.get()
                ? event
                : null;
    }

    private static Object untagged(Object handle) {
        return handle instanceof TaggedEvent view ? view.untagged() : handle;
    }

    /** {@return its place in the order of creation, which is the order in which locks of several events are taken} */
    long number() {
        return number;
    }

    BriefLock lock() {
        return lock;
    }

    Runnable sink() {
        return sink;
    }

    boolean isSignaled() {
        return signaled;
    }

    /** Signals, and wakes every thread that waits now; for an auto-reset event one of them. */
    void set() {
        long before = raise();
        if (before == NOBODY) {
            return;
        }
        for (HostThread thread = releaseNext(before); thread != null; thread = releaseNext(before)) {
            thread.unpark();
        }
        for (AllWait wait : candidates()) {
            wait.tryComplete();
        }
    }

    void reset() {
        lock.lock();
        signaled = false;
        lock.unlock();
    }

    /** {@return whether this call closed it} */
    boolean close() {
        return closed.compareAndSet(false, true);
    }

    /** Takes the signal if there is one; {@return whether there was} */
    boolean tryTake() {
        if (manualReset) {
            return signaled;
        }
        // Not read a second time: what is set meanwhile would be seen, and not taken.
        if (!signaled) {
            return false;
        }
        lock.lock();
        try {
            boolean taken = signaled;
            signaled = false;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the signal of an auto-reset event; the caller holds the lock, and a wait was satisfied by the signal. */
    void consume() {
        if (!manualReset) {
            signaled = false;
        }
    }

    /** Satisfies the wait if the event is signaled, puts it into the queue if not; {@return whether it did the latter} */
    boolean enlist(WaitBlock<AnyWait> block) {
        lock.lock();
        try {
            if (!signaled) {
                block.sequence = ++arrivals;
                anyWaits.add(block);
                return true;
            }
            if (block.wait.claim(block.index)) {
                consume();
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    void delist(WaitBlock<AnyWait> block) {
        lock.lock();
        anyWaits.remove(block);
        lock.unlock();
    }

    void enlistForAll(WaitBlock<AllWait> block) {
        lock.lock();
        allWaits.add(block);
        lock.unlock();
    }

    void delistForAll(WaitBlock<AllWait> block) {
        lock.lock();
        allWaits.remove(block);
        lock.unlock();
    }

    int waiters() {
        lock.lock();
        try {
            return anyWaits.size() + allWaits.size();
        } finally {
            lock.unlock();
        }
    }

    /** {@return up to which arrival waits are to be released; {@link #NOBODY} if there is nothing to release} */
    private long raise() {
        lock.lock();
        try {
            if (signaled) {
                return NOBODY;
            }
            signaled = true;
            return anyWaits.isEmpty() && allWaits.isEmpty() ? NOBODY : arrivals;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Satisfies the first wait that is still undecided. One at a time, so that threads are unparked outside the lock and
     * nothing is allocated; the number keeps waits out that came after a reset meanwhile.
     */
    private HostThread releaseNext(long before) {
        lock.lock();
        try {
            WaitBlock<AnyWait> block = anyWaits.first();
            while (block != null && block.sequence <= before && (manualReset || signaled)) {
                anyWaits.remove(block);
                if (block.wait.claim(block.index)) {
                    consume();
                    return block.wait.thread();
                }
                block = anyWaits.first();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private List<AllWait> candidates() {
        lock.lock();
        try {
            return allWaits.isEmpty() ? List.of() : allWaits.waits();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public WsaEvent tagged() {
        return tagged;
    }

    @Override
    public WsaEvent untagged() {
        return this;
    }

    @Override
    public boolean isTagged() {
        return false;
    }

    /** Both handles of an event are equal. */
    @Override
    public boolean equals(Object other) {
        return untagged(other) instanceof HostEvent event && event.number == number && event.owner.equals(owner);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }

    @Override
    public String toString() {
        return "event " + number + (manualReset ? " (manual reset" : " (auto reset") + (signaled ? ", signaled" : "")
                + (closed.get() ? ", closed)" : ")");
    }
}
