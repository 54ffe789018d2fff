package org.ws2j.agent.socket;

import java.nio.channels.SelectableChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.SocketType;

/** What has gone through the sockets of a network, for the report. */
public final class Traffic {
    /**
     * One socket.
     *
     * @param isStream whether it is a stream
     * @param local its address as text; empty if it has none
     * @param remote that of its peer; empty if it has none
     * @param received how many bytes the program has received
     * @param sent how many bytes it has sent
     * @param isOpen whether it is open
     */
    public record Connection(boolean isStream, String local, String remote, long received, long sent, boolean isOpen) {}

    /**
     * Sums.
     *
     * @param streams how many stream sockets there were: asked for, and accepted
     * @param datagrams how many datagram sockets there were
     * @param open how many of all of them are open
     * @param received how many bytes the program has received
     * @param sent how many bytes it has sent
     * @param errors how many calls have failed
     */
    public record Sums(long streams, long datagrams, long open, long received, long sent, long errors) {}

    private final int maxConnections;

    /** The open sockets are a list; null for none. Guarded by this, as all below. */
    private AgentSocket first;

    private final ArrayDeque<Connection> closed = new ArrayDeque<>(0);
    private long streams;
    private long datagrams;
    private long open;
    private long closedReceived;
    private long closedSent;
    private long closedErrors;

    Traffic(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    synchronized void add(AgentSocket socket) {
        if (socket.type() == SocketType.SOCK_STREAM) {
            streams++;
        } else {
            datagrams++;
        }
        open++;
        socket.next = first;
        if (first != null) {
            first.previous = socket;
        }
        first = socket;
    }

    /** Counts a socket as closed, once. */
    synchronized void remove(AgentSocket socket) {
        boolean isListed = socket.previous != null || first == socket;
        if (!isListed) {
            return;
        }
        if (socket.previous == null) {
            first = socket.next;
        } else {
            socket.previous.next = socket.next;
        }
        if (socket.next != null) {
            socket.next.previous = socket.previous;
        }
        socket.next = null; // Whoever keeps a closed socket is not to keep those that were beside it.
        socket.previous = null;
        open--;
        closedReceived += socket.received();
        closedSent += socket.sent();
        closedErrors += socket.errors();
    }

    /** {@return whether what a closed connection was is remembered} */
    boolean remembers() {
        return maxConnections > 0;
    }

    synchronized void remember(Connection connection) {
        if (closed.size() == maxConnections) {
            closed.removeFirst();
        }
        closed.addLast(connection);
    }

    /** {@return the sums at this moment} */
    public synchronized Sums sums() {
        long received = closedReceived;
        long sent = closedSent;
        long errors = closedErrors;
        for (AgentSocket each = first; each != null; each = each.next) {
            received += each.received();
            sent += each.sent();
            errors += each.errors();
        }
        return new Sums(streams, datagrams, open, received, sent, errors);
    }

    /** {@return the operating system's channels of the sockets that are open} */
    public synchronized List<SelectableChannel> channels() {
        List<SelectableChannel> channels = new ArrayList<>();
        for (AgentSocket each = first; each != null; each = each.next) {
            if (each.channel() != null) {
                channels.add(each.channel());
            }
        }
        return channels;
    }

    /** {@return the connections that are remembered, then those that are open} */
    public List<Connection> connections() {
        List<Connection> all = new ArrayList<>();
        List<AgentSocket> living = new ArrayList<>();
        synchronized (this) {
            all.addAll(closed);
            for (AgentSocket each = first; each != null; each = each.next) {
                living.add(each);
            }
        }
        living.forEach(each -> all.add(each.describe(true))); // Asks the provider, so without the lock.
        return all;
    }
}
