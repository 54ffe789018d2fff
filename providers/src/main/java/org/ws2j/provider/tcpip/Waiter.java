package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A selector for one synchronous wait at a time.
 *
 * <p>Whoever holds it waits; others may wake it. Its last channel stays registered, so that the next wait on the same
 * channel costs no registration. An interrupt does not end a wait: it is kept, and handed back by {@link #rest()}.
 */
final class Waiter {
    private final SharedSelector selector;

    /** Of the one channel that is waited for, where it is one. */
    private SelectionKey key;

    /** What was found ready, where several are waited for. */
    private final Map<SelectableChannel, Integer> ready = new HashMap<>();

    private final Consumer<SelectionKey> note = this::note;
    private boolean interrupted;

    Waiter(Selector selector) {
        this.selector = new SharedSelector(selector);
    }

    /** Makes the next {@link #await} wait for one channel alone. */
    void watch(SelectableChannel channel, int operations) throws IOException {
        if (key != null && key.channel() == channel && key.isValid()) {
            if (key.interestOps() != operations) {
                key.interestOps(operations);
            }
            return;
        }
        key = null;
        if (selector.clear()) {
            selector.wake(); // That may have taken a wake-up: the caller is known to the socket already.
        }
        key = selector.register(channel, operations, null);
    }

    /** Makes the next {@link #await} wait for one more channel. */
    void watchAlso(SelectableChannel channel, int operations) throws IOException {
        selector.register(channel, operations, ready);
    }

    /** {@return what the last {@link #await} found ready on one of several channels, as selection key operations} */
    int ready(SelectableChannel channel) {
        return ready.getOrDefault(channel, 0);
    }

    /**
     * Waits until a channel is ready, this is woken, the time has passed, or for no reason.
     *
     * @param nanos how long; 0 not to wait, {@link Long#MAX_VALUE} for no limit
     */
    void await(long nanos) throws IOException {
        ready.clear();
        interrupted |= Thread.interrupted(); // A set status would let select return at once, again and again.
        selector.select(nanos, note);
        interrupted |= Thread.interrupted();
    }

    private void note(SelectionKey found) {
        if (found.attachment() == ready) {
            ready.put(found.channel(), SharedSelector.readyOps(found));
        }
    }

    /** Ends the present or the next wait; from any thread. */
    void wake() {
        selector.wake();
    }

    /** Lets go of channels that were closed; from any thread. */
    void flush() throws IOException {
        selector.flush();
    }

    /** Ends the holder's use of it for now: an interrupt that came meanwhile is the thread's again. */
    void rest() {
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    /** Takes every channel out, before it lies unused. */
    void forget() throws IOException {
        key = null;
        ready.clear();
        selector.clear();
    }

    void close() throws IOException {
        selector.close();
    }
}
