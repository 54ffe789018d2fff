package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** What a listening socket has in its slot, and accepting from it. Guarded by the socket's receive lock. */
final class TcpListener {
    /** What a client gets that asks for the longest queue, or for one of an impossible length. */
    private static final int MAX_BACKLOG = 4_096;

    private final TcpSocket socket;
    private final ServerSocketChannel server;
    private final AcceptRequests requests;

    /** Connections that were taken from the channel and come before those in there; guarded by the receive lock. */
    private final ArrayDeque<SocketChannel> putBack = new ArrayDeque<>(0);

    /** Whether the first was put off by a condition function: nothing is reported until it was decided on. */
    private boolean deferred;

    private TcpListener(TcpSocket socket, ServerSocketChannel server) {
        this.socket = socket;
        this.server = server;
        this.requests = new AcceptRequests(socket, this);
    }

    /**
     * Puts a server channel in the place of the bound channel of a socket; both locks are held.
     *
     * <p>A server channel listens as soon as it is bound, so bind cannot make one. Linux lets two sockets that both have
     * SO_REUSEADDR be bound to one address as long as neither listens: the server channel is bound first and the other one
     * closed then, so that the port is never free. Where that is refused the order is the reverse, and another program may
     * take the port in between: the late conflict that Winsock documents for listen, WSAEADDRINUSE.
     */
    static TcpListener replace(TcpSocket socket, int backlog) throws IOException {
        SocketChannel bound = socket.stream();
        int length = backlog < 1 ? 1 : Math.min(backlog, MAX_BACKLOG);
        ServerSocketChannel server = socket.network.transport().openServerSocketChannel(socket.family());
        try {
            server.configureBlocking(false);
            socket.options().applyTo(server);
            bound.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            try {
                server.bind(socket.localAddress(), length);
                bound.close();
            } catch (IOException e) {
                if (JdkErrors.error(e) != WsaError.WSAEADDRINUSE) {
                    throw e;
                }
                bound.close();
                server.bind(socket.localAddress(), length);
            }
            return new TcpListener(socket, server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    ServerSocketChannel channel() {
        return server;
    }

    AcceptRequests requests() {
        return requests;
    }

    /**
     * Accepts.
     *
     * @param s the handle of the listener
     * @param addr is told the peer; null for nothing
     * @param condition decides; null to accept everybody
     * @return the new socket; null if the listener is non-blocking and nobody waits
     */
    SocketHandle accept(SocketHandle s, AddressHolder addr, ConditionProc condition) throws WinsockException {
        TcpSocket accepted = tryAccept(condition);
        if (accepted == null && !socket.nonBlocking) {
            accepted = await(s, condition);
        }
        if (accepted == null) {
            return null;
        }
        SocketHandle handle = socket.network.publish(accepted);
        if (addr != null) {
            addr.address(accepted.peerAddress());
        }
        accepted.startReporting();
        return handle;
    }

    private TcpSocket await(SocketHandle s, ConditionProc condition) throws WinsockException {
        BlockingCall call = BlockingCall.ofNanos(socket.network, socket.info.catalogEntryId(), Long.MAX_VALUE);
        Waiter waiter = socket.takeWaiter(socket.receiving());
        try {
            while (true) {
                socket.receiving().checkOpen(s);
                socket.await(waiter, SelectionKey.OP_ACCEPT, call);
                TcpSocket accepted = tryAccept(condition);
                if (accepted != null) {
                    return accepted;
                }
            }
        } finally {
            socket.remove(waiter, socket.receiving());
        }
    }

    private TcpSocket tryAccept(ConditionProc condition) throws WinsockException {
        SocketChannel channel = take(condition == null);
        if (channel == null) {
            return null;
        }
        if (condition != null) {
            new Decision(this, channel).ask(condition);
        }
        try {
            return wrap(channel);
        } catch (IOException e) {
            throw JdkErrors.of("accepting on " + socket, e);
        }
    }

    /** Takes the oldest connection, for good or to be decided on: an accept that has got none is over, too. */
    private SocketChannel take(boolean forGood) throws WinsockException {
        List<Runnable> over = List.of();
        socket.receiving().lock();
        try {
            socket.receiving().checkOpen(null);
            over = requests.advance(false);
            SocketChannel channel = next();
            while (channel != null && requests.isPending()) { // It came just after: it is theirs.
                putBack.addFirst(channel);
                over.addAll(requests.advance(true));
                channel = next();
            }
            if (forGood || channel == null) {
                reenable();
            }
            return channel;
        } catch (IOException e) {
            throw JdkErrors.of("accepting on " + socket, e);
        } finally {
            watchIfSelected();
            socket.receiving().unlock();
            socket.events.deliver();
            over.forEach(Runnable::run);
        }
    }

    /** {@return the oldest connection, taken out; null for none. The lock is held} */
    SocketChannel next() throws IOException {
        SocketChannel first = putBack.poll();
        return first == null ? server.accept() : first;
    }

    /** As {@link #next}, for good. */
    SocketChannel nextUnconditionally() throws IOException {
        SocketChannel first = next();
        deferred &= first == null;
        return first;
    }

    private void reenable() {
        deferred = false;
        socket.events.reenable(NetworkEvent.FD_ACCEPT);
    }

    /** A connection was decided on, and does not come back. */
    void decided() {
        socket.receiving().lock();
        try {
            reenable();
            watchIfSelected();
        } finally {
            socket.receiving().unlock();
        }
        socket.events.deliver();
    }

    /**
     * Puts a connection back at the head.
     *
     * @param isDeferred whether that was the decision; otherwise there was none, and the connection is reported again
     * @return false if the listener is closed, and the connection has to be reset
     */
    boolean putBack(SocketChannel channel, boolean isDeferred) {
        List<Runnable> over;
        socket.receiving().lock();
        try {
            if (socket.isClosed()) {
                return false;
            }
            putBack.addFirst(channel);
            if (isDeferred) {
                deferred = true;
            } else {
                reenable();
            }
            over = requests.advance(true); // One may have come while it was decided on.
            watchIfSelected();
        } finally {
            socket.receiving().unlock();
        }
        socket.events.deliver();
        over.forEach(Runnable::run);
        socket.wakeWaiters();
        return true;
    }

    /** {@return whether an accept would find a connection without asking the channel} */
    boolean hasPutBack() {
        socket.receiving().lock();
        try {
            return !putBack.isEmpty();
        } finally {
            socket.receiving().unlock();
        }
    }

    /** Closes the channel, and resets what was put back; the state of the socket says so already. */
    void close() throws IOException {
        List<SocketChannel> refused;
        socket.receiving().lock();
        try {
            refused = List.copyOf(putBack);
            putBack.clear();
        } finally {
            socket.receiving().unlock();
        }
        server.close();
        for (SocketChannel channel : refused) {
            reset(channel);
        }
    }

    /** The system has accepted it long ago: all that is left is to reset it. */
    static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    private TcpSocket wrap(SocketChannel channel) throws IOException {
        try {
            return new TcpSocket(socket, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new WinsockException(WsaError.WSAECONNRESET, "the peer has withdrawn its connection", e);
        }
    }

    /** Reports a connection that waits, or watches for one: at a selection, and after each accept. */
    void watchIfSelected() {
        if (socket.isClosed() || deferred) {
            return;
        }
        if (!putBack.isEmpty()) {
            socket.events.reportHolding(NetworkEvent.FD_ACCEPT, 0);
        } else if (socket.events.isDue(NetworkEvent.FD_ACCEPT)) {
            socket.watchFor(server, SelectionKey.OP_ACCEPT);
        }
    }

    /**
     * The poller has found a connection. Each AcceptEx takes one unannounced; what is left after that is reported, and looked
     * for again after the next accept.
     */
    void ready() {
        List<Runnable> over;
        socket.receiving().lock();
        try {
            over = requests.advance(true);
            if (over.isEmpty() && !requests.isPending() && !deferred) {
                socket.events.report(NetworkEvent.FD_ACCEPT, 0);
            }
            if (!requests.isPending() && (deferred || !socket.events.isDue(NetworkEvent.FD_ACCEPT))) {
                socket.ignore(SelectionKey.OP_ACCEPT);
            }
        } finally {
            socket.receiving().unlock();
        }
        socket.events.deliver();
        over.forEach(Runnable::run);
    }
}
