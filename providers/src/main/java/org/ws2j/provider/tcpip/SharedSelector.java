package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A selector at which one thread waits, and from which another one can take closed channels at once.
 *
 * <p>A channel that is closed keeps its descriptor, and its port, until every selector that knows it has selected once more.
 * The closing thread cannot wait for the selecting one, which may be in foreign code that waits for the closing one; so it
 * selects itself: it ends the other's select, and gets in between.
 */
final class SharedSelector {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Selector selector;

    /** Held during a select; fair, so that a flushing thread gets in before the next one. */
    private final ReentrantLock selectLock = new ReentrantLock(true);

    /** How many threads are about to flush: no select waits then. */
    private final AtomicInteger flushers = new AtomicInteger();

    SharedSelector(Selector selector) {
        this.selector = selector;
    }

    SelectionKey register(SelectableChannel channel, int operations, Object attachment) throws IOException {
        return channel.register(selector, operations, attachment);
    }

    /**
     * Selects once.
     *
     * @param nanos how long to wait; 0 not at all, {@link Long#MAX_VALUE} without limit
     * @param ready gets the keys that are ready, under the selector's locks
     */
    void select(long nanos, Consumer<SelectionKey> ready) throws IOException {
        selectLock.lock();
        try {
            if (nanos <= 0 || flushers.get() > 0) {
                selector.selectNow(ready);
            } else if (nanos == Long.MAX_VALUE) {
                selector.select(ready);
            } else {
                selector.select(ready, (nanos - 1) / NANOS_PER_MILLI + 1);
            }
        } finally {
            selectLock.unlock();
        }
    }

    /** Ends the present or the next select; from any thread. */
    void wake() {
        selector.wakeup();
    }

    /** Lets go of cancelled keys, at once; from any thread. */
    void flush() throws IOException {
        flushers.incrementAndGet();
        selector.wakeup();
        selectLock.lock();
        try {
            if (selector.isOpen()) {
                selector.selectNow(key -> {}); // What is ready stays ready: the other thread finds it again.
            }
        } finally {
            selectLock.unlock();
            flushers.decrementAndGet();
        }
    }

    /** Cancels every key. */
    void cancelAll() {
        for (SelectionKey key : selector.keys()) {
            key.cancel();
        }
    }

    boolean isEmpty() {
        return selector.keys().isEmpty();
    }

    void close() throws IOException {
        selector.close();
    }
}
