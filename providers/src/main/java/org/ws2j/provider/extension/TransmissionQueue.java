package org.ws2j.provider.extension;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The overlapped transmissions of one socket: one after the other, in the order of their calls.
 *
 * <p>Whoever gives the first a turn makes it, and also those turns that others have given meanwhile: completions that come
 * before the call that started them has returned make the loop longer, and never the stack deeper.
 */
final class TransmissionQueue {
    /** The identity of the socket when the first one came: another one may take its place in the last one. */
    private final Object identity;

    /** Guarded by itself. */
    private final ArrayDeque<Transmission> waiting = new ArrayDeque<>(1);

    private final AtomicInteger turns = new AtomicInteger();

    TransmissionQueue(Object identity) {
        this.identity = identity;
    }

    Object identity() {
        return identity;
    }

    /** {@return whether it is the first, and needs its first turn} */
    boolean add(Transmission t) {
        synchronized (waiting) {
            t.queue(this);
            waiting.add(t);
            return waiting.size() == 1;
        }
    }

    boolean isEmpty() {
        synchronized (waiting) {
            return waiting.isEmpty();
        }
    }

    /** Gives the first one a turn: it is new there, or its part is over. */
    void go() {
        if (turns.getAndIncrement() > 0) {
            return;
        }
        do {
            Transmission first = first();
            if (first.turn()) {
                leave(first);
            }
        } while (turns.decrementAndGet() > 0);
    }

    private Transmission first() {
        synchronized (waiting) {
            return waiting.getFirst();
        }
    }

    private void leave(Transmission over) {
        synchronized (waiting) {
            waiting.removeFirst();
            if (!waiting.isEmpty()) {
                turns.incrementAndGet();
            }
        }
        over.conclude();
    }
}
