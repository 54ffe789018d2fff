package org.ws2j.agent.async;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.WritePendingException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** An asynchronous connection: overlapped receives, sends and ConnectEx. */
@SuppressWarnings("FutureReturnValueIgnored") // Who gives a handler is told by it.
final class AsyncSocketChannel extends AsynchronousSocketChannel {
    private enum State { UNCONNECTED, PENDING, CONNECTED }

    /** The channel of the operating system has it, asynchronous ones do not. */
    private static final String OUT_OF_BAND_INLINE = "SO_OOBINLINE";

    private final AsyncSocket socket;
    private final Direction reading = new Direction("Reading", ReadPendingException::new);
    private final Direction writing = new Direction("Writing", WritePendingException::new);

    /** Guarded by this. */
    private State state = State.UNCONNECTED;

    /** Null before it is connected. */
    private volatile InetSocketAddress remote;

    /** What the program has asked for; connecting uses the option for its own ends. */
    private volatile boolean reuseAddress;

    /** Whether a read has told that the connection was reset: to those after it that is the end of the stream. */
    private volatile boolean readReset;

    /** Whether a write has told it: those after it find a broken pipe. */
    private volatile boolean writeReset;

    AsyncSocketChannel(AsyncGroup group, AgentSocket opened) throws IOException {
        super(group.provider());
        socket = new AsyncSocket(this, group, opened);
        socket.join(() -> null);
    }

