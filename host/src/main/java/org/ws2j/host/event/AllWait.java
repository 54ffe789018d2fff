package org.ws2j.host.event;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ws2j.host.thread.HostThread;

/**
 * A wait for all of several events at one moment.
 *
 * <p>Made for one wait: whoever sets one of the events tries to complete it after having left the event's lock, when it may
 * be over already.
 */
final class AllWait extends WaitState {
    /** In the order in which their locks are taken. */
    private final List<HostEvent> events;
    private final List<WaitBlock<AllWait>> blocks = new ArrayList<>();

    AllWait(HostThread thread, List<HostEvent> events) {
        super(thread);
        this.events = events.stream().sorted(Comparator.comparingLong(HostEvent::number)).toList();
    }

    /** Enters all queues; events that are set from now on complete the wait. */
    void begin() {
        for (HostEvent event : events) {
            WaitBlock<AllWait> block = new WaitBlock<>(this, 0);
            block.event = event;
            blocks.add(block);
            event.enlistForAll(block);
        }
    }

    /** Leaves all queues. */
    void end() {
        if (isPending()) {
            cancel();
        }
        for (WaitBlock<AllWait> block : blocks) {
            block.event.delistForAll(block);
        }
    }

    /** Satisfies the wait if all events are signaled now; touches none of them otherwise. */
    void tryComplete() {
        for (HostEvent event : events) {
            event.lock().lock();
        }
        boolean completed;
        try {
            completed = allSignaled() && claim(0);
            if (completed) {
                events.forEach(HostEvent::consume);
            }
        } finally {
            for (HostEvent event : events) {
                event.lock().unlock();
            }
        }
        if (completed) {
            thread().unpark();
        }
    }

    private boolean allSignaled() {
        for (HostEvent event : events) {
            if (!event.isSignaled()) {
                return false;
            }
        }
        return true;
    }
}
