package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/**
 * Waits by a selector, for one channel or several. Its last channel stays registered, so that the next wait on the same channel
 * costs no registration.
 */
final class SelectorWaiter extends Waiter {
    /** What a channel is watched for and was found ready for, as selection key operations; attached to its key. */
    private static final class Found {
        int watched;
        int ready;

        /** The number of the wait that the one is for, and the other from. */
        int watchedIn;

        int readyIn;
    }

    private final SharedSelector selector;

    /** Of the one channel that is waited for, where it is one. */
    private SelectionKey key;

    /** Counts the waits: what belongs to an earlier one needs no clearing. */
    private int waits;

    private final Consumer<SelectionKey> note = this::note;

    SelectorWaiter(Selector selector) {
        this.selector = new SharedSelector(selector);
    }

    @Override
    void await(SelectableChannel channel, int operations, long nanos, Runnable ifInterrupted) throws IOException {
        watch(channel, operations);
        await(nanos, ifInterrupted);
    }

    /** Makes the next {@link #await} wait for one channel alone. */
    void watch(SelectableChannel channel, int operations) throws IOException {
        if (key != null && key.channel() == channel && key.isValid()) {
            watch(key, operations);
            return;
        }
        key = null;
        if (selector.clear()) {
            selector.wake(); // That may have taken a wake-up: the caller is known to the socket already.
        }
        key = register(channel, operations);
    }

    private SelectionKey register(SelectableChannel channel, int operations) throws IOException {
        SelectionKey made = selector.register(channel, operations, new Found());
        watch(made, operations);
        return made;
    }

    private void watch(SelectionKey known, int operations) {
        Found found = (Found) known.attachment();
        found.watched = operations;
        found.watchedIn = waits;
        known.interestOps(operations);
    }

    /** Makes the next {@link #await} wait for one more channel, or for more of one that it waits for already. */
    void watchAlso(SelectableChannel channel, int operations) throws IOException {
        SelectionKey known = selector.keyOf(channel);
        if (known == null) {
            register(channel, operations);
            return;
        }
        Found found = (Found) known.attachment();
        watch(known, found.watchedIn == waits ? found.watched | operations : operations);
    }

    /** {@return what the last {@link #await} has found a channel ready for, as selection key operations} */
    int ready(SelectableChannel channel) {
        SelectionKey known = selector.keyOf(channel);
        Found found = known == null ? null : (Found) known.attachment();
        return found != null && found.readyIn == waits ? found.ready : 0;
    }

    /**
     * Waits until a watched channel is ready, this is woken, the time has passed, or for no reason.
     *
     * @param nanos how long; 0 not to wait, {@link Long#MAX_VALUE} for no limit
     * @param ifInterrupted what the thread does if it was interrupted, before it waits (on) with the next call; null for nothing
     */
    void await(long nanos, Runnable ifInterrupted) throws IOException {
        waits++;
        if (takeInterrupt(ifInterrupted)) { // A set status would let select return at once, again and again.
            return;
        }
        selector.select(nanos, note);
        takeInterrupt(ifInterrupted);
    }

    private void note(SelectionKey found) {
        Found here = (Found) found.attachment();
        here.ready = SharedSelector.readyOps(found);
        here.readyIn = waits;
    }

    @Override
    void wake() {
        selector.wake();
    }

    @Override
    void flush() throws IOException {
        selector.flushAll();
    }

    @Override
    void rest() {
        waits++; // What was found is of no concern to the next holder.
        super.rest();
    }

    /** Takes every channel out, before it lies unused. */
    void forget() throws IOException {
        key = null;
        selector.clear();
    }

    void close() throws IOException {
        selector.close();
    }
}
