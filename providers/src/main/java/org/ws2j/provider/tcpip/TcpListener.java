package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.AddressHolder;
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

    private TcpListener(TcpSocket socket, ServerSocketChannel server) {
        this.socket = socket;
        this.server = server;
        this.requests = new AcceptRequests(socket, server);
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
            socket.options.applyTo(server);
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

    /** {@return the new socket; null if the listener is non-blocking and nobody waits} */
    SocketHandle accept(AddressHolder addr) throws WinsockException {
        TcpSocket accepted = tryAccept();
        if (accepted == null && !socket.nonBlocking) {
            accepted = await();
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

    private TcpSocket await() throws WinsockException {
        BlockingCall call = BlockingCall.ofNanos(socket.network, socket.info.catalogEntryId(), Long.MAX_VALUE);
        Waiter waiter = socket.network.waiters().take(socket.receiving());
        socket.add(waiter);
        try {
            while (true) {
                socket.receiving().checkOpen();
                socket.await(waiter, SelectionKey.OP_ACCEPT, call);
                TcpSocket accepted = tryAccept();
                if (accepted != null) {
                    return accepted;
                }
            }
        } finally {
            socket.remove(waiter, socket.receiving());
        }
    }

    private TcpSocket tryAccept() throws WinsockException {
        List<Runnable> over = List.of();
        socket.receiving().lock.lock();
        try {
            socket.receiving().checkOpen();
            socket.events.reenable(NetworkEvent.FD_ACCEPT);
            over = requests.advance(false);
            SocketChannel channel = server.accept();
            return channel == null ? null : wrap(channel);
        } catch (IOException e) {
            throw JdkErrors.of("accepting on " + socket, e);
        } finally {
            watchIfSelected();
            socket.receiving().lock.unlock();
            over.forEach(Runnable::run);
        }
    }

    private TcpSocket wrap(SocketChannel channel) throws IOException {
        try {
            return new TcpSocket(socket, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new WinsockException(WsaError.WSAECONNRESET, "the peer has withdrawn its connection", e);
        }
    }

    /** Watches for a connection to report, at a selection and after each accept. */
    void watchIfSelected() {
        if (!socket.isClosed() && socket.events.isDue(NetworkEvent.FD_ACCEPT)) {
            socket.watch.want(server, SelectionKey.OP_ACCEPT);
        }
    }

    /**
     * The poller has found a connection. Each AcceptEx takes one unannounced; what is left after that is reported, and looked
     * for again after the next accept.
     */
    void ready() {
        List<Runnable> over;
        socket.receiving().lock.lock();
        try {
            over = requests.advance(true);
            if (over.isEmpty() && !requests.isPending()) {
                socket.events.report(NetworkEvent.FD_ACCEPT, 0);
            }
            if (!requests.isPending() && !socket.events.isDue(NetworkEvent.FD_ACCEPT)) {
                socket.watch.ignore(SelectionKey.OP_ACCEPT);
            }
        } finally {
            socket.receiving().lock.unlock();
        }
        socket.events.deliver();
        over.forEach(Runnable::run);
    }
}
