package org.ws2j.host.event;

import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.ws2j.host.thread.Fatal;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.ThreadSlot;
import org.ws2j.host.thread.WaitEnd;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;

/**
 * The events of one host.
 *
 * <p>Implementation note: whoever sets an event decides the waits that it satisfies, under the event's own brief lock, and
 * the woken thread only reads the outcome. So a set followed by a reset at once releases every thread that waited, and a
 * signal of an auto-reset event goes to one thread without a race among those it wakes.
 */
public final class EventWaits implements Waits {
    private final HostThreads threads;
    private final Object identity = new Object();
    private final ThreadSlot<AnyWait> anyWaits;
    private final AtomicLong lastNumber = new AtomicLong();
    private final Set<HostEvent> open = ConcurrentHashMap.newKeySet();
    private final Set<HostEvent> closedWhileWaitedFor = ConcurrentHashMap.newKeySet();

    /**
     * Makes the events of a host.
     *
     * @param threads the threads of the host
     */
    public EventWaits(HostThreads threads) {
        this.threads = threads;
        this.anyWaits = threads.newSlot(AnyWait::new);
    }

    @Override
    public WsaEvent createEvent(boolean manualReset, boolean initialState) {
        return create(manualReset, initialState, null);
    }

    @Override
    public WsaEvent createEvent(Runnable sink) throws WinsockException {
        if (sink == null) {
            throw new WinsockException(WSAEFAULT, "no sink");
        }
        return create(true, false, sink);
    }

    @Override
    public void setEvent(WsaEvent event) throws WinsockException {
        signal(opened(event));
    }

    /**
     * Signals an event as the completion of an operation does.
     *
     * @param event the event; nothing happens for null, a closed one and another host's
     */
    public void signalQuietly(WsaEvent event) {
        HostEvent target = HostEvent.open(event, identity);
        if (target != null) {
            signal(target);
        }
    }

    @Override
    public void resetEvent(WsaEvent event) throws WinsockException {
        opened(event).reset();
    }

    /**
     * Takes back the signal of an event as the start of an operation does.
     *
     * @param event the event; nothing happens for null, a closed one and another host's
     */
    public void resetQuietly(WsaEvent event) {
        HostEvent target = HostEvent.open(event, identity);
        if (target != null) {
            target.reset();
        }
    }

    @Override
    public void closeEvent(WsaEvent event) throws WinsockException {
        HostEvent target = opened(event);
        if (!target.close()) {
            throw notAnEvent(event);
        }
        open.remove(target);
        if (target.waiters() > 0) {
            closedWhileWaitedFor.removeIf(earlier -> earlier.waiters() == 0);
            closedWhileWaitedFor.add(target);
        }
    }

    /**
     * Tells whether a handle is that of an open event of this host.
     *
     * @param event the handle, or null
     * @return true until it is closed
     */
    public boolean isEvent(WsaEvent event) {
        return HostEvent.open(event, identity) != null;
    }

    @Override
    public int waitForSingleEvent(WsaEvent event, long timeoutMillis, boolean alertable) throws WinsockException {
        checkTimeout(timeoutMillis);
        HostEvent target = opened(event);
        if (alertable && threads.runApcs()) {
            return WSA_WAIT_IO_COMPLETION;
        }
        if (target.tryTake()) {
            return WSA_WAIT_EVENT_0;
        }
        if (timeoutMillis == 0) {
            return WSA_WAIT_TIMEOUT;
        }
        AnyWait wait = anyWaits.of(threads.current());
        int result;
        wait.begin();
        try {
            wait.enlist(target);
            result = await(wait, timeoutMillis, alertable);
        } finally {
            wait.end();
        }
        return runningApcs(result);
    }

