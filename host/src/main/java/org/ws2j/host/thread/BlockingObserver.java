package org.ws2j.host.thread;

/**
 * Learns when a thread stops working for a while: a completion port, which counts the threads that work on its packets.
 *
 * <p>Called on that thread, without a lock of the host, and in pairs.
 */
public interface BlockingObserver {
    /** The thread is about to wait. */
    void blocked();

    /** The thread goes on. */
    void unblocked();
}
