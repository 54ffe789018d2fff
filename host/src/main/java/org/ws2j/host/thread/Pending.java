package org.ws2j.host.thread;

/** Something that a thread waits for; see {@link HostThread#await}. */
@FunctionalInterface
public interface Pending {
    /** {@return whether to go on waiting; asked by the waiting thread after each wake-up} */
    boolean isPending();

    /**
     * Returns how long the thread may sleep before it asks again although nobody woke it.
     *
     * @return nanoseconds; {@link Long#MAX_VALUE}, the default, for no limit
     */
    default long recheckNanos() {
        return Long.MAX_VALUE;
    }

    /**
     * Tells whether the thread wakes up by the clock only to ask again whether another thread has ended.
     *
     * @return true for {@link #recheckNanos} in a wait that has no time-out
     */
    default boolean waitsForAnEnd() {
        return false;
    }
}
