package org.ws2j.agent.net;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.agent.socket.JdkExceptions;
import org.ws2j.agent.socket.Readiness;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import sun.net.PlatformSocketImpl;

/**
 * What the JDK's Socket and ServerSocket stand on: one SOCKET, with the behaviour of the JDK's own implementation.
 *
 * <p>A thread that waits does so inside a blocking call of the host, which closing the socket ends. An interrupt leaves a platform
 * thread waiting; the interrupt of a virtual thread closes the socket, and its call fails.
 *
 * <p>States: {@code NEW} - {@link #create} - {@code UNCONNECTED} - {@link #connect} - {@code CONNECTING} - {@code CONNECTED};
 * {@link #close} ends each of them. {@link #accept} makes a {@code NEW} one {@code CONNECTED}. One that listens stays
 * {@code UNCONNECTED}. No lock but that of a direction, which the program's threads queue for, is held during a call down.
 */
public final class AgentSocketImpl extends SocketImpl implements PlatformSocketImpl {
    private enum State { NEW, UNCONNECTED, CONNECTING, CONNECTED, CLOSED }

    /** What one call transfers at most, as in the JDK. */
    private static final int MAX_TRANSFER = 128 * 1_024;

    private static final int DEFAULT_BACKLOG = 50;

    private static final String CLOSED = "Socket closed";
    private static final String INTERRUPTED = "Closed by interrupt";
    private static final String RESET = "Connection reset";
    private static final String READ_TIMED_OUT = "Read timed out";
    private static final String ACCEPT_TIMED_OUT = "Accept timed out";

    private final NetworkSource network;
    private final boolean server;

    /** Held by who reads or accepts. */
    private final ReentrantLock readLock = new ReentrantLock();

    /** Held by who writes. */
    private final ReentrantLock writeLock = new ReentrantLock();

    /** Guards changes of {@code state}; a leaf. */
    private final Object stateLock = new Object();

    private volatile State state = State.NEW;

    /** Null while {@code NEW}. */
    private volatile AgentSocket socket;

    private volatile ImplOptions options;

    /** Guarded by the read lock. */
    private final ArrayView readView = new ArrayView();

    /** Guarded by the write lock. */
    private final ArrayView writeView = new ArrayView();

    private volatile boolean inputClosed;
    private volatile boolean outputClosed;

    /** Whether a read has met a reset: each one after it does. */
    private volatile boolean reset;

    /** Whether a read has met the end: each one after it does, also when the socket is closed. Guarded by the read lock. */
    private boolean readEnded;

    /** Whether a write has told that the connection is gone: those after it find a broken pipe. */
    private volatile boolean writeFailed;

    /** Whether accepts answer rather than wait. Guarded by the read lock. */
    private boolean nonBlocking;

    /**
     * Makes one, without a socket yet.
     *
     * @param network where its socket is to be
     * @param server whether it is to listen
     */
    public AgentSocketImpl(AgentNetwork network, boolean server) {
        this.network = NetworkSource.of(network);
        this.server = server;
    }

    /**
     * Makes one, without a socket yet, for a network that may not be there yet.
     *
     * @param network asked when the socket is made
     * @param server whether it is to listen
     */
    public AgentSocketImpl(NetworkSource network, boolean server) {
        this.network = Objects.requireNonNull(network, "network");
        this.server = server;
    }

    // Life

    @Override
    protected void create(boolean stream) throws IOException {
        if (!stream) {
            throw new IOException("Datagram sockets are not supported");
        }
        if (state != State.NEW) {
            throw new IOException("Already created");
        }
        try {
            adopt(network.network().stream(null), State.UNCONNECTED);
        } catch (WinsockException e) {
            throw socketException(JdkExceptions.of(e));
        }
    }

    private void adopt(AgentSocket made, State next) throws IOException {
        try {
            options = new ImplOptions(made, server);
            made.whenVirtualThreadInterrupted(this::interrupted);
            fd = new FileDescriptor();
            synchronized (stateLock) {
                if (state != State.NEW) {
                    throw new SocketException(CLOSED);
                }
                socket = made;
                state = next;
            }
        } catch (IOException e) {
            close(made, e);
            throw e;
        }
    }

    private static void close(AgentSocket unused, IOException why) {
        try {
            unused.close(false);
        } catch (WinsockException e) {
            why.addSuppressed(unused.failure(e));
        }
    }

