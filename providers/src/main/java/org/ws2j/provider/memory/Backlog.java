package org.ws2j.provider.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.spi.NetworkEvent;

/**
 * The connections that wait to be accepted by one listener. Its monitor guards all of it, and is taken inside the wire of the
 * end that connects; nothing but what network events and watchers lock is taken inside.
 */
final class Backlog {
    /** What a client gets that asks for the longest queue, or for one of an impossible length. */
    private static final int MAX_LENGTH = 4_096;

    private final StreamSocket listener;
    private final ArrayDeque<StreamSocket> waiting = new ArrayDeque<>();
    private int length = 1;

    /** The AcceptEx that wait for a connection: they come before every other accept. */
    private final ArrayDeque<AcceptRequest> requests = new ArrayDeque<>(0);

    /** Those that have got their connection, and wait for data. */
    private final Map<AcceptRequest, StreamSocket> receiving = new LinkedHashMap<>(0);

    /** How many are out of the queue while a condition function looks at them. */
    private int considered;

    /** Whether the head was put off by a condition function: nothing is reported until it was decided on. */
    private boolean deferred;

    private boolean closed;

    Backlog(StreamSocket listener) {
        this.listener = listener;
    }

    /** Sets how many may wait; those that are too many are reset, the latest first. No lock is held. */
    void length(int wanted) {
        ArrayDeque<StreamSocket> excess = new ArrayDeque<>();
        synchronized (this) {
            length = wanted < 1 ? 1 : Math.min(wanted, MAX_LENGTH);
            while (waiting.size() > length) {
                excess.add(waiting.removeLast());
            }
        }
        excess.forEach(StreamSocket::refuse);
    }

    /** Adds a connection. {@return false if there is no room, and it is refused} */
    synchronized boolean offer(StreamSocket end) {
        if (closed || waiting.size() + considered >= length) {
            return false;
        }
        waiting.add(end);
        if (!deferred && waiting.size() > requests.size()) { // Otherwise an AcceptEx takes it, unannounced.
            listener.events.report(NetworkEvent.FD_ACCEPT, 0);
        }
        listener.watchers.wake();
        return true;
    }

    synchronized boolean isWaitedIn() {
        return waiting.size() > requests.size();
    }

    /** At a selection: reports what waits. */
    synchronized void reportIfWaitedIn() {
        if (waiting.size() > requests.size() && !deferred) {
            listener.events.reportHolding(NetworkEvent.FD_ACCEPT, 0);
        }
    }

    /** Takes the oldest connection, for good; as each accept does, re-enables the event. {@return it; null for none} */
    synchronized StreamSocket take() {
        StreamSocket end = requests.isEmpty() ? waiting.poll() : null;
        deferred = false;
        reenable();
        return end;
    }

    /** Takes the oldest connection, to be decided on. {@return it; null for none, which counts as an accept} */
    synchronized StreamSocket consider() {
        StreamSocket end = requests.isEmpty() ? waiting.poll() : null;
        if (end == null) {
            reenable();
        } else {
            considered++;
        }
        return end;
    }

    /** The connection was decided on, and does not come back. */
    synchronized void decided() {
        considered--;
        deferred = false;
        reenable();
    }

    /** Puts a connection back at the head. {@return false if the listener is closed, and it has to be refused} */
    synchronized boolean defer(StreamSocket end) {
        considered--;
        if (closed) {
            return false;
        }
        deferred = true;
        waiting.addFirst(end);
        return true;
    }

    private void reenable() {
        listener.events.reenable(NetworkEvent.FD_ACCEPT);
        if (waiting.size() > requests.size()) {
            listener.events.report(NetworkEvent.FD_ACCEPT, 0);
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Adds an AcceptEx. {@return false if the listener is closed} */
    synchronized boolean add(AcceptRequest request) {
        return !closed && requests.add(request);
    }

    /** {@return whether it was waiting, and does so no more} No lock is held. */
    boolean withdraw(AcceptRequest request) {
        boolean withdrawn = remove(request);
        listener.events.deliver();
        return withdrawn;
    }

    private synchronized boolean remove(AcceptRequest request) {
        boolean removed = requests.remove(request);
        if (removed && waiting.size() > requests.size()) { // One was thought to be taken when it came.
            if (!deferred) {
                listener.events.report(NetworkEvent.FD_ACCEPT, 0);
            }
            listener.watchers.wake();
        }
        return removed;
    }

    /** An AcceptEx has got a connection, and may wait for data. No lock is held. */
    synchronized void receives(AcceptRequest request, StreamSocket end) {
        receiving.put(request, end);
    }

    /** An AcceptEx is over. */
    synchronized void forget(AcceptRequest request) {
        receiving.remove(request);
    }

    /** Gives waiting connections to the AcceptEx that wait. No lock is held. */
    void serve() {
        pair().forEach(Runnable::run);
    }

    private synchronized List<Runnable> pair() {
        List<Runnable> over = new ArrayList<>(1);
        while (!requests.isEmpty() && !waiting.isEmpty()) {
            AcceptRequest request = requests.remove();
            if (request.operation().hasRoom()) {
                StreamSocket end = waiting.remove();
                deferred = false;
                over.add(() -> request.take(end));
            } else {
                over.add(request.operation()::tooShort);
            }
        }
        if (!over.isEmpty() && !waiting.isEmpty()) { // They were thought to be taken when they came.
            listener.events.report(NetworkEvent.FD_ACCEPT, 0);
            listener.watchers.wake();
        }
        return over;
    }

    /** The listener is closed: resets what waits. No lock is held. */
    void close() {
        List<StreamSocket> refused;
        List<AcceptRequest> aborted;
        Map<AcceptRequest, StreamSocket> interrupted;
        synchronized (this) {
            closed = true;
            refused = List.copyOf(waiting);
            waiting.clear();
            aborted = List.copyOf(requests);
            requests.clear();
            interrupted = new LinkedHashMap<>(receiving);
        }
        refused.forEach(StreamSocket::refuse);
        aborted.forEach(AcceptRequest::listenerClosed);
        interrupted.forEach((request, end) -> end.cancelReceive(request.operation().receiveBlock()));
    }
}
