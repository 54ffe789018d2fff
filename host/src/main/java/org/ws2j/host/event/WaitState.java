package org.ws2j.host.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.ws2j.host.thread.HostThread;
import org.ws2j.host.thread.Pending;

/**
 * The outcome of one wait, decided once: by whoever sets an event, or by the waiting thread itself.
 *
 * <pre>
 *   WAITING --claim(i)--&gt; i         satisfied by the event at index i (0 in a wait for all)
 *   WAITING --cancel()--&gt; CANCELLED time-out or queued procedure; no event may be consumed any more
 * </pre>
 */
abstract class WaitState implements Pending {
    private static final int WAITING = -1;
    private static final int CANCELLED = -2;
    private static final VarHandle OUTCOME = outcome();

    private final HostThread thread;
    private volatile int outcome = WAITING;

    WaitState(HostThread thread) {
        this.thread = thread;
    }

    final HostThread thread() {
        return thread;
    }

    @Override
    public final boolean isPending() {
        return outcome == WAITING;
    }

    /** Satisfies the wait; false if it is decided already. */
    final boolean claim(int index) {
        return OUTCOME.compareAndSet(this, WAITING, index);
    }

    /** Ends the wait unsatisfied; false if it is decided already. */
    final boolean cancel() {
        return OUTCOME.compareAndSet(this, WAITING, CANCELLED);
    }

    /** {@return the index that the wait was satisfied by; negative if it was not} */
    final int satisfiedBy() {
        return outcome;
    }

    /** Only while no event knows of this wait. */
    final void restart() {
        outcome = WAITING;
    }

    private static VarHandle outcome() {
        try {
            return MethodHandles.lookup().findVarHandle(WaitState.class, "outcome", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