    /** {@return the socket, if there is one and it is open} */
    private AgentSocket open() throws SocketException {
        return switch (state) {
            case NEW -> throw new SocketException("Socket not created");
            case CLOSED -> throw new SocketException(CLOSED);
            default -> socket;
        };
    }

    private AgentSocket connected() throws SocketException {
        if (state == State.CONNECTED) {
            return socket;
        }
        open();
        throw new SocketException("Not connected");
    }

    @Override
    protected void close() throws IOException {
        AgentSocket closing;
        boolean endsStream;
        synchronized (stateLock) {
            if (state == State.CLOSED) {
                return;
            }
            endsStream = state == State.CONNECTED && !outputClosed && !options.isLingering();
            state = State.CLOSED;
            closing = socket;
        }
        if (closing != null) {
            try {
                if (endsStream) {
                    endStream(closing);
                }
                closing.close(false);
            } catch (WinsockException e) {
                throw socketException(closing.failure(e));
            }
        }
    }

    /** As the JDK does, so that the peer sees the end before the reset that unread data causes. */
    private static void endStream(AgentSocket closing) {
        try {
            closing.shutdown(ShutdownHow.SD_SEND);
        } catch (WinsockException e) {
            closing.failure(e); // The connection has ended otherwise: it is counted, and there is nothing left to be ended.
        }
    }

