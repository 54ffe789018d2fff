package org.ws2j.agent.nio;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.agent.socket.Readiness;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** A stream. */
final class NioSocketChannel extends SocketChannel implements NioChannel {
    /**
     * <pre>
     *   UNCONNECTED ── connect ──► PENDING ── connected, finishConnect ──► CONNECTED
     * </pre>
     *
     * <p>A failed attempt closes the channel.
     */
    private enum State {
        UNCONNECTED("unconnected"), PENDING("connection-pending"), CONNECTED("connected");

        private final String text;

        State(String text) {
            this.text = text;
        }
    }

    /** Its monitor guards changes of the state. */
    private final AgentSocket socket;

    private volatile State state = State.UNCONNECTED;
    private volatile boolean inputShut;
    private volatile boolean outputShut;
    private volatile InetSocketAddress local;
    private volatile InetSocketAddress remote;

    /** Null before somebody asks; written under the monitor of the socket. */
    private volatile ChannelKeys keys;

    private Socket adaptor;

    NioSocketChannel(NioProvider provider, AgentSocket socket) {
        super(provider.face());
        this.socket = socket;
    }

    /** An accepted one. */
    NioSocketChannel(NioProvider provider, AgentSocket socket, InetSocketAddress remote) throws WinsockException {
        super(provider.face());
        this.socket = socket;
        this.remote = remote;
        this.local = (InetSocketAddress) socket.localAddress();
        this.state = State.CONNECTED;
    }

    AgentSocket agentSocket() {
        return socket;
    }

    @Override
    public AgentNetwork network() {
        return socket.network();
    }

    @Override
    public ChannelKeys keys() {
        synchronized (socket) {
            ChannelKeys present = keys == null ? new ChannelKeys(socket) : keys;
            keys = present;
            return present;
        }
    }

    @Override
    public Socket socket() {
        synchronized (socket) {
            if (adaptor == null) {
                adaptor = SocketAdaptor.of(this);
            }
            return adaptor;
        }
    }

