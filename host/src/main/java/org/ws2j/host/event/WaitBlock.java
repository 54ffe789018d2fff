package org.ws2j.host.event;

/** The place of one wait in the queue of one event. Its links belong to the event's lock. */
final class WaitBlock<W> {
    final W wait;
    /** Which of the wait's events this is. */
    final int index;

    /** Null while the block is not in use; belongs to the waiting thread. */
    HostEvent event;
    WaitBlock<W> previous;
    WaitBlock<W> next;
    boolean linked;
    /** When it was put into the queue, as the event counts. */
    long sequence;

    WaitBlock(W wait, int index) {
        this.wait = wait;
        this.index = index;
    }
}