    /** Runs on a thread that was interrupted while it waits inside. */
    private void interrupted() {
        try {
            close();
        } catch (IOException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e); // The call below fails all the same.
        }
    }

    // Failures

    /** {@return what a call fails with whose socket is closed; null if it is open} */
    private IOException closedException() {
        if (state != State.CLOSED) {
            return null;
        }
        return isInterruptedVirtual() ? new InterruptedIOException(INTERRUPTED) : new SocketException(CLOSED);
    }

    private static boolean isInterruptedVirtual() {
        Thread thread = Thread.currentThread();
        return thread.isVirtual() && thread.isInterrupted();
    }

    private IOException failure(AgentSocket failed, WinsockException e) {
        IOException closed = closedException();
        return closed == null ? socketException(failed.failure(e)) : closed;
    }

    private static SocketException socketException(IOException e) {
        return e instanceof SocketException already ? already : withCause(new SocketException(e.getMessage()), e);
    }

    private static SocketException withCause(SocketException made, IOException cause) {
        made.initCause(cause);
        return made;
    }

    // Connecting

    @Override
    protected void connect(String host, int newPort) throws IOException {
        connect(new InetSocketAddress(host, newPort), 0);
    }

    @Override
    protected void connect(InetAddress newAddress, int newPort) throws IOException {
        connect(new InetSocketAddress(newAddress, newPort), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        if (!(remote instanceof InetSocketAddress inet)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        if (inet.isUnresolved()) {
            throw new UnknownHostException(inet.getHostName());
        }
        InetAddress host = inet.getAddress();
        InetAddress there = host.isAnyLocalAddress() ? InetAddress.getLocalHost() : host;
        try {
            AgentSocket connecting = beginConnect(there, inet.getPort());
            connect(connecting, new InetSocketAddress(there, inet.getPort()), millis);
            endConnect(connecting);
        } catch (SocketTimeoutException e) {
            close();
            throw e;
        } catch (InterruptedIOException e) { // Not for the socket above to find out, unlike with reads and accepts.
            close();
            throw withCause(new SocketException(INTERRUPTED), e);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private AgentSocket beginConnect(InetAddress there, int newPort) throws IOException {
        synchronized (stateLock) {
            AgentSocket connecting = open();
            if (state == State.CONNECTING) {
                throw new SocketException("Connection in progress");
            }
            if (state == State.CONNECTED) {
                throw new SocketException("Already connected");
            }
            state = State.CONNECTING;
            address = there;
            port = newPort;
            return connecting;
        }
    }

    private void connect(AgentSocket connecting, InetSocketAddress to, int millis) throws IOException {
        try {
            if (millis <= 0) {
                connecting.connect(to);
            } else {
                connecting.configureBlocking(false);
                if (!connecting.connect(to)) {
                    awaitConnected(connecting, TimeUnit.MILLISECONDS.toNanos(millis));
                }
                connecting.configureBlocking(true);
            }
        } catch (WinsockException e) {
            if (to.getPort() == 0 && e.is(WsaError.WSAEADDRNOTAVAIL)) {
                throw new ConnectException("Connection refused"); // The host does not even try, as the system would.
            }
            throw failure(connecting, e);
        }
    }

    private static void awaitConnected(AgentSocket connecting, long nanos) throws IOException {
        int found = connecting.select(false, true, true, nanos);
        if ((found & Readiness.FAILED) != 0) {
            throw connecting.connectFailure();
        }
        if (found == 0) {
            throw new SocketTimeoutException("Connect timed out");
        }
    }

    private void endConnect(AgentSocket connecting) throws IOException {
        if (isInterruptedVirtual()) {
            throw new InterruptedIOException(INTERRUPTED);
        }
        int local = localPort(connecting);
        synchronized (stateLock) {
            if (state == State.CONNECTING) {
                localport = local;
                state = State.CONNECTED;
            }
        }
        IOException closed = closedException();
        if (closed != null) {
            throw closed;
        }
    }

    private int localPort(AgentSocket bound) throws IOException {
        try {
            InetSocketAddress local = (InetSocketAddress) bound.localAddress();
            return local == null ? 0 : local.getPort();
        } catch (WinsockException e) {
            throw failure(bound, e);
        }
    }

    // Listening

    @Override
    protected void bind(InetAddress host, int newPort) throws IOException {
        AgentSocket binding = open();
        if (localport != 0) {
            throw new SocketException("Already bound");
        }
        try {
            binding.bind(new InetSocketAddress(host, newPort));
        } catch (WinsockException e) {
            throw failure(binding, e);
        }
        address = host;
        localport = localPort(binding);
    }

    @Override
    protected void listen(int backlog) throws IOException {
        AgentSocket listening = open();
        try {
            listening.listen(backlog < 1 ? DEFAULT_BACKLOG : backlog);
        } catch (WinsockException e) {
            throw failure(listening, e);
        }
    }

    @Override
    protected void accept(SocketImpl si) throws IOException {
        AgentSocketImpl target = (AgentSocketImpl) si;
        if (target.state != State.NEW) {
            throw new SocketException("Not a newly created SocketImpl");
        }
        AddressHolder peer = new AddressHolder();
        AgentSocket connection = accept(peer);
        target.accepted(connection, (InetSocketAddress) peer.address());
    }

    private AgentSocket accept(AddressHolder peer) throws IOException {
        AgentSocket listening = open();
        int millis = options.timeoutMillis();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        lock(millis, end, ACCEPT_TIMED_OUT);
        try {
            setNonBlocking(listening, millis > 0);
            AgentSocket connection = listening.accept(peer);
            while (connection == null) {
                awaitConnection(listening, end - System.nanoTime());
                connection = listening.accept(peer);
            }
            return connection;
        } catch (WinsockException e) {
            throw failure(listening, e);
        } finally {
            readLock.unlock();
        }
    }

    /** Those who wait for their turn to read or accept have no more time than those who do it. */
    private void lock(int millis, long end, String timedOut) throws SocketTimeoutException {
        if (millis == 0) {
            readLock.lock();
            return;
        }
        boolean interrupted = false;
        boolean locked = false;
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        while (!locked && left > 0) {
            try {
                locked = readLock.tryLock(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true; // It does not count before the call waits for data or a connection.
            }
            left = end - System.nanoTime();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!locked) {
            throw new SocketTimeoutException(timedOut);
        }
    }

    private void setNonBlocking(AgentSocket listening, boolean wanted) throws WinsockException {
        if (nonBlocking != wanted) {
            listening.configureBlocking(!wanted);
            nonBlocking = wanted;
        }
    }

    private static void awaitConnection(AgentSocket listening, long nanos) throws IOException {
        if (nanos <= 0 || listening.select(true, false, false, nanos) == 0) {
            throw new SocketTimeoutException(ACCEPT_TIMED_OUT);
        }
    }

    private void accepted(AgentSocket connection, InetSocketAddress peer) throws IOException {
        try {
            localport = localPort(connection);
            address = peer.getAddress();
            port = peer.getPort();
        } catch (IOException e) {
            close(connection, e);
            throw e;
        }
        adopt(connection, State.CONNECTED);
    }

    // Transfers

    @Override
    protected InputStream getInputStream() {
        return new SocketStreams.Input(this);
    }

    @Override
    protected OutputStream getOutputStream() {
        return new SocketStreams.Output(this);
    }

    int read(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        if (len == 0) {
            return 0;
        }
        long left = lockToRead();
        try {
            if (readEnded) {
                return -1;
            }
            int n = readOnce(b, off, Math.min(len, MAX_TRANSFER), left);
            readEnded = n < 0;
            return n;
        } finally {
            readLock.unlock();
        }
    }

    /** {@return the nanoseconds that a wait for the turn has left over; the greatest number if the socket alone limits the time} */
    private long lockToRead() throws SocketTimeoutException {
        if (readLock.tryLock()) {
            return Long.MAX_VALUE;
        }
        ImplOptions present = options;
        int millis = present == null ? 0 : present.timeoutMillis();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        lock(millis, end, READ_TIMED_OUT);
        return millis == 0 ? Long.MAX_VALUE : end - System.nanoTime();
    }

    private int readOnce(byte[] b, int off, int len, long left) throws IOException {
        AgentSocket reading = connected();
        if (reset) {
            throw new SocketException(RESET);
        }
        if (inputClosed) {
            return -1;
        }
        int millis = options.timeoutMillis();
        try {
            if (left < Long.MAX_VALUE && (left <= 0 || reading.select(true, false, false, left) == 0)) {
                throw new SocketTimeoutException(READ_TIMED_OUT);
            }
            int n = reading.receive(readView.of(b, off, len));
            return n == 0 ? -1 : n;
        } catch (WinsockException e) {
            return readFailed(reading, e, millis);
        }
    }

    private int readFailed(AgentSocket reading, WinsockException e, int millis) throws IOException {
        IOException closed = closedException();
        if (closed != null) {
            throw closed;
        }
        if (e.is(WsaError.WSAESHUTDOWN) && inputClosed) {
            return -1;
        }
        if (millis > 0 && AgentSocket.isTimeout(e)) {
            throw new SocketTimeoutException(READ_TIMED_OUT);
        }
        reset |= e.is(WsaError.WSAECONNRESET);
        throw socketException(reading.failure(e));
    }

    void write(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        if (len == 0) {
            return;
        }
        writeLock.lock();
        try {
            int end = off + len;
            for (int at = off; at < end;) {
                at += writeOnce(writeView.of(b, at, Math.min(end - at, MAX_TRANSFER)), 0);
            }
        } finally {
            writeLock.unlock();
        }
    }

    private int writeOnce(ByteBuffer source, int flags) throws IOException {
        AgentSocket writing = connected();
        try {
            return writing.send(source, flags);
        } catch (WinsockException e) {
            throw writeFailed(writing, e);
        }
    }

    private IOException writeFailed(AgentSocket writing, WinsockException e) {
        IOException failure = failure(writing, e);
        boolean isGone = e.is(WsaError.WSAECONNRESET) && state != State.CLOSED;
        if (isGone && (writeFailed || reset)) {
            return new SocketException("Broken pipe");
        }
        writeFailed |= isGone;
        return failure;
    }

    @Override
    protected int available() throws IOException {
        AgentSocket asked = connected();
        if (inputClosed) {
            return 0;
        }
        try {
            return asked.available();
        } catch (WinsockException e) {
            throw failure(asked, e);
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        AgentSocket shut = connected();
        if (!inputClosed) {
            inputClosed = true; // First, for who reads at the moment.
            shutdown(shut, ShutdownHow.SD_RECEIVE);
        }
    }

    @Override
    protected void shutdownOutput() throws IOException {
        AgentSocket shut = connected();
        if (!outputClosed) {
            outputClosed = true;
            shutdown(shut, ShutdownHow.SD_SEND);
        }
    }

    private void shutdown(AgentSocket shut, int how) throws IOException {
        try {
            shut.shutdown(how);
        } catch (WinsockException e) {
            throw failure(shut, e);
        }
    }

    @Override
    protected boolean supportsUrgentData() {
        return true;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        writeLock.lock();
        try {
            writeOnce(ByteBuffer.wrap(new byte[] {(byte) data}), MessageFlag.MSG_OOB);
        } finally {
            writeLock.unlock();
        }
    }

    // Options

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        try {
            ImplOptions present = options; // A closed socket has the same.
            return present == null ? Set.of() : present.supported();
        } catch (IOException e) {
            return Set.of();
        }
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        AgentSocket set = open();
        try {
            options.setSupported(option, value);
        } catch (WinsockException e) {
            throw failure(set, e);
        }
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        open();
        return options.getSupported(option);
    }

    @Override
    public void setOption(int number, Object value) throws SocketException {
        open();
        try {
            options.set(number, value);
        } catch (IOException e) {
            throw socketException(e);
        }
    }

    @Override
    public Object getOption(int number) throws SocketException {
        open();
        try {
            return options.get(number);
        } catch (IOException e) {
            throw socketException(e);
        }
    }
}
