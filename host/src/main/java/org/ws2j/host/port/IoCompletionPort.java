package org.ws2j.host.port;

import org.ws2j.host.port.PortThread.State;
import org.ws2j.host.thread.BriefLock;
import org.ws2j.host.thread.HostThread;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.WsaOverlapped;

/**
 * A completion port.
 *
 * <p>Posting and taking are one round of the lock each, and no other write that other processors have to see at once, as long
 * as no thread waits and the taking thread comes back for more: what its state would be is what it is.
 *
 * <p>A thread counts as running from the packet it takes until it comes for the next one, ends, or goes to another port; not
 * while it is inside one of the host's own waits. Whenever the lock is free, no thread waits while there is a packet and
 * fewer threads run than may. A thread that has waited may exceed that number when it goes on.
 *
 * <p>That a running thread has ended is told to nobody. So while packets and waiting threads are held up by running ones, one
 * waiting thread is the <i>watcher</i>, and looks from time to time whether they still live.
 */
final class IoCompletionPort extends CompletionPort {
    private static final int FIRST_SWEEP = 64;

    private final Object owner;
    private final long number;
    private final int concurrency;

    /** Guards everything below, and the fields of threads at this port that say so. */
    private final BriefLock lock = new BriefLock();
    private final PacketRing packets = new PacketRing();
    private final ThreadList waiting = new ThreadList();
    private final RunningThreads running = new RunningThreads();

    /** How many run when those that have ended are looked for: without a limit that matters nobody else does. */
    private int sweepAt = FIRST_SWEEP;

    private volatile PortThread watcher;
    private volatile boolean closed;

    IoCompletionPort(Object owner, long number, int concurrency) {
        this.owner = owner;
        this.number = number;
        this.concurrency = concurrency;
    }

    boolean isOpenIn(Object host) {
        return owner.equals(host) && !closed;
    }

