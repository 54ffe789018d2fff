package org.ws2j.spi;

import java.util.concurrent.locks.LockSupport;

/** The clock that a host, its providers and layers go by; a test injects one that it moves itself. */
public interface HostClock {
    /** {@return a time in nanoseconds that only differences of are meaningful, as {@link System#nanoTime()}} */
    long nanoTime();

    /** {@return the wall-clock time in nanoseconds since 1970-01-01T00:00Z} */
    long epochNanos();

    /**
     * Parks the calling thread until it is unparked, interrupted, or the time has passed on this clock; may return for no
     * reason.
     *
     * @param blocker what the thread waits for, for monitoring
     * @param nanos nanoseconds; {@link Long#MAX_VALUE} for no limit
     */
    void parkNanos(Object blocker, long nanos);

    /**
     * Ends the park of a thread, or lets its next one return at once. A clock that decides which thread runs learns here who can.
     *
     * @param thread a thread that parks by this clock
     */
    default void unpark(Thread thread) {
        LockSupport.unpark(thread);
    }
}
