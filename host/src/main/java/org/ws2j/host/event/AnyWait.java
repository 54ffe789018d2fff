package org.ws2j.host.event;

import java.util.Arrays;
import java.util.List;
import org.ws2j.host.thread.HostThread;

/**
 * A wait for one of several events.
 *
 * <p>Each thread has one and uses it again and again. That is safe because an event touches a wait only under its lock and
 * only while the wait's block is in its queue, and {@link #end} has taken every block out when it returns.
 */
final class AnyWait extends WaitState {
    private WaitBlock<AnyWait>[] blocks = grown(0, 1);
    private int enlisted;

    AnyWait(HostThread thread) {
        super(thread);
    }

    void begin() {
        enlisted = 0;
        restart();
    }

    /**
     * Puts the wait into the queue of its next event, or takes the event's signal at once.
     *
     * @return whether to go on with further events; false when the wait is decided
     */
    boolean enlist(HostEvent event) {
        if (enlisted == blocks.length) {
            blocks = grown(enlisted, enlisted * 2);
        }
        WaitBlock<AnyWait> block = blocks[enlisted++];
        block.event = event;
        return event.enlist(block);
    }

    /** Puts the wait into the queues of events, in order, unless one that is signaled decides it first. */
    void enlist(List<HostEvent> events) {
        for (HostEvent event : events) {
            if (!enlist(event)) {
                return;
            }
        }
    }

    /** Leaves all queues. */
    void end() {
        if (isPending()) {
            cancel();
        }
        int satisfiedBy = satisfiedBy();
        for (int i = 0; i < enlisted; i++) {
            WaitBlock<AnyWait> block = blocks[i];
            // Who claimed a wait by an event has taken its block out before.
            if (i != satisfiedBy) {
                block.event.delist(block);
            }
            block.event = null;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
    private WaitBlock<AnyWait>[] grown(int from, int to) {
        WaitBlock<AnyWait>[] result = from == 0 ? new WaitBlock[to] : Arrays.copyOf(blocks, to);
        for (int i = from; i < to; i++) {
            result[i] = new WaitBlock<>(this, i);
        }
        return result;
    }
}