    /** One that was accepted, and has its addresses. */
    AsyncSocketChannel(AsyncGroup group, AgentSocket accepted, InetSocketAddress peer) throws IOException {
        super(group.provider());
        socket = new AsyncSocket(this, group, accepted);
        reuseAddress = socket.join(() -> {
            socket.updateLocal();
            return accepted.getOption(StandardSocketOptions.SO_REUSEADDR);
        });
        remote = peer;
        state = State.CONNECTED;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    // Binding and connecting

    @Override
    public AsynchronousSocketChannel bind(SocketAddress local) throws IOException {
        synchronized (this) {
            if (state == State.PENDING) {
                throw new ConnectionPendingException();
            }
        }
        socket.bind(local);
        return this;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        socket.checkOpen();
        return socket.local();
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        socket.checkOpen();
        return remote;
    }

    @Override
    public <A> void connect(SocketAddress to, A attachment, CompletionHandler<Void, ? super A> handler) {
        connectTo(to, attachment, required(handler));
    }

    @Override
    public Future<Void> connect(SocketAddress to) {
        return connectTo(to, null, null);
    }

    private static <V, A> CompletionHandler<V, ? super A> required(CompletionHandler<V, ? super A> handler) {
        return Objects.requireNonNull(handler, "'handler' is null");
    }

    private <A> Future<Void> connectTo(SocketAddress to, A attachment, CompletionHandler<Void, ? super A> handler) {
        Operation<Void, A> operation = operation(new Connecting(), handler, attachment);
        if (!isOpen()) {
            operation.endAtOnce(null, new ClosedChannelException());
            return operation.future();
        }
        InetSocketAddress peer = socket.peer(to);
        beginConnect();
        operation.start(block -> {
            AgentSocket connecting = socket.socket();
            if (socket.local() == null) {
                connecting.bind(new InetSocketAddress(0)); // ConnectEx asks for it.
            }
            connecting.network().winsock()
                    .extensionFunction(connecting.handle(), ExtensionFunction.WSAID_CONNECTEX, ConnectEx.class)
                    .connectEx(connecting.handle(), peer, null, block);
        }, 0, TimeUnit.SECONDS);
        return operation.future();
    }

    private synchronized void beginConnect() {
        state = switch (state) {
            case CONNECTED -> throw new AlreadyConnectedException();
            case PENDING -> throw new ConnectionPendingException();
            default -> State.PENDING;
        };
    }

    private <V, A> Operation<V, A> operation(Operation.Kind<V> kind, CompletionHandler<V, ? super A> handler,
            A attachment) {
        return new Operation<>(socket.group(), socket.socket().handle(), kind, handler, attachment);
    }

    /** Whatever has failed, on a closed channel that is the reason. */
    private Throwable unlessClosed(Throwable failure) {
        return isOpen() ? failure : new AsynchronousCloseException();
    }

    private abstract class Kind<V> extends Operation.Kind<V> {
        @Override
        void close() throws IOException {
            AsyncSocketChannel.this.close();
        }
    }

    /** An attempt to connect; if it fails, the channel is closed. */
    private final class Connecting extends Kind<Void> {
        @Override
        void over() {
            // Who connects again is told by the state.
        }

        @Override
        Void succeeded(int bytes) throws IOException {
            AgentSocket connected = socket.socket();
            try {
                connected.setOption(org.ws2j.spi.SocketOption.SOL_SOCKET,
                        org.ws2j.spi.SocketOption.SO_UPDATE_CONNECT_CONTEXT, null);
                socket.updateLocal();
                remote = (InetSocketAddress) connected.remoteAddress();
            } catch (WinsockException e) {
                throw isOpen() ? connected.failure(e) : new AsynchronousCloseException();
            }
            synchronized (AsyncSocketChannel.this) {
                state = State.CONNECTED;
            }
            return null;
        }

        @Override
        Throwable failed(int error, IOException translated) {
            Throwable failure = unlessClosed(translated);
            try {
                close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
            return failure;
        }

        @Override
        void gaveUp() {
            reading.kill();
            writing.kill();
        }
    }

    // Transfers

    /** A receive or a send, of one buffer or several. */
    private abstract class Transferring<V> extends Kind<V> {
        private final Direction direction;
        final ByteBuffer[] buffers;

        Transferring(Direction direction, ByteBuffer[] buffers) {
            this.direction = direction;
            this.buffers = buffers;
        }

        /** {@return a count as the program wants it} */
        abstract V value(int count);

        abstract void count(int bytes);

        @Override
        void over() {
            direction.leave();
        }

        @Override
        V succeeded(int bytes) {
            count(bytes);
            advance(bytes);
            return value(bytes);
        }

        private void advance(int bytes) {
            int left = bytes;
            for (int i = 0; left > 0; i++) {
                int part = Math.min(left, buffers[i].remaining());
                buffers[i].position(buffers[i].position() + part);
                left -= part;
            }
        }

        @Override
        void gaveUp() {
            direction.kill();
        }
    }

    private abstract class Receiving<V> extends Transferring<V> {
        Receiving(ByteBuffer[] targets) {
            super(reading, targets);
        }

        @Override
        void count(int bytes) {
            socket.socket().countReceived(bytes);
        }

        @Override
        V succeeded(int bytes) {
            return bytes == 0 ? value(-1) : super.succeeded(bytes);
        }

        /** A read that waits while the direction is shut down finds the end. */
        @Override
        V insteadOf(int error) {
            return error == WsaError.WSAESHUTDOWN.code() && reading.isShut() ? value(-1) : null;
        }

        @Override
        Throwable failed(int error, IOException translated) {
            if (error != WsaError.WSAECONNRESET.code()) {
                return unlessClosed(translated);
            }
            readReset = true;
            return unlessClosed(new IOException("Connection reset"));
        }
    }

    private abstract class Sending<V> extends Transferring<V> {
        Sending(ByteBuffer[] sources) {
            super(writing, sources);
        }

        @Override
        void count(int bytes) {
            socket.socket().countSent(bytes);
        }

        @Override
        Throwable failed(int error, IOException translated) {
            if (error != WsaError.WSAECONNRESET.code()) {
                return unlessClosed(translated);
            }
            boolean known = readReset || writeReset;
            writeReset = true;
            return unlessClosed(new IOException(known ? "Broken pipe" : "Connection reset by peer"));
        }
    }

    @Override
    public Future<Integer> read(ByteBuffer target) {
        return readOne(target, 0, TimeUnit.NANOSECONDS, null, null);
    }

    @Override
    public <A> void read(ByteBuffer target, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        readOne(target, timeout, unit, attachment, required(handler));
    }

    private <A> Future<Integer> readOne(ByteBuffer target, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        checkWritable(target);
        Receiving<Integer> kind = new Receiving<>(new ByteBuffer[] {target}) {
            @Override
            Integer value(int count) {
                return count;
            }
        };
        return read(kind, timeout, unit, attachment, handler);
    }

    @Override
    public <A> void read(ByteBuffer[] targets, int offset, int length, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Long, ? super A> handler) {
        required(handler);
        Objects.checkFromIndexSize(offset, length, targets.length);
        ByteBuffer[] part = Arrays.copyOfRange(targets, offset, offset + length);
        for (ByteBuffer each : part) {
            checkWritable(each);
        }
        Receiving<Long> kind = new Receiving<>(part) {
            @Override
            Long value(int count) {
                return (long) count;
            }
        };
        read(kind, timeout, unit, attachment, handler);
    }

    private static void checkWritable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    private <V, A> Future<V> read(Receiving<V> kind, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<V, ? super A> handler) {
        Operation<V, A> operation = operation(kind, handler, attachment);
        if (!isOpen()) {
            operation.endAtOnce(null, new ClosedChannelException());
            return operation.future();
        }
        checkConnected();
        switch (reading.enter(hasRemaining(kind.buffers), readReset)) {
            case SHUT -> operation.endAtOnce(kind.value(-1), null);
            case NOTHING -> operation.endAtOnce(kind.value(0), null);
            default -> operation.start(block -> {
                AgentSocket from = socket.socket();
                ByteBuffer[] targets = kind.buffers;
                if (targets.length == 1) {
                    from.network().winsock().wsaRecv(from.handle(), targets[0], null, block, null);
                } else {
                    from.network().winsock().wsaRecv(from.handle(), targets, null, block, null);
                }
            }, timeout, unit);
        }
        return operation.future();
    }

    private void checkConnected() {
        if (remote == null) {
            throw new NotYetConnectedException();
        }
    }

    private static boolean hasRemaining(ByteBuffer[] buffers) {
        for (ByteBuffer each : buffers) {
            if (each.hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Future<Integer> write(ByteBuffer source) {
        return writeOne(source, 0, TimeUnit.NANOSECONDS, null, null);
    }

    @Override
    public <A> void write(ByteBuffer source, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        writeOne(source, timeout, unit, attachment, required(handler));
    }

    private <A> Future<Integer> writeOne(ByteBuffer source, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Sending<Integer> kind = new Sending<>(new ByteBuffer[] {Objects.requireNonNull(source)}) {
            @Override
            Integer value(int count) {
                return count;
            }
        };
        return write(kind, timeout, unit, attachment, handler);
    }

    @Override
    public <A> void write(ByteBuffer[] sources, int offset, int length, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Long, ? super A> handler) {
        required(handler);
        Objects.checkFromIndexSize(offset, length, sources.length);
        Sending<Long> kind = new Sending<>(Arrays.copyOfRange(sources, offset, offset + length)) {
            @Override
            Long value(int count) {
                return (long) count;
            }
        };
        write(kind, timeout, unit, attachment, handler);
    }

    private <V, A> Future<V> write(Sending<V> kind, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<V, ? super A> handler) {
        Operation<V, A> operation = operation(kind, handler, attachment);
        if (!isOpen()) {
            operation.endAtOnce(null, new ClosedChannelException());
            return operation.future();
        }
        checkConnected();
        switch (writing.enter(hasRemaining(kind.buffers), false)) {
            case SHUT -> operation.endAtOnce(null, new ClosedChannelException());
            case NOTHING -> operation.endAtOnce(kind.value(0), null);
            default -> operation.start(block -> {
                AgentSocket to = socket.socket();
                ByteBuffer[] sources = kind.buffers;
                if (sources.length == 1) {
                    to.network().winsock().wsaSend(to.handle(), sources[0], 0, block, null);
                } else {
                    to.network().winsock().wsaSend(to.handle(), sources, 0, block, null);
                }
            }, timeout, unit);
        }
        return operation.future();
    }

    @Override
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        shutdown(reading, ShutdownHow.SD_RECEIVE);
        return this;
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        shutdown(writing, ShutdownHow.SD_SEND);
        return this;
    }

    private void shutdown(Direction direction, int how) throws IOException {
        socket.checkOpen();
        checkConnected();
        if (direction.shut()) {
            try {
                socket.socket().shutdown(how);
            } catch (WinsockException e) {
                throw socket.failure(e);
            }
        }
    }

    // Options

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> option, T value) throws IOException {
        Set<SocketOption<?>> supported = supportedOptions();
        AsyncSocket.checkSupported(supported, option);
        socket.checkOpen();
        if (writing.isShut()) {
            throw new IOException("Connection has been shutdown for writing");
        }
        socket.setOption(supported, option, value);
        if (option == StandardSocketOptions.SO_REUSEADDR) {
            reuseAddress = (Boolean) value;
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        T value = socket.getOption(supportedOptions(), option);
        return option == StandardSocketOptions.SO_REUSEADDR ? option.type().cast(reuseAddress) : value;
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        Set<SocketOption<?>> all = new HashSet<>(socket.socket().supportedOptions());
        all.remove(StandardSocketOptions.IP_TOS);
        all.remove(StandardSocketOptions.SO_LINGER);
        all.removeIf(option -> OUT_OF_BAND_INLINE.equals(option.name()));
        return all;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(getClass().getName()).append('[');
        if (!isOpen()) {
            return text.append("closed]").toString();
        }
        text.append(stateText());
        if (reading.isShut()) {
            text.append(" ishut");
        }
        if (writing.isShut()) {
            text.append(" oshut");
        }
        if (socket.local() != null) {
            text.append(" local=").append(socket.local());
        }
        if (remote != null) {
            text.append(" remote=").append(remote);
        }
        return text.append(']').toString();
    }

    private synchronized String stateText() {
        return switch (state) {
            case UNCONNECTED -> "unconnected";
            case PENDING -> "connection-pending";
            case CONNECTED -> "connected";
        };
    }
}
