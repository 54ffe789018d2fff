package org.ws2j.provider.memory;

import org.ws2j.spi.HostClock;
import org.ws2j.spi.WinsockException;

/**
 * The lock of one connection, which both ends share, or of one socket without a connection; and what is to be delivered when
 * it is free again.
 *
 * <p>It is its own monitor, and guards the state of its sockets, their queues and what lies on the way between them. The end
 * that connects has it from the start; the other end is made with it.
 *
 * <p>What finishes under it is delivered by {@link #deliver}, which the thread that caused it calls with no lock held. A
 * thread that delivers, and causes more on the same wire from inside an indication, goes on with that when it comes back: so
 * two ends that answer each other's completions do so in turns, and not deeper and deeper.
 */
final class Wire {
    /** The end that has connected, or the only socket. */
    private volatile MemorySocket one;

    /** The end that was connected to; null as long as there is none. */
    private volatile MemorySocket other;

    /** Finished synchronous transfers whose threads are to be woken. */
    private final TransferQueue woken = new TransferQueue();

    /** Finished overlapped transfers that are to be indicated. */
    private final TransferQueue done = new TransferQueue();

    /** The thread that indicates; null for none. Others that have something to indicate do so beside it. */
    private Thread deliverer;

    private volatile boolean pending;

    void attach(MemorySocket socket) {
        if (one == null) {
            one = socket;
        } else {
            other = socket;
        }
    }

    /** Takes back what {@link #attach} did last: the connection did not come about. */
    void detachOther() {
        other = null;
    }

    /** Gives a transfer its outcome; this is held. */
    void finish(Transfer t, WinsockException failure) {
        t.failure = failure;
        t.finished = true;
        if (t.starting) {
            return;
        }
        if (t.parked != null) {
            woken.add(t);
        } else {
            done.add(t);
        }
        pending = true;
    }

    /** Gives a transfer the outcome that its own side has ended; this is held. */
    void abort(Transfer t) {
        finish(t, t.socket.aborted(t));
    }

    /** Wakes, indicates and reports what is due; the caller holds no lock. */
    void deliver() {
        if (pending) {
            deliverTransfers();
        }
        one.events.deliver();
        MemorySocket second = other;
        if (second != null) {
            second.events.deliver();
        }
    }

    private void deliverTransfers() {
        Thread self = Thread.currentThread();
        Transfer awake;
        Transfer over = null;
        boolean mine = false;
        synchronized (this) {
            awake = woken.takeAll();
            if (deliverer != self) {
                over = done.takeAll();
                mine = over != null && deliverer == null;
                deliverer = mine ? self : deliverer;
                pending = false;
            }
        }
        wake(awake);
        try {
            while (over != null) {
                indicateAll(over);
                synchronized (this) {
                    over = done.takeAll();
                }
            }
        } finally {
            if (mine) {
                synchronized (this) {
                    deliverer = null;
                }
            }
        }
    }

    /** After it was delivered a transfer is its thread's, to be used again at once. */
    private static void wake(Transfer first) {
        Transfer t = first;
        while (t != null) {
            Transfer next = t.next;
            Thread thread = t.parked;
            HostClock clock = t.socket.stack.services().clock();
            t.next = null;
            t.over = true;
            clock.unpark(thread);
            t = next;
        }
    }

    private static void indicateAll(Transfer first) {
        Transfer t = first;
        while (t != null) {
            Transfer next = t.next;
            t.next = null;
            t.socket.indicate(t);
            t = next;
        }
    }
}