    // States

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void ensureConnected() throws ClosedChannelException {
        ensureOpen();
        if (state != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    @Override
    public boolean isConnected() {
        return state == State.CONNECTED && isOpen();
    }

    @Override
    public boolean isConnectionPending() {
        return state == State.PENDING && isOpen();
    }

    boolean isInputOpen() {
        return !inputShut;
    }

    boolean isOutputOpen() {
        return !outputShut;
    }

    InetSocketAddress local() {
        return local;
    }

    InetSocketAddress remote() {
        return remote;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return local;
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return remote;
    }

    // Waiting

    private void beginWait() {
        if (!socket.hearsInterrupts()) {
            socket.whenInterrupted(this::interrupted);
        }
        begin();
    }

    private void endWait(boolean completed) throws AsynchronousCloseException {
        if (Thread.currentThread().isInterrupted()) {
            begin(); // It may have come while somebody below had the thread's ear.
        }
        end(completed);
    }

    /** Runs on a thread that waits below: closes the channel as if it had been interrupted outside. */
    private void interrupted() {
        Thread.currentThread().interrupt();
        begin();
    }

    /** What a call below throws that was made while the channel is open; who has closed it meanwhile decides otherwise. */
    private IOException failure(WinsockException e) {
        return isOpen() ? socket.failure(e) : new AsynchronousCloseException();
    }

    // Binding and connecting

    @Override
    public SocketChannel bind(SocketAddress address) throws IOException {
        synchronized (socket) {
            ensureOpen();
            if (state == State.PENDING) {
                throw new ConnectionPendingException();
            }
            if (local != null) {
                throw new AlreadyBoundException();
            }
            try {
                socket.bind(ChannelAddresses.checkLocal(address, socket.isSix()));
                local = (InetSocketAddress) socket.localAddress();
            } catch (WinsockException e) {
                throw failure(e);
            }
        }
        return this;
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        InetSocketAddress peer = ChannelAddresses.checkPeer(address, socket.isSix());
        try {
            ensureOpen();
            return connect(peer, isBlocking());
        } catch (IOException e) {
            close(e);
            throw e;
        }
    }

    private boolean connect(InetSocketAddress peer, boolean blocking) throws IOException {
        boolean connected = false;
        if (blocking) {
            beginWait();
        }
        try {
            beginConnect(peer);
            connected = socket.connect(peer) || (blocking && isDecided(Long.MAX_VALUE));
        } catch (WinsockException e) {
            throw connectFailure(e);
        } finally {
            if (blocking) {
                endWait(connected);
            }
        }
        if (connected) {
            connected();
        } else {
            channelMayBeAnotherOne();
        }
        return connected;
    }

    private void beginConnect(InetSocketAddress peer) throws ClosedChannelException {
        synchronized (socket) {
            ensureOpen();
            if (state == State.CONNECTED) {
                throw new AlreadyConnectedException();
            }
            if (state == State.PENDING) {
                throw new ConnectionPendingException();
            }
            state = State.PENDING;
            remote = peer;
        }
    }

    private void connected() throws IOException {
        synchronized (socket) {
            try {
                if (state == State.PENDING) {
                    local = (InetSocketAddress) socket.localAddress();
                    state = State.CONNECTED;
                }
            } catch (WinsockException e) {
                throw failure(e);
            }
        }
    }

    private void channelMayBeAnotherOne() {
        ChannelKeys present = keys;
        if (present != null) {
            present.channelMayBeAnotherOne();
        }
    }

    /** Nobody listens at port 0, which Winsock tells before it is tried. */
    private IOException connectFailure(WinsockException e) {
        boolean toNobody = e.is(WsaError.WSAEADDRNOTAVAIL) && remote.getPort() == 0;
        return toNobody && isOpen() ? new ConnectException("Connection refused") : failure(e);
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (isConnected()) {
            return true;
        }
        try {
            ensureOpen();
            return finishConnect(isBlocking());
        } catch (IOException e) {
            close(e);
            throw e;
        }
    }

    private boolean finishConnect(boolean blocking) throws IOException {
        boolean connected = false;
        if (blocking) {
            beginWait();
        }
        try {
            ensureOpen();
            if (state != State.PENDING) {
                throw new NoConnectionPendingException();
            }
            connected = isDecided(blocking ? Long.MAX_VALUE : 0);
        } catch (WinsockException e) {
            throw connectFailure(e);
        } finally {
            if (blocking) {
                endWait(connected);
            }
        }
        if (connected) {
            connected();
        }
        return connected;
    }

    /** {@return true if it is connected, false if the time is over before it is known} */
    private boolean isDecided(long nanos) throws IOException {
        int ready = socket.select(false, true, true, nanos);
        if ((ready & Readiness.FAILED) != 0) {
            throw socket.connectFailure();
        }
        return (ready & Readiness.WRITABLE) != 0;
    }

    /** Connects for a socket: the channel is blocking, and the time limited. */
    void connect(SocketAddress address, long nanos) throws IOException {
        InetSocketAddress peer = ChannelAddresses.checkPeer(address, socket.isSix());
        try {
            ensureOpen();
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            if (nanos == Long.MAX_VALUE) {
                connect(peer, true);
            } else {
                connectInTime(peer, nanos);
            }
        } catch (IOException e) {
            close(e);
            throw e;
        }
    }

    private void connectInTime(InetSocketAddress peer, long nanos) throws IOException {
        boolean connected = false;
        beginWait();
        try {
            beginConnect(peer);
            socket.configureBlocking(false);
            try {
                connected = socket.connect(peer) || isDecided(nanos);
            } finally {
                if (isOpen()) {
                    socket.configureBlocking(true);
                }
            }
            if (!connected) {
                throw new SocketTimeoutException("Connect timed out");
            }
        } catch (WinsockException e) {
            throw connectFailure(e);
        } finally {
            endWait(connected);
        }
        connected();
    }

    // Reading

    @Override
    public int read(ByteBuffer target) throws IOException {
        Objects.requireNonNull(target);
        ensureConnected();
        return isBlocking() ? readBlocking(target) : readNow(target);
    }

    private int readNow(ByteBuffer target) throws IOException {
        if (inputShut) {
            return -1;
        }
        Buffers.checkWritable(target);
        if (!target.hasRemaining()) {
            return 0;
        }
        try {
            int n = socket.receive(target);
            return n > 0 ? n : n == 0 ? -1 : 0;
        } catch (WinsockException e) {
            return readFailed(e);
        }
    }

    private int readFailed(WinsockException e) throws IOException {
        if (inputShut) {
            return -1;
        }
        throw failure(e);
    }

    private int readBlocking(ByteBuffer target) throws IOException {
        int n = 0;
        beginWait();
        try {
            ensureOpen();
            if (inputShut) {
                return -1;
            }
            Buffers.checkWritable(target);
            if (!target.hasRemaining()) {
                return 0;
            }
            n = receiveWaiting(target, 0);
        } catch (WinsockException e) {
            return readFailed(e);
        } finally {
            endWait(n > 0);
        }
        return n > 0 ? n : -1;
    }

    /** Another thread may have made the socket non-blocking: for the moment of its attempt to connect, or for good. */
    private int receiveWaiting(ByteBuffer target, int timeoutMillis) throws WinsockException {
        socket.receiveTimeout(timeoutMillis);
        int n = socket.receive(target);
        while (n == WspResult.WOULD_BLOCK) {
            socket.select(true, false, false, Long.MAX_VALUE);
            n = socket.receive(target);
        }
        return n;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        ByteBuffer[] part = Buffers.part(targets, offset, length);
        ensureConnected();
        return isBlocking() ? readBlocking(part) : readNow(part);
    }

    private long readNow(ByteBuffer[] targets) throws IOException {
        if (inputShut) {
            return -1;
        }
        Buffers.checkWritable(targets);
        if (!Buffers.hasRemaining(targets)) {
            return 0;
        }
        try {
            long n = socket.receive(targets);
            return n > 0 ? n : n == 0 ? -1 : 0;
        } catch (WinsockException e) {
            return readFailed(e);
        }
    }

    private long readBlocking(ByteBuffer[] targets) throws IOException {
        long n = 0;
        beginWait();
        try {
            ensureOpen();
            if (inputShut) {
                return -1;
            }
            Buffers.checkWritable(targets);
            if (!Buffers.hasRemaining(targets)) {
                return 0;
            }
            n = receiveWaiting(targets);
        } catch (WinsockException e) {
            return readFailed(e);
        } finally {
            endWait(n > 0);
        }
        return n > 0 ? n : -1;
    }

    private long receiveWaiting(ByteBuffer[] targets) throws WinsockException {
        socket.receiveTimeout(0);
        long n = socket.receive(targets);
        while (n == WspResult.WOULD_BLOCK) {
            socket.select(true, false, false, Long.MAX_VALUE);
            n = socket.receive(targets);
        }
        return n;
    }

    /** Reads for a socket's stream: the channel is blocking, and the time may be limited; 0 for no limit. */
    int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        ensureConnected();
        checkBlocking();
        int n = 0;
        beginWait();
        try {
            ensureOpen();
            if (inputShut) {
                return -1;
            }
            n = receiveWaiting(ByteBuffer.wrap(target, offset, length), timeoutMillis);
        } catch (WinsockException e) {
            if (AgentSocket.isTimeout(e)) {
                throw new SocketTimeoutException("Read timed out");
            }
            return readFailed(e);
        } finally {
            endWait(n > 0);
        }
        return n > 0 ? n : -1;
    }

    private void checkBlocking() {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    int available() throws IOException {
        ensureConnected();
        if (inputShut) {
            return 0;
        }
        try {
            return socket.available();
        } catch (WinsockException e) {
            throw failure(e);
        }
    }

    // Writing

    @Override
    public int write(ByteBuffer source) throws IOException {
        Objects.requireNonNull(source);
        ensureConnected();
        if (isBlocking()) {
            return writeBlocking(source, 0);
        }
        checkOutput();
        if (!source.hasRemaining()) {
            return 0;
        }
        try {
            return Math.max(0, socket.send(source));
        } catch (WinsockException e) {
            throw writeFailure(e);
        }
    }

    /** The JDK notices only at the end of the attempt. */
    private void checkOutput() throws AsynchronousCloseException {
        if (outputShut) {
            throw new AsynchronousCloseException();
        }
    }

    private IOException writeFailure(WinsockException e) {
        return outputShut ? new AsynchronousCloseException() : isOpen() ? socket.sendFailure(e) : failure(e);
    }

    private int writeBlocking(ByteBuffer source, int flags) throws IOException {
        int n = 0;
        beginWait();
        try {
            ensureOpen();
            checkOutput();
            if (!source.hasRemaining()) {
                return 0;
            }
            n = sendWaiting(source, flags);
        } catch (WinsockException e) {
            throw writeFailure(e);
        } finally {
            endWait(n > 0);
        }
        return n;
    }

    private int sendWaiting(ByteBuffer source, int flags) throws WinsockException {
        int n = socket.send(source, flags);
        while (n == WspResult.WOULD_BLOCK) {
            socket.select(false, true, false, Long.MAX_VALUE);
            n = socket.send(source, flags);
        }
        return n;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        ByteBuffer[] part = Buffers.part(sources, offset, length);
        ensureConnected();
        if (isBlocking()) {
            return writeBlocking(part);
        }
        checkOutput();
        if (!Buffers.hasRemaining(part)) {
            return 0;
        }
        try {
            return Math.max(0, socket.send(part));
        } catch (WinsockException e) {
            throw writeFailure(e);
        }
    }

    private long writeBlocking(ByteBuffer[] sources) throws IOException {
        long n = 0;
        beginWait();
        try {
            ensureOpen();
            checkOutput();
            if (!Buffers.hasRemaining(sources)) {
                return 0;
            }
            n = socket.send(sources);
            while (n == WspResult.WOULD_BLOCK) {
                socket.select(false, true, false, Long.MAX_VALUE);
                n = socket.send(sources);
            }
        } catch (WinsockException e) {
            throw writeFailure(e);
        } finally {
            endWait(n > 0);
        }
        return n;
    }

    /** Writes everything, for a socket's stream: the channel is blocking. */
    void writeFully(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (length == 0) {
            return;
        }
        ensureConnected();
        checkBlocking();
        ByteBuffer left = ByteBuffer.wrap(source, offset, length);
        beginWait();
        try {
            ensureOpen();
            if (outputShut) {
                throw new ClosedChannelException();
            }
            while (left.hasRemaining()) {
                sendWaiting(left, 0);
            }
        } catch (WinsockException e) {
            throw streamFailure(e);
        } finally {
            endWait(!left.hasRemaining());
        }
    }

    /** Unlike a channel's, a stream's write that is under way finds what the operating system's finds. */
    private IOException streamFailure(WinsockException e) {
        if (outputShut && isOpen()) {
            return new IOException("Broken pipe");
        }
        return isOpen() ? socket.sendFailure(e) : failure(e);
    }

    /** Sends one urgent byte. {@return how many were sent: 0 if there is no room and the channel does not wait} */
    int writeUrgent(byte urgent) throws IOException {
        ensureConnected();
        ByteBuffer one = ByteBuffer.wrap(new byte[] {urgent});
        if (isBlocking()) {
            return writeBlocking(one, org.ws2j.spi.MessageFlag.MSG_OOB);
        }
        checkOutput();
        try {
            return Math.max(0, socket.send(one, org.ws2j.spi.MessageFlag.MSG_OOB));
        } catch (WinsockException e) {
            throw writeFailure(e);
        }
    }

    // Ending

    @Override
    public SocketChannel shutdownInput() throws IOException {
        synchronized (socket) {
            ensureShutdownPossible();
            if (!inputShut) {
                inputShut = true; // Before: it wakes who reads.
                shutdown(ShutdownHow.SD_RECEIVE);
            }
        }
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        synchronized (socket) {
            ensureShutdownPossible();
            if (!outputShut) {
                outputShut = true;
                shutdown(ShutdownHow.SD_SEND);
            }
        }
        return this;
    }

    private void ensureShutdownPossible() throws ClosedChannelException {
        ensureOpen();
        if (state != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    private void shutdown(int how) throws IOException {
        try {
            socket.shutdown(how);
        } catch (WinsockException e) {
            if (!AgentSocket.isGone(e)) {
                throw failure(e);
            }
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        try {
            socket.close(isRegistered());
        } catch (WinsockException e) {
            throw socket.failure(e);
        }
    }

    private void close(IOException reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        NioChannel.configureBlocking(this, socket, keys, block);
    }

    // Options

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        ChannelOptions.set(this, socket, name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return ChannelOptions.get(this, socket, name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return socket.supportedOptions();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(SocketChannel.class.getName()).append('[');
        if (isOpen()) {
            synchronized (socket) {
                describe(text);
            }
        } else {
            text.append("closed");
        }
        return text.append(']').toString();
    }

    private void describe(StringBuilder text) {
        text.append(state.text);
        if (state == State.CONNECTED) {
            text.append(inputShut ? " ishut" : "").append(outputShut ? " oshut" : "");
        }
        if (local != null) {
            text.append(" local=").append(local);
        }
        if (remote != null) {
            text.append(" remote=").append(remote);
        }
    }
}
