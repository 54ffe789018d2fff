package org.ws2j.agent.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.WinsockException;

/** A listener: bind makes its SOCKET bound and listening. */
final class NioServerSocketChannel extends ServerSocketChannel implements NioChannel {
    private static final int USUAL_BACKLOG = 50;

    /** The JDK's own name for the class, which its text shows. */
    private static final String NAME = "sun.nio.ch.ServerSocketChannelImpl";

    /** Its monitor guards binding. */
    private final NioProvider maker;
    private final AgentSocket socket;

    /** Held by who accepts, and by who changes the mode. */
    private final ReentrantLock acceptLock = new ReentrantLock();

    private final Set<SocketOption<?>> options;
    private volatile InetSocketAddress local;

    /** Null before somebody asks; written under the monitor of the socket. */
    private volatile ChannelKeys keys;

    private ServerSocket adaptor;

    private NioServerSocketChannel(NioProvider provider, AgentSocket socket) throws IOException {
        super(provider.face());
        this.maker = provider;
        this.socket = socket;
        this.options = provider.network().serverOptions();
    }

    /** Everywhere but on Windows the JDK's listeners are made with SO_REUSEADDR. */
    static NioServerSocketChannel open(NioProvider provider, AgentSocket socket) throws IOException {
        NioServerSocketChannel channel = new NioServerSocketChannel(provider, socket);
        if (!System.getProperty("os.name").startsWith("Windows")) {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        }
        return channel;
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
    public ServerSocket socket() {
        synchronized (socket) {
            if (adaptor == null) {
                adaptor = new ServerSocketAdaptor(this);
            }
            return adaptor;
        }
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    InetSocketAddress local() {
        return local;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return local;
    }

    private IOException failure(WinsockException e) {
        return isOpen() ? socket.failure(e) : new AsynchronousCloseException();
    }

    @Override
    public ServerSocketChannel bind(SocketAddress address, int backlog) throws IOException {
        synchronized (socket) {
            ensureOpen();
            if (local != null) {
                throw new AlreadyBoundException();
            }
            try {
                socket.bind(ChannelAddresses.checkLocal(address, socket.isSix()));
                socket.listen(backlog < 1 ? USUAL_BACKLOG : backlog);
                local = (InetSocketAddress) socket.localAddress();
            } catch (WinsockException e) {
                throw failure(e);
            }
        }
        ChannelKeys present = keys;
        if (present != null) {
            present.channelMayBeAnotherOne();
        }
        return this;
    }

    // Accepting

    @Override
    public SocketChannel accept() throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
            return isBlocking() ? acceptWaiting(Long.MAX_VALUE) : acceptNow();
        } finally {
            acceptLock.unlock();
        }
    }

    private SocketChannel acceptNow() throws IOException {
        ensureBound();
        try {
            return acceptOne();
        } catch (WinsockException e) {
            throw failure(e);
        }
    }

    private void ensureBound() {
        if (local == null) {
            throw new NotYetBoundException();
        }
    }

    private SocketChannel acceptOne() throws WinsockException {
        AddressHolder peer = new AddressHolder();
        AgentSocket accepted = socket.accept(peer);
        return accepted == null ? null
                : new NioSocketChannel(maker, accepted, (InetSocketAddress) peer.address());
    }

    /** Accepts with a limit of time, for a socket: the channel is blocking. */
    SocketChannel accept(long nanos) throws IOException {
        acceptLock.lock();
        try {
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            return acceptWaiting(nanos);
        } finally {
            acceptLock.unlock();
        }
    }

    private SocketChannel acceptWaiting(long nanos) throws IOException {
        SocketChannel accepted = null;
        beginWait();
        try {
            ensureOpen();
            ensureBound();
            accepted = nanos == Long.MAX_VALUE ? acceptBefore(nanos) : acceptInTime(nanos);
            return accepted;
        } catch (WinsockException e) {
            throw failure(e);
        } finally {
            endWait(accepted);
        }
    }

    /** Accepts without waiting, so that the time counts although the connection that has come is gone again. */
    private SocketChannel acceptInTime(long nanos) throws IOException, WinsockException {
        socket.configureBlocking(false);
        SocketChannel accepted = null;
        try {
            accepted = acceptBefore(nanos);
        } finally {
            blockAgain(accepted);
        }
        return accepted;
    }

    private void blockAgain(SocketChannel accepted) throws IOException, WinsockException {
        try {
            socket.configureBlocking(true);
        } catch (WinsockException e) {
            if (isOpen()) {
                if (accepted != null) {
                    accepted.close();
                }
                throw e;
            }
        }
    }

    private SocketChannel acceptBefore(long nanos) throws IOException, WinsockException {
        long start = System.nanoTime();
        SocketChannel accepted = acceptOne();
        while (accepted == null) {
            long left = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
            if (left <= 0 || socket.select(true, false, false, left) == 0) {
                throw new SocketTimeoutException("Accept timed out");
            }
            accepted = acceptOne();
        }
        return accepted;
    }

    private void beginWait() {
        if (!socket.hearsInterrupts()) {
            socket.whenInterrupted(this::interrupted);
        }
        begin();
    }

    /** A connection that an interrupted thread does not get is closed. */
    private void endWait(SocketChannel accepted) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            begin(); // It may have come while somebody below had the thread's ear.
        }
        try {
            end(accepted != null);
        } catch (AsynchronousCloseException e) {
            if (accepted != null) {
                accepted.close();
            }
            throw e;
        }
    }

    private void interrupted() {
        Thread.currentThread().interrupt();
        begin();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        try {
            socket.close(isRegistered());
        } catch (WinsockException e) {
            throw socket.failure(e);
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        acceptLock.lock();
        try {
            NioChannel.configureBlocking(this, socket, keys, block);
        } finally {
            acceptLock.unlock();
        }
    }

    // Options

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        ChannelOptions.set(this, socket, name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return ChannelOptions.get(this, socket, name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return options;
    }

    @Override
    public String toString() {
        return NAME + '[' + (isOpen() ? local == null ? "unbound" : "" : "closed") + ']';
    }
}
