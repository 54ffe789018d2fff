package org.ws2j.agent.nio;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** Datagrams. What a buffer has no room for is lost without a word, as with the JDK's channels. */
final class NioDatagramChannel extends DatagramChannel implements NioChannel {
    private static final AtomicReferenceFieldUpdater<NioDatagramChannel, ReceiveResult> SPARE =
            AtomicReferenceFieldUpdater.newUpdater(NioDatagramChannel.class, ReceiveResult.class, "spare");

    /** Its monitor guards binding, connecting and memberships. */
    private final AgentSocket socket;

    private final boolean interruptible;
    private final GroupMemberships memberships;
    private volatile InetSocketAddress local;
    private volatile InetSocketAddress remote;

    /** What the next receive takes, so that it makes none; null while one has it. */
    private volatile ReceiveResult spare;

    /** Null before somebody asks; written under the monitor of the socket. */
    private volatile ChannelKeys keys;

    private DatagramSocket adaptor;

    NioDatagramChannel(NioProvider provider, AgentSocket socket, boolean interruptible) {
        super(provider.face());
        this.socket = socket;
        this.interruptible = interruptible;
        this.memberships = new GroupMemberships(this, socket);
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
    public DatagramSocket socket() {
        synchronized (socket) {
            if (adaptor == null) {
                adaptor = DatagramSocketAdaptor.of(this);
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

    InetSocketAddress local() {
        return local;
    }

    InetSocketAddress remote() {
        return remote;
    }

    GroupMemberships memberships() {
        return memberships;
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

    @Override
    public boolean isConnected() {
        return remote != null && isOpen();
    }

    private IOException failure(WinsockException e) {
        return isOpen() ? socket.failure(e) : new AsynchronousCloseException();
    }

    // Waiting

    private void beginWait() {
        if (!socket.hearsInterrupts()) {
            socket.whenInterrupted(this::interrupted);
        }
        if (interruptible) {
            begin();
        }
    }

    private void endWait(boolean completed) throws AsynchronousCloseException {
        if (!interruptible) {
            if (!completed && !isOpen()) {
                throw new AsynchronousCloseException();
            }
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            begin(); // It may have come while somebody below had the thread's ear.
        }
        end(completed);
    }

    /** Runs on a thread that waits below. The socket of an uninterruptible channel tells a virtual thread what has happened. */
    private void interrupted() {
        Thread.currentThread().interrupt();
        if (interruptible) {
            begin();
        } else if (Thread.currentThread().isVirtual()) {
            socket();
            adaptor.close();
        }
    }

    // Binding and connecting

    @Override
    public DatagramChannel bind(SocketAddress address) throws IOException {
        synchronized (socket) {
            ensureOpen();
            if (local != null) {
                throw new AlreadyBoundException();
            }
            bindTo(address);
        }
        return this;
    }

    private void bindTo(SocketAddress address) throws IOException {
        try {
            socket.bind(address == null ? anywhere() : ChannelAddresses.check(address, socket.isSix()));
            local = (InetSocketAddress) socket.localAddress();
        } catch (WinsockException e) {
            throw failure(e);
        }
    }

    private InetSocketAddress anywhere() {
        return socket.isSix() ? new InetSocketAddress(0) : ChannelAddresses.any(false);
    }

    private void bindIfNeeded() throws IOException {
        if (local == null) {
            synchronized (socket) {
                ensureOpen();
                if (local == null) {
                    bindTo(null);
                }
            }
        }
    }

    @Override
    public DatagramChannel connect(SocketAddress address) throws IOException {
        return connect(address, false);
    }

    /** Connects; again where the channel's socket does that. */
    DatagramChannel connect(SocketAddress address, boolean again) throws IOException {
        InetSocketAddress peer = ChannelAddresses.check(address, socket.isSix());
        synchronized (socket) {
            ensureOpen();
            if (remote != null && !again) {
                throw new AlreadyConnectedException();
            }
            if (peer.getPort() == 0) {
                throw new SocketException("Can't connect to port 0");
            }
            bindIfNeeded();
            try {
                socket.connect(peer.getAddress().isAnyLocalAddress() ? ChannelAddresses.loopback(peer) : peer);
                remote = peer;
                local = (InetSocketAddress) socket.localAddress();
            } catch (WinsockException e) {
                throw failure(e);
            }
        }
        return this;
    }

    @Override
    public DatagramChannel disconnect() throws IOException {
        synchronized (socket) {
            if (!isConnected()) {
                return this;
            }
            try {
                socket.connect(ChannelAddresses.any(socket.isSix())); // To nobody.
                remote = null;
                local = (InetSocketAddress) socket.localAddress();
            } catch (WinsockException e) {
                throw failure(e);
            }
        }
        return this;
    }

    // Receiving

    @Override
    public SocketAddress receive(ByteBuffer target) throws IOException {
        Buffers.checkWritable(target);
        ensureOpen();
        if (!isBlocking()) {
            bindIfNeeded();
            return receive(target, false);
        }
        SocketAddress from = null;
        beginWait();
        try {
            bindIfNeeded();
            from = receive(target, true);
            return from;
        } finally {
            endWait(from != null);
        }
    }

    /** Receives for a socket: the channel is blocking, and the time may be limited; 0 for no limit. */
    SocketAddress receive(ByteBuffer target, int timeoutMillis) throws IOException {
        ensureOpen();
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        SocketAddress from = null;
        beginWait();
        try {
            bindIfNeeded();
            from = receiveFrom(target, true, timeoutMillis);
            return from;
        } catch (WinsockException e) {
            if (AgentSocket.isTimeout(e)) {
                throw new SocketTimeoutException("Receive timed out");
            }
            throw failure(e);
        } finally {
            endWait(from != null);
        }
    }

    private SocketAddress receive(ByteBuffer target, boolean blocking) throws IOException {
        try {
            return receiveFrom(target, blocking, 0);
        } catch (WinsockException e) {
            throw failure(e);
        }
    }

    private SocketAddress receiveFrom(ByteBuffer target, boolean blocking, int timeoutMillis)
            throws WinsockException {
        ReceiveResult result = SPARE.getAndSet(this, null);
        if (result == null) {
            result = new ReceiveResult();
        }
        try {
            if (blocking) {
                socket.receiveTimeout(timeoutMillis);
            }
            int n = socket.receiveFrom(target, result);
            return n == WspResult.WOULD_BLOCK ? null : result.from();
        } catch (WinsockException e) {
            if (!isTruncated(e)) {
                throw e;
            }
            socket.countReceived(target.remaining());
            target.position(target.limit());
            return result.from();
        } finally {
            spare = result;
        }
    }

    /** What was received or is to be sent has no room: received, the buffers are full of the first part of it. */
    private static boolean isTruncated(WinsockException e) {
        return e.is(WsaError.WSAEMSGSIZE);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        Objects.requireNonNull(target);
        ensureOpen();
        if (!isBlocking()) {
            ensureConnected();
            return readNow(target);
        }
        int n = 0;
        beginWait();
        try {
            ensureOpen();
            ensureConnected();
            socket.receiveTimeout(0);
            n = readNow(target);
        } catch (WinsockException e) {
            throw failure(e);
        } finally {
            endWait(n > 0);
        }
        return n;
    }

    private int readNow(ByteBuffer target) throws IOException {
        Buffers.checkWritable(target);
        if (!target.hasRemaining()) {
            return 0;
        }
        try {
            return Math.max(0, socket.receive(target));
        } catch (WinsockException e) {
            if (!isTruncated(e)) {
                throw failure(e);
            }
            int n = target.remaining();
            target.position(target.limit());
            socket.countReceived(n);
            return n;
        }
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        return readAll(Buffers.part(targets, offset, length));
    }

    private long readAll(ByteBuffer[] targets) throws IOException {
        ensureOpen();
        if (!isBlocking()) {
            ensureConnected();
            return readNow(targets);
        }
        long n = 0;
        beginWait();
        try {
            ensureOpen();
            ensureConnected();
            socket.receiveTimeout(0);
            n = readNow(targets);
        } catch (WinsockException e) {
            throw failure(e);
        } finally {
            endWait(n > 0);
        }
        return n;
    }

    private void ensureConnected() {
        if (remote == null) {
            throw new NotYetConnectedException();
        }
    }

    private long readNow(ByteBuffer[] targets) throws IOException {
        Buffers.checkWritable(targets);
        if (!Buffers.hasRemaining(targets)) {
            return 0;
        }
        try {
            return Math.max(0, socket.receive(targets));
        } catch (WinsockException e) {
            if (!isTruncated(e)) {
                throw failure(e);
            }
            long n = Buffers.fill(targets);
            socket.countReceived(n);
            return n;
        }
    }

    // Sending

    @Override
    public int send(ByteBuffer source, SocketAddress target) throws IOException {
        Objects.requireNonNull(source);
        InetSocketAddress to = ChannelAddresses.check(target, socket.isSix());
        ensureOpen();
        if (!isBlocking()) {
            bindIfNeeded();
            return sendNow(source, to);
        }
        int n = -1;
        beginWait();
        try {
            bindIfNeeded();
            n = sendNow(source, to);
        } finally {
            endWait(n >= 0);
        }
        return n;
    }

    private int sendNow(ByteBuffer source, InetSocketAddress to) throws IOException {
        InetSocketAddress peer = remote;
        if (peer != null && !peer.equals(to)) {
            throw new AlreadyConnectedException();
        }
        if (to.getPort() == 0) {
            throw new SocketException("Can't send to port 0");
        }
        if (peer != null) {
            return writeNow(source);
        }
        try {
            return Math.max(0, socket.sendTo(source, to));
        } catch (WinsockException e) {
            throw failure(e);
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        Objects.requireNonNull(source);
        ensureOpen();
        if (!isBlocking()) {
            ensureConnected();
            return writeNow(source);
        }
        int n = 0;
        beginWait();
        try {
            ensureOpen();
            ensureConnected();
            n = writeNow(source);
        } finally {
            endWait(n > 0);
        }
        return n;
    }

    /** A connected channel sends no empty datagrams. */
    private int writeNow(ByteBuffer source) throws IOException {
        if (!source.hasRemaining()) {
            return 0;
        }
        try {
            return Math.max(0, socket.send(source));
        } catch (WinsockException e) {
            throw writeFailure(e);
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        ByteBuffer[] part = Buffers.part(sources, offset, length);
        ensureOpen();
        if (!isBlocking()) {
            ensureConnected();
            return writeNow(part);
        }
        long n = 0;
        beginWait();
        try {
            ensureOpen();
            ensureConnected();
            n = writeNow(part);
        } finally {
            endWait(n > 0);
        }
        return n;
    }

    private long writeNow(ByteBuffer[] sources) throws IOException {
        if (!Buffers.hasRemaining(sources)) {
            return 0;
        }
        try {
            return Math.max(0, socket.send(sources));
        } catch (WinsockException e) {
            throw writeFailure(e);
        }
    }

    /** Of one error the JDK's writes make another class than its sends. */
    private IOException writeFailure(WinsockException e) {
        IOException failure = failure(e);
        return isTruncated(e) ? new IOException(failure.getMessage()) : failure;
    }

    // Groups

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface via) throws IOException {
        return memberships.join(group, via, null);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface via, InetAddress source) throws IOException {
        return memberships.join(group, via, Objects.requireNonNull(source));
    }

    // Ending

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        memberships.invalidate();
        try {
            socket.close(isRegistered());
        } catch (WinsockException e) {
            throw socket.failure(e);
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        NioChannel.configureBlocking(this, socket, keys, block);
    }

    // Options

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
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
}
