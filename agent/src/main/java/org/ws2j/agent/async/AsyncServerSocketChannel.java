package org.ws2j.agent.async;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.WinsockException;

/** An asynchronous listener: AcceptEx. */
@SuppressWarnings("FutureReturnValueIgnored") // Who gives a handler is told by it.
final class AsyncServerSocketChannel extends AsynchronousServerSocketChannel {
    private static final int DEFAULT_BACKLOG = 50;

    /** The size of a sockaddr_in6, and what AcceptEx needs beside it, in bytes. */
    private static final int ADDRESS_ROOM = 28 + AcceptEx.ADDRESS_OVERHEAD;

    private final AsyncSocket socket;
    private final Set<SocketOption<?>> options;

    /** Guarded by this. */
    private boolean accepting;

    /** Guarded by this. */
    private boolean killed;

    /** Whether it listens: a bound channel does, once bind has returned. */
    private volatile boolean listening;

    /** What the program has asked for; listening uses the option for its own ends. */
    private volatile boolean reuseAddress;

    AsyncServerSocketChannel(AsyncGroup group, AgentSocket opened) throws IOException {
        super(group.provider());
        socket = new AsyncSocket(this, group, opened);
        options = socket.join(() -> {
            Set<SocketOption<?>> known = opened.network().serverOptions();
            // As the JDK does where the option means what it says.
            socket.setOption(known, StandardSocketOptions.SO_REUSEADDR, true);
            return known;
        });
        reuseAddress = true;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public AsynchronousServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
        socket.bind(local);
        try {
            socket.socket().listen(backlog < 1 ? DEFAULT_BACKLOG : backlog);
        } catch (WinsockException e) {
            throw socket.failure(e);
        }
        listening = true;
        return this;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        socket.checkOpen();
        return socket.local();
    }

    // Accepting

    @Override
    public <A> void accept(A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        acceptOne(attachment, Objects.requireNonNull(handler, "'handler' is null"));
    }

    @Override
    public Future<AsynchronousSocketChannel> accept() {
        return acceptOne(null, null);
    }

    private <A> Future<AsynchronousSocketChannel> acceptOne(A attachment,
            CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        Accepting kind = new Accepting();
        Operation<AsynchronousSocketChannel, A> operation =
                new Operation<>(socket.group(), socket.socket().handle(), kind, handler, attachment);
        if (!isOpen()) {
            operation.endAtOnce(null, new ClosedChannelException());
            return operation.future();
        }
        if (!listening) {
            throw new NotYetBoundException();
        }
        enter();
        operation.start(kind::start, 0, TimeUnit.SECONDS);
        return operation.future();
    }

    private synchronized void enter() {
        if (killed) {
            throw new RuntimeException("Accept not allowed due cancellation"); // The JDK has no better class.
        }
        if (accepting) {
            throw new AcceptPendingException();
        }
        accepting = true;
    }

    /** One accept, and the socket that it accepts into. */
    private final class Accepting extends Operation.Kind<AsynchronousSocketChannel> {
        /** Null before it is made. */
        private volatile AgentSocket target;

        void start(org.ws2j.spi.WsaOverlapped block) throws IOException {
            AgentSocket from = socket.socket();
            AgentSocket into = from.network().stream(socket.family());
            target = into;
            from.network().winsock()
                    .extensionFunction(from.handle(), ExtensionFunction.WSAID_ACCEPTEX, AcceptEx.class)
                    .acceptEx(from.handle(), into.handle(), ByteBuffer.allocate(2 * ADDRESS_ROOM), 0, ADDRESS_ROOM,
                            ADDRESS_ROOM, block);
        }

        @Override
        void over() {
            synchronized (AsyncServerSocketChannel.this) {
                accepting = false;
            }
        }

        @Override
        AsynchronousSocketChannel succeeded(int bytes) throws IOException {
            AgentSocket connection = target;
            try {
                connection.setOption(org.ws2j.spi.SocketOption.SOL_SOCKET,
                        org.ws2j.spi.SocketOption.SO_UPDATE_ACCEPT_CONTEXT, socket.socket().handle());
                return new AsyncSocketChannel(socket.group(), connection,
                        (InetSocketAddress) connection.remoteAddress());
            } catch (WinsockException e) {
                close(connection);
                throw isOpen() ? connection.failure(e) : new AsynchronousCloseException();
            } catch (ShutdownChannelGroupException e) { // It has closed the connection.
                throw new IOException(e);
            }
        }

        @Override
        Throwable failed(int error, IOException translated) {
            if (target != null) {
                close(target);
            }
            return isOpen() ? translated : new AsynchronousCloseException();
        }

        private void close(AgentSocket unused) {
            try {
                unused.close(false);
            } catch (WinsockException e) {
                socket.group().asyncProvider().report("closing a socket that nothing was accepted into", e);
            }
        }

        @Override
        void gaveUp() {
            synchronized (AsyncServerSocketChannel.this) {
                killed = true;
            }
        }

        /** Nobody wants the connection any more. */
        @Override
        void late(AsynchronousSocketChannel accepted) {
            if (accepted != null) {
                try {
                    accepted.close();
                } catch (IOException e) {
                    socket.group().asyncProvider().report("closing a connection that nobody wants", e);
                }
            }
        }

        @Override
        void close() throws IOException {
            AsyncServerSocketChannel.this.close();
        }
    }

    // Options

    @Override
    public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> option, T value) throws IOException {
        socket.setOption(options, option, value);
        if (option == StandardSocketOptions.SO_REUSEADDR) {
            reuseAddress = (Boolean) value;
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        T value = socket.getOption(options, option);
        return option == StandardSocketOptions.SO_REUSEADDR ? option.type().cast(reuseAddress) : value;
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return options;
    }

    @Override
    public String toString() {
        String text = !isOpen() ? "closed" : socket.local() == null ? "unbound" : socket.local().toString();
        return getClass().getName() + "[" + text + "]";
    }
}
