package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
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

    /** {@return the key of a channel, null if it is not registered} */
    SelectionKey keyOf(SelectableChannel channel) {
        return channel.keyFor(selector);
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

    /** {@return what a selected key is ready for; 0 if another thread has closed its channel since} */
    static int readyOps(SelectionKey key) {
        try {
            return key.readyOps();
        } catch (CancelledKeyException e) {
            return 0;
        }
    }

    /** Ends the present or the next select; from any thread. */
    void wake() {
        selector.wakeup();
    }

    /**
     * Lets go of cancelled keys, at once; from any thread. The next select ends at once: this one may have taken the wake-up
     * that was meant for the selecting thread, which has to look at its channels' state.
     */
    void flush() throws IOException {
        flush(false);
    }

    /** As {@link #flush}, and no cancelled key is left: another thread may be in the middle of cancelling one, which is not seen yet. */
    void flushAll() throws IOException {
        while (flush(true)) {
            Thread.onSpinWait();
        }
    }

    /** {@return whether a cancelled key is left, where that is asked} */
    private boolean flush(boolean asks) throws IOException {
        flushers.incrementAndGet();
        selector.wakeup();
        selectLock.lock();
        try {
            if (!selector.isOpen()) {
                return false; // It has let go of all.
            }
            selector.selectNow(key -> {}); // What is ready stays ready: the other thread finds it again.
            selector.wakeup();
            return asks && selector.keys().stream().anyMatch(key -> !key.isValid());
        } finally {
            selectLock.unlock();
            flushers.decrementAndGet();
        }
    }

    /**
     * Cancels every key, and lets go of them: when this returns there are none, although another thread may have been in the middle
     * of closing a channel.
     *
     * @return whether there were any
     */
    boolean clear() throws IOException {
        if (selector.keys().isEmpty()) {
            return false;
        }
        cancelAll();
        while (!selector.keys().isEmpty()) {
            Thread.onSpinWait();
            cancelAll();
        }
        return true;
    }

    private void cancelAll() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.cancel();
        }
        select(0, key -> {});
    }

    /** Lets go of all keys, when nobody waits in a select; whoever flushes is not disturbed, or finds it done. */
    void close() throws IOException {
        selectLock.lock();
        try {
            selector.close();
        } finally {
            selectLock.unlock();
        }
    }
}
