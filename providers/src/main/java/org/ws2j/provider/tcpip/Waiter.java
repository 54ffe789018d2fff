package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import org.ws2j.provider.base.BlockingCall;

/**
 * How a thread waits for the channel of a socket: one synchronous wait at a time.
 *
 * <p>Whoever holds it waits; others may wake it. An interrupt does not end a wait: it is kept, and handed back by {@link #rest()}.
 */
abstract sealed class Waiter permits SelectorWaiter, ThreadWaiter {
    /** Of the present wait; null before the first that uses it. */
    private BlockingCall call;

    private boolean interrupted;

    /** Whether an interrupt came when there was nothing to be done about it, which may change. */
    private boolean isUnanswered;

    /** {@return the call that waits, to be begun} */
    final BlockingCall call(Network network) {
        if (call == null) {
            call = new BlockingCall(network);
        }
        return call;
    }

    /**
     * Waits until the channel is ready, this is woken, the time has passed, or for no reason.
     *
     * @param channel what is waited for
     * @param operations for which of them, as selection key operations
     * @param nanos how long; {@link Long#MAX_VALUE} for no limit
     * @param ifInterrupted what the thread does if it was interrupted, before it waits (on) with the next call; null for nothing
     */
    abstract void await(SelectableChannel channel, int operations, long nanos, Runnable ifInterrupted)
            throws IOException;

    /** Ends the present or the next wait; from any thread. */
    abstract void wake();

    /** Lets go of channels that were closed; from any thread. */
    abstract void flush() throws IOException;

    /** {@return whether there was an interrupt, and something to do about it} */
    final boolean takeInterrupt(Runnable action) {
        if (Thread.interrupted()) {
            interrupted = true;
            isUnanswered = true;
        }
        if (!isUnanswered || action == null) {
            return false;
        }
        isUnanswered = false;
        action.run();
        Thread.interrupted();
        return true;
    }

    /** Ends the holder's use of it for now: an interrupt that came meanwhile is the thread's again. */
    void rest() {
        isUnanswered = false;
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }
}