    @Override
    public int waitForMultipleEvents(WsaEvent[] events, boolean waitAll, long timeoutMillis, boolean alertable)
            throws WinsockException {
        if (events == null || events.length == 0 || events.length > WSA_MAXIMUM_WAIT_EVENTS) {
            throw new WinsockException(WSA_INVALID_PARAMETER,
                    "waits are for 1 to 64 events, not for " + (events == null ? null : events.length));
        }
        if (events.length == 1) {
            return waitForSingleEvent(events[0], timeoutMillis, alertable);
        }
        checkTimeout(timeoutMillis);
        List<HostEvent> targets = opened(events);
        if (waitAll && new HashSet<>(targets).size() < targets.size()) {
            throw new WinsockException(WSA_INVALID_PARAMETER, "an event twice in a wait for all");
        }
        if (alertable && threads.runApcs()) {
            return WSA_WAIT_IO_COMPLETION;
        }
        return waitAll
                ? waitForAll(targets, timeoutMillis, alertable)
                : waitForAny(targets, timeoutMillis, alertable);
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // a sleep of no time gives the processor away, as on Windows
    public int sleepEx(long timeoutMillis, boolean alertable) {
        if (timeoutMillis < 0 || timeoutMillis > WSA_INFINITE) {
            throw new IllegalArgumentException("a time-out is 0 to " + WSA_INFINITE + ", not " + timeoutMillis);
        }
        if (alertable && threads.runApcs()) {
            return WSA_WAIT_IO_COMPLETION;
        }
        if (timeoutMillis == 0) {
            Thread.yield();
            return 0;
        }
        if (threads.current().await(() -> true, timeoutMillis, alertable) == WaitEnd.TIMED_OUT) {
            return 0;
        }
        threads.runApcs();
        return WSA_WAIT_IO_COMPLETION;
    }

    /** {@return how many events are open} */
    public int openEvents() {
        return open.size();
    }

    /** {@return the events that are open, and those that were closed and are still waited for; in the order of creation} */
    public List<EventLeak> leaks() {
        List<HostEvent> suspects = new ArrayList<>(open);
        suspects.addAll(closedWhileWaitedFor);
        suspects.sort((a, b) -> Long.compare(a.number(), b.number()));
        List<EventLeak> leaks = new ArrayList<>();
        for (HostEvent event : suspects) {
            boolean closed = !isEvent(event);
            int waiters = event.waiters();
            if (!closed || waiters > 0) {
                leaks.add(new EventLeak(event, closed, waiters));
            }
        }
        return leaks;
    }

    private WsaEvent create(boolean manualReset, boolean initialState, Runnable sink) {
        HostEvent event = new HostEvent(identity, lastNumber.incrementAndGet(), manualReset, initialState, sink);
        open.add(event);
        return event;
    }

    private void signal(HostEvent event) {
        event.set();
        if (event.sink() != null) {
            run(event);
        }
    }

    private void run(HostEvent event) {
        try {
            event.sink().run();
        } catch (Throwable e) {
            Fatal.rethrow(e);
            threads.report("running the sink of " + event, e);
        }
    }

    private int waitForAny(List<HostEvent> targets, long timeoutMillis, boolean alertable) {
        int signaled = takeLowest(targets);
        if (signaled >= 0) {
            return WSA_WAIT_EVENT_0 + signaled;
        }
        if (timeoutMillis == 0) {
            return WSA_WAIT_TIMEOUT;
        }
        AnyWait wait = anyWaits.of(threads.current());
        int result;
        wait.begin();
        try {
            wait.enlist(targets);
            result = await(wait, timeoutMillis, alertable);
        } finally {
            wait.end();
        }
        return runningApcs(result);
    }

    /** {@return the lowest index of a signaled event, whose signal is taken; -1 if there is none} */
    private static int takeLowest(List<HostEvent> targets) {
        while (true) {
            int lowest = firstSignaled(targets, targets.size());
            // One below may have been set before this one, but after it was looked at.
            for (int below = lowest; below > 0; lowest = below >= 0 ? below : lowest) {
                below = firstSignaled(targets, below);
            }
            if (lowest < 0 || targets.get(lowest).tryTake()) {
                return lowest;
            }
        }
    }

    private static int firstSignaled(List<HostEvent> targets, int end) {
        for (int i = 0; i < end; i++) {
            if (targets.get(i).isSignaled()) {
                return i;
            }
        }
        return -1;
    }

    private int waitForAll(List<HostEvent> targets, long timeoutMillis, boolean alertable) {
        AllWait wait = new AllWait(threads.current(), targets);
        wait.tryComplete();
        if (!wait.isPending()) {
            return WSA_WAIT_EVENT_0;
        }
        if (timeoutMillis == 0) {
            return WSA_WAIT_TIMEOUT;
        }
        int result;
        try {
            wait.begin();
            // Again: an event that was set between the first look and its queue did not know of this wait.
            wait.tryComplete();
            result = await(wait, timeoutMillis, alertable);
        } finally {
            wait.end();
        }
        return runningApcs(result);
    }

    private static int await(WaitState wait, long timeoutMillis, boolean alertable) {
        WaitEnd end = wait.thread().await(wait, timeoutMillis, alertable);
        if (end == WaitEnd.DECIDED || !wait.cancel()) {
            return WSA_WAIT_EVENT_0 + wait.satisfiedBy();
        }
        return end == WaitEnd.TIMED_OUT ? WSA_WAIT_TIMEOUT : WSA_WAIT_IO_COMPLETION;
    }

    /** Only after the wait has left all queues: a procedure may wait on its own account, with the thread's same block. */
    private int runningApcs(int result) {
        if (result == WSA_WAIT_IO_COMPLETION) {
            threads.runApcs();
        }
        return result;
    }

    private HostEvent opened(WsaEvent event) throws WinsockException {
        HostEvent target = HostEvent.open(event, identity);
        if (target == null) {
            throw notAnEvent(event);
        }
        return target;
    }

    private List<HostEvent> opened(WsaEvent[] events) throws WinsockException {
        List<HostEvent> targets = new ArrayList<>(events.length);
        for (WsaEvent event : events) {
            targets.add(opened(event));
        }
        return targets;
    }

    private static void checkTimeout(long timeoutMillis) throws WinsockException {
        if (timeoutMillis < 0 || timeoutMillis > WSA_INFINITE) {
            throw new WinsockException(WSA_INVALID_PARAMETER,
                    "a time-out is 0 to " + WSA_INFINITE + ", not " + timeoutMillis);
        }
    }

    private static WinsockException notAnEvent(WsaEvent event) {
        return new WinsockException(WSA_INVALID_HANDLE, "not an open event of this host: " + event);
    }
}