    /** {@return false if the port is closed} */
    boolean post(int bytes, Object key, WsaOverlapped overlapped, int error) {
        HostThread next;
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            packets.add(bytes, key, overlapped, error);
            next = next();
        } finally {
            lock.unlock();
        }
        wake(next);
        return true;
    }

    /**
     * Takes a packet if one is there, and the calling thread runs and may go on: what a busy thread does, without a look at
     * its record, and without leaving its place and taking it again.
     *
     * @return false if {@link #take} has to decide
     */
    boolean takeRunning(CompletionPacket packet) {
        PortThread thread = running.current();
        if (thread == null) {
            return false;
        }
        lock.lock();
        try {
            boolean takes = keepsPlace(thread) && !packets.isEmpty();
            if (takes) {
                packets.moveTo(packet);
            }
            return takes;
        } finally {
            lock.unlock();
        }
    }

    /** The same for as many packets as there are; {@return how many, 0 if {@link #take} has to decide} */
    int takeRunning(CompletionPacket[] target) {
        PortThread thread = running.current();
        if (thread == null) {
            return 0;
        }
        lock.lock();
        try {
            return keepsPlace(thread) ? moveTo(target, 0) : 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a packet; the thread comes back by this.
     *
     * @param wait whether to enter the waiting threads if there is none to take
     * @return {@link State#GIVEN}; {@link State#WAITING}, or {@link State#IDLE} without wait; {@link State#ABANDONED} if the
     *     port is closed
     */
    State take(PortThread thread, CompletionPacket packet, boolean wait) {
        HostThread next;
        State state;
        lock.lock();
        try {
            if (closed) {
                return State.ABANDONED;
            }
            leaveRunning(thread);
            if (isHeldUp()) {
                dropEnded();
            }
            thread.packet = packet;
            if (mayRelease()) {
                give(thread);
            } else if (wait) {
                thread.state = State.WAITING;
                waiting.push(thread);
            } else {
                thread.packet = null;
                thread.state = State.IDLE;
            }
            state = thread.state;
            next = next();
        } finally {
            lock.unlock();
        }
        wake(next);
        return state;
    }

    /** Takes what is there for a thread that has been given the first; {@return how many in all} */
    int takeMore(CompletionPacket[] target) {
        lock.lock();
        try {
            return moveTo(target, 1);
        } finally {
            lock.unlock();
        }
    }

    /** Ends a thread's waiting; false if the port has decided it already. */
    boolean cancel(PortThread thread) {
        HostThread next;
        lock.lock();
        try {
            if (thread.state != State.WAITING) {
                return false;
            }
            leaveWaiting(thread, State.IDLE);
            next = next();
        } finally {
            lock.unlock();
        }
        wake(next);
        return true;
    }

    /** The thread gives its place up; {@return whether it had one} */
    boolean stopRunning(PortThread thread) {
        HostThread next;
        lock.lock();
        try {
            if (!leaveRunning(thread)) {
                return false;
            }
            next = next();
        } finally {
            lock.unlock();
        }
        wake(next);
        return true;
    }

    /** The thread goes on after it was blocked, whether there is a place or not. */
    void resumeRunning(PortThread thread) {
        lock.lock();
        try {
            if (!closed) {
                enterRunning(thread);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isWatchedBy(PortThread thread) {
        return watcher == thread;
    }

    /** For the watcher. */
    void releasePlacesOfEnded() {
        HostThread next;
        lock.lock();
        try {
            dropEnded();
            if (packets.isEmpty()) {
                watcher = null;
            }
            next = next();
        } finally {
            lock.unlock();
        }
        wake(next);
    }

    /** {@return how many threads have a place, ended ones included that were not looked for yet} */
    int runningThreads() {
        lock.lock();
        try {
            return running.size();
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether this call closed it} */
    boolean close() {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            packets.clear();
            while (running.last() != null) {
                leaveRunning(running.last());
            }
        } finally {
            lock.unlock();
        }
        for (HostThread thread = abandonOne(); thread != null; thread = abandonOne()) {
            thread.unpark();
        }
        return true;
    }

    private HostThread abandonOne() {
        lock.lock();
        try {
            PortThread thread = waiting.top();
            if (thread == null) {
                return null;
            }
            leaveWaiting(thread, State.ABANDONED);
            return thread.thread();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes threads outside the lock, one after the other, until none is left to wake. */
    private void wake(HostThread first) {
        HostThread thread = first;
        while (thread != null) {
            thread.unpark();
            // Without the lock: whoever makes a yes a no afterwards sees to those that he has to wake himself.
            thread = hasNobodyToServe() ? null : nextLocked();
        }
    }

    private HostThread nextLocked() {
        lock.lock();
        try {
            return next();
        } finally {
            lock.unlock();
        }
    }

    /** Hands a packet over, or appoints a watcher; {@return the thread to wake, null if there is nothing more to do} */
    private HostThread next() {
        return hasNobodyToServe() ? null : serve(waiting.top());
    }

    private boolean hasNobodyToServe() {
        return waiting.isEmpty() || packets.isEmpty();
    }

    private HostThread serve(PortThread last) {
        if (mayRelease()) {
            leaveWaiting(last, State.GIVEN);
            give(last);
            return last.thread();
        }
        if (watcher == null) {
            // The one that will be served last has the most time for it. It begins at once with a look.
            watcher = waiting.bottom();
            return watcher.thread();
        }
        return null;
    }

    private boolean mayRelease() {
        return !packets.isEmpty() && running.size() < concurrency;
    }

    private boolean isHeldUp() {
        return !packets.isEmpty() && running.size() >= concurrency;
    }

    /** {@return whether a thread that comes back may have the next packet, its place being no other's yet} */
    private boolean keepsPlace(PortThread thread) {
        return thread.running && running.size() <= concurrency;
    }

    private int moveTo(CompletionPacket[] target, int from) {
        int taken = from;
        while (taken < target.length && !packets.isEmpty()) {
            packets.moveTo(target[taken++]);
        }
        return taken;
    }

    private void dropEnded() {
        PortThread thread = running.last();
        while (thread != null) {
            PortThread below = thread.below;
            if (!thread.thread().isAlive()) {
                leaveRunning(thread);
            }
            thread = below;
        }
    }

    private void give(PortThread thread) {
        packets.moveTo(thread.packet);
        thread.packet = null;
        if (running.size() >= sweepAt) {
            dropEnded();
            sweepAt = Math.max(FIRST_SWEEP, 2 * running.size());
        }
        enterRunning(thread);
        // Last: from here on the thread goes on without the lock.
        thread.state = State.GIVEN;
    }

    private void leaveWaiting(PortThread thread, State newState) {
        waiting.remove(thread);
        if (watcher == thread) {
            watcher = null;
        }
        if (newState != State.GIVEN) {
            thread.packet = null;
            thread.state = newState;
        }
    }

    private void enterRunning(PortThread thread) {
        thread.running = true;
        running.add(thread);
    }

    private boolean leaveRunning(PortThread thread) {
        boolean ran = thread.running;
        if (ran) {
            thread.running = false;
            running.remove(thread);
        }
        return ran;
    }

    @Override
    public String toString() {
        return "completion port " + number + (closed ? " (closed)" : "");
    }
}
