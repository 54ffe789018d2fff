package org.ws2j.host.thread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock for a handful of instructions: whoever finds it taken spins, then yields, and never parks.
 *
 * <p>Its holder runs no foreign code, does not wait and does not unpark anybody, so it may be taken from any context. Not
 * reentrant. What happens before {@link #unlock} happens before the next {@link #lock} returns.
 */
public final class BriefLock {
    private static final VarHandle HELD = held();
    /** On one processor spinning is in vain; this many turns are fewer than a yield costs. */
    private static final int SPINS_PER_YIELD = 64;

    @SuppressWarnings("unused") // through HELD
    private int held;

    /** Makes a lock that is free. */
    public BriefLock() {
    }

    /** Takes the lock. */
    public void lock() {
        if (!HELD.compareAndSet(this, 0, 1)) {
            contend();
        }
    }

    /** Frees the lock, which the caller holds. */
    public void unlock() {
        assert (int) HELD.getOpaque(this) != 0 : "freed without being held";
        HELD.setRelease(this, 0);
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint only: the holder may have lost its processor
    private void contend() {
        int spins = 0;
        while ((int) HELD.getOpaque(this) != 0 || !HELD.compareAndSet(this, 0, 1)) {
            if (++spins % SPINS_PER_YIELD == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static VarHandle held() {
        try {
            return MethodHandles.lookup().findVarHandle(BriefLock.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
