package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ws2j.spi.WinsockException;

/**
 * The AcceptEx of one listener: first in, first out, and before every other accept.
 *
 * <pre>
 *   queued ── a connection ──► receiving ── the first data ──► over
 *      │                           │
 *      └── its target closed ──────┴── the listener closed ──► over, aborted
 * </pre>
 *
 * <p>The queue is guarded by the listener's receive lock, under which connections are only taken; they are put into their
 * sockets, and told of, without it.
 */
final class AcceptRequests {
    private final TcpSocket listener;
    private final TcpListener connections;
    private final ArrayDeque<AcceptRequest> queue = new ArrayDeque<>();

    /** Those that have got their connection, and wait for data. */
    private final Set<AcceptRequest> receiving = ConcurrentHashMap.newKeySet();

    AcceptRequests(TcpSocket listener, TcpListener connections) {
        this.listener = listener;
        this.connections = connections;
    }

    /** {@return whether any waits for a connection; the lock is held} */
    boolean isPending() {
        return !queue.isEmpty();
    }

    /** Starts one. */
    void start(AcceptRequest request) throws WinsockException {
        request.target().extension().claim(request);
        request.operation().whenOver(() -> forget(request));
        List<Runnable> over;
        listener.receiving().lock();
        try {
            listener.checkOpen();
            queue.add(request);
            over = advance(false);
            if (isPending()) {
                listener.watchFor(connections.channel(), SelectionKey.OP_ACCEPT);
            }
        } finally {
            listener.receiving().unlock();
        }
        over.forEach(Runnable::run);
        if (request.target().isClosed()) { // It may have been, before it could be found in the queue.
            request.targetClosed();
        }
    }

    /**
     * Takes connections for those that wait; the lock is held.
     *
     * @param waiting whether it is known that a connection waits: only then one without room for addresses fails
     * @return what is to be done about it when the lock is free
     */
    List<Runnable> advance(boolean waiting) {
        List<Runnable> over = new ArrayList<>(1);
        boolean known = waiting;
        while (!queue.isEmpty() && !isClosed()) { // Those of a closed one are aborted by its close.
            AcceptRequest request = queue.peek();
            if (!request.operation().hasRoom()) {
                if (!known) {
                    break;
                }
                queue.remove();
                over.add(request.operation()::tooShort);
                continue;
            }
            try {
                SocketChannel accepted = connections.nextUnconditionally();
                if (accepted == null) {
                    break;
                }
                receiving.add(request);
                over.add(() -> request.take(accepted));
            } catch (IOException e) {
                WinsockException failure = JdkErrors.of("accepting on " + listener, e);
                over.add(() -> request.operation().failed(failure));
            }
            known = false;
            queue.remove();
        }
        return over;
    }

    /** {@return whether the listener is closed} */
    boolean isClosed() {
        return listener.isClosed();
    }

    /** {@return whether it was waiting, and does so no more} */
    boolean withdraw(AcceptRequest request) {
        listener.receiving().lock();
        try {
            return queue.remove(request);
        } finally {
            listener.receiving().unlock();
        }
    }

    /** It is over; a target that got no connection is free again. */
    private void forget(AcceptRequest request) {
        receiving.remove(request);
        request.target().extension().unclaim();
    }

    /** The listener is closed: nothing comes any more. No lock is held. */
    void close() {
        List<AcceptRequest> waiting;
        listener.receiving().lock();
        try {
            waiting = List.copyOf(queue);
            queue.clear();
        } finally {
            listener.receiving().unlock();
        }
        waiting.forEach(AcceptRequest::listenerClosed);
        for (AcceptRequest request : receiving) {
            request.target().receiving().cancel(request.operation().receiveBlock());
        }
    }
}
