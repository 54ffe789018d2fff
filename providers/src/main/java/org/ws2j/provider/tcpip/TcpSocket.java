package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.ws2j.provider.address.Addresses;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.Linger;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspResult;

/** A stream socket: what connects, what listens ({@link TcpListener}), and what was accepted. */
final class TcpSocket extends TcpIpSocket {
    private final TcpReceiving receiving = new TcpReceiving(this);
    private final TcpSending sending = new TcpSending(this);

    /** Null before an extension function has had to do with it. */
    private volatile TcpExtension extension;

    /** Accepts, once the socket listens; null before. */
    private volatile TcpListener listener;

    /** What is in the slot; a failed connect and a listen replace it, under both locks. */
    private volatile SocketChannel stream;

    /** Null before the system has had calls of the stream wait; written under both locks. */
    private volatile BlockingStream below;

    private volatile InetSocketAddress local;
    private volatile InetSocketAddress peer;

    /** What the client has bound it to; null if it has not. */
    private volatile InetSocketAddress bindName;

    /** Whether a client gave the address, so that a channel that takes the place gets it too. */
    private boolean boundByClient;

    /** Whether one side was shut down; each is written under both locks. */
    private volatile boolean receiveShut;

    private volatile boolean sendShut;

    /** Whether either direction of the connection has failed; each says why. */
    private volatile boolean broken;

    /** Why the last attempt to connect failed; null before, and again at the next. */
    private volatile WinsockException connectFailure;

    /** An unconnected socket. */
    TcpSocket(Network network, WsaProtocolInfo info, boolean overlapped) throws WinsockException {
        super(network, info, overlapped);
        try {
            stream = open();
        } catch (IOException e) {
            throw JdkErrors.of("opening a stream socket", e);
        }
    }

    /** An accepted one. */
    TcpSocket(TcpSocket listening, SocketChannel accepted) throws IOException {
        super(listening.network, listening.info, listening.overlapped);
        stream = accepted;
        accepted.configureBlocking(false);
        inheritOptions(listening);
        options().applyTo(accepted);
        local = (InetSocketAddress) accepted.getLocalAddress();
        peer = (InetSocketAddress) accepted.getRemoteAddress();
        nonBlocking = listening.nonBlocking;
        dualStack = listening.dualStack;
        state = SocketState.CONNECTED;
        lockBoth();
        try {
            inheritEvents(listening);
        } finally {
            unlockBoth();
        }
    }

    void inheritEvents(TcpSocket listening) {
        if (listening.events.isActive()) {
            ownEvents().inherit(listening.events, this::handle);
        }
    }

    private SocketChannel open() throws IOException {
        SocketChannel opened;
        try {
            opened = network.transport().openSocketChannel(family());
        } catch (UnsupportedOperationException e) {
            throw new WinsockException(WsaError.WSAEAFNOSUPPORT, info.protocolName(), e);
        }
        opened.configureBlocking(false);
        return opened;
    }

    ProtocolFamily family() {
        return Addresses.family(info);
    }

    @Override
    TcpReceiving receiving() {
        return receiving;
    }

    @Override
    TcpSending sending() {
        return sending;
    }

    @Override
    public SelectableChannel channel() {
        TcpListener present = listener;
        return present != null ? present.channel() : stream;
    }

    SocketChannel stream() {
        return stream;
    }

    /** {@return the stream, whose reads and writes do not wait; one of the locks is held} */
    SocketChannel promptStream() throws IOException {
        if (isBlockingBelow()) {
            below.unblock(stream);
        }
        return stream;
    }

    private void replaceStream(SocketChannel another) {
        forgetBlocking();
        stream = another;
    }

    private void forgetBlocking() {
        if (below != null) {
            below.forget();
        }
    }

    @Override
    boolean isBlockingBelow() {
        BlockingStream present = below;
        return present != null && present.isBlocking();
    }

    /** With both locks held: nobody is in the middle of a call then that must not wait. */
    @Override
    boolean blockBelow() {
        if (isBlockingBelow()) {
            return true;
        }
        lockBoth();
        try {
            if (state == SocketState.CONNECTED && !nonBlocking && !broken && !isBlockingBelow()) {
                below = below == null ? new BlockingStream(network.waiters().waits()) : below;
                below.block(stream);
            }
            return isBlockingBelow();
        } catch (IOException _) {
            return false; // The wait goes on without, and what is wrong with the stream shows there.
        } finally {
            unlockBoth();
        }
    }

    @Override
    BlockingStream.Insider insider(Side side) {
        return side == receiving ? below.receiver() : below.sender();
    }

    @Override
    InetSocketAddress localAddress() {
        return local;
    }

    @Override
    InetSocketAddress peerAddress() {
        return peer;
    }

    boolean isReceiveShut() {
        return receiveShut;
    }

    boolean isSendShut() {
        return sendShut;
    }

    /** Fails unless there is a connection, which may be broken. */
    void checkConnected() throws WinsockException {
        checkOpen();
        if (state != SocketState.CONNECTED) {
            throw new WinsockException(WsaError.WSAENOTCONN, this + " is not connected");
        }
    }

    // Binding

    @Override
    void bind(InetSocketAddress name) throws WinsockException {
        lockBoth();
        try {
            checkOpen();
            if (state != SocketState.OPEN || boundByClient) {
                throw new WinsockException(WsaError.WSAEINVAL, this + " is bound");
            }
            bindStream(name);
            local = (InetSocketAddress) stream.getLocalAddress();
            bindName = local;
            boundByClient = true;
            state = SocketState.BOUND;
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of("binding " + this + " to " + name, e);
        } finally {
            unlockBoth();
        }
    }

    /**
     * Binds; a port with nothing but ended connections left on it is free, as on Windows. Linux gives it away only with
     * SO_REUSEADDR, and with that from the start it would give it away twice.
     */
    private void bindStream(InetSocketAddress name) throws IOException {
        try {
            stream.bind(name);
        } catch (IOException e) {
            if (JdkErrors.error(e) != WsaError.WSAEADDRINUSE || options().exclusiveAddress) {
                throw e;
            }
            boolean before = stream.getOption(StandardSocketOptions.SO_REUSEADDR);
            stream.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            try {
                stream.bind(name);
            } catch (IOException again) {
                stream.setOption(StandardSocketOptions.SO_REUSEADDR, before);
                throw e;
            }
        }
    }

    // Listening

    void listen(int backlog) throws WinsockException {
        lockBoth();
        try {
            checkOpen();
            switch (state) {
                case LISTENING -> {} // A channel's queue cannot be changed; the old length is a sensible one.
                case CONNECTED, CONNECTING -> throw new WinsockException(WsaError.WSAEISCONN, this + " is connected");
                case BOUND -> startListening(backlog);
                default -> throw new WinsockException(WsaError.WSAEINVAL, this + " is not bound");
            }
        } finally {
            unlockBoth();
        }
    }

    private void startListening(int backlog) throws WinsockException {
        boolean watched = cancelWatch();
        try {
            listener = TcpListener.replace(this, backlog);
            connectFailure = null;
            state = SocketState.LISTENING;
            flushSelectors(watched);
        } catch (IOException | RuntimeException e) {
            WinsockException failure = JdkErrors.of("listening on " + local, e);
            if (!stream.isOpen()) {
                reopen(failure);
            }
            throw failure;
        }
        wakeWaiters();
        listener.watchIfSelected();
    }

    TcpListener listener() throws WinsockException {
        TcpListener present = listener;
        if (present == null) {
            throw new WinsockException(WsaError.WSAEINVAL, this + " does not listen");
        }
        return present;
    }

    // Connecting

    @Override
    int connect(InetSocketAddress name) throws WinsockException {
        checkPeer(name);
        boolean wait = !nonBlocking;
        lockBoth();
        try {
            checkOpen();
            checkMayConnect();
            if (begin(name, wait)) {
                return 0;
            }
        } finally {
            unlockBoth();
        }
        if (!wait) {
            return WspResult.WOULD_BLOCK;
        }
        awaitConnected();
        return 0;
    }

    static void checkPeer(InetSocketAddress name) throws WinsockException {
        if (name.getAddress().isAnyLocalAddress() || name.getPort() == 0) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, name + " is no peer");
        }
    }

    void checkMayConnect() throws WinsockException {
        boolean wasConnecting = state == SocketState.CONNECTING;
        progress();
        switch (state) {
            case CONNECTED -> throw new WinsockException(WsaError.WSAEISCONN, this + " is connected");
            case LISTENING -> throw new WinsockException(WsaError.WSAEINVAL, this + " listens");
            case ACCEPTING -> throw new WinsockException(WsaError.WSAEINVAL, this + " is about to be accepted into");
            case CONNECTING -> throw new WinsockException(WsaError.WSAEALREADY, this + " is connecting");
            default -> {
                if (wasConnecting && connectFailure != null) {
                    throw connectFailure;
                }
            }
        }
    }

    /** Begins to connect; both locks are held. {@return whether it is connected already} */
    boolean begin(InetSocketAddress name, boolean wait) throws WinsockException {
        connectFailure = null;
        events.reenable(NetworkEvent.FD_CONNECT);
        try {
            if (boundByClient) { // So that the next channel can have the address if this attempt fails.
                stream.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            peer = name;
            if (stream.connect(name)) {
                connected();
                return true;
            }
            state = SocketState.CONNECTING;
            watchConnect();
            return false;
        } catch (IOException | RuntimeException e) {
            WinsockException failure = failed(e);
            // On loopback Linux knows at once; a client that does not wait expects to hear of it later.
            if (!wait && failure.is(WsaError.WSAECONNREFUSED)) {
                noteError(failure);
                return false;
            }
            throw failure;
        }
    }

    /** The poller is for who wants to be told; others ask, by the next call or a select. */
    private void watchConnect() {
        TcpExtension present = extension;
        if ((present != null && present.isConnecting()) || events.isActive()) {
            watchFor(stream, SelectionKey.OP_CONNECT);
        }
    }

    private void awaitConnected() throws WinsockException {
        if (isDecided()) { // Within one system it is, when the call to connect has returned.
            return;
        }
        BlockingCall call = BlockingCall.ofNanos(network, info.catalogEntryId(), Long.MAX_VALUE);
        Waiter waiter = takeWaiter(sending);
        try {
            while (!isDecided()) {
                await(waiter, SelectionKey.OP_CONNECT, call);
            }
        } finally {
            remove(waiter, sending);
        }
    }

    /** {@return true if connected, false if still under way} */
    private boolean isDecided() throws WinsockException {
        lockBoth();
        try {
            sending.checkOpen(null);
            progress();
            return switch (state) {
                case CONNECTING -> false;
                case CONNECTED -> true;
                case LISTENING -> throw new WinsockException(WsaError.WSAEINVAL, this + " listens meanwhile");
                default -> wasConnected();
            };
        } finally {
            unlockBoth();
        }
    }

    /** {@return true if another thread has disconnected it since; otherwise the connect has failed} */
    private boolean wasConnected() throws WinsockException {
        if (connectFailure != null) {
            throw connectFailure;
        }
        return true;
    }

    /** Looks whether a connect under way has come to its end; both locks are held. */
    void progress() {
        if (state != SocketState.CONNECTING) {
            return;
        }
        try {
            if (stream.finishConnect()) {
                connected();
            }
        } catch (IOException | RuntimeException e) {
            noteError(failed(e));
        }
    }

    /** As {@link #progress}, with no lock held. */
    void finishConnectIfReady() {
        if (state == SocketState.CONNECTING) {
            lockBoth();
            try {
                progress();
            } finally {
                unlockBoth();
            }
        }
    }

    private void connected() throws IOException {
        if (boundByClient) { // Nobody else is to be bound there now.
            stream.setOption(StandardSocketOptions.SO_REUSEADDR,
                    options().asSet(StandardSocketOptions.SO_REUSEADDR, false));
        }
        local = (InetSocketAddress) stream.getLocalAddress();
        peer = (InetSocketAddress) stream.getRemoteAddress();
        state = SocketState.CONNECTED;
        ignore(SelectionKey.OP_CONNECT);
        events.report(NetworkEvent.FD_CONNECT, 0);
        events.report(NetworkEvent.FD_WRITE, 0);
        receiving.recheck();
        wakeWaiters();
    }

    /** A failed channel is of no use any more; another one takes its place, so that the client can try again. */
    private WinsockException failed(Exception e) {
        WinsockException failure = JdkErrors.of("connecting " + this + " to " + peer, e);
        peer = null;
        connectFailure = failure;
        cancelWatch();
        reopen(failure);
        events.report(NetworkEvent.FD_CONNECT, failure.code());
        wakeWaiters();
        return failure;
    }

    /** Puts another channel into the slot, at the same address; if that cannot be had, the socket is unbound. */
    private void reopen(WinsockException failure) {
        state = unconnected();
        try {
            forgetBlocking();
            if (boundByClient && stream.isOpen()) { // What is left of its connection is to share the address with the next one.
                stream.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            stream.close();
            replaceStream(open());
            options().applyTo(stream);
            if (boundByClient) {
                stream.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                stream.bind(local);
            } else {
                local = null;
            }
        } catch (IOException | RuntimeException again) {
            failure.addSuppressed(again);
            boundByClient = false;
            bindName = null;
            local = null;
            state = SocketState.OPEN;
        }
    }

    /** {@return whether a receive or an accept would find something without asking the channel} */
    boolean hasSomething() {
        TcpListener present = listener;
        return present != null ? present.hasPutBack() : state == SocketState.CONNECTED && receiving.hasSomething();
    }

    /** {@return whether the last attempt to connect has failed, and none was made since} */
    boolean hasFailedToConnect() {
        return connectFailure != null;
    }

    /** {@return why it has; null if it has not} */
    WinsockException connectFailure() {
        return connectFailure;
    }

    /** {@return whether the client has bound it; both locks are held} */
    boolean isBoundByClient() {
        return boundByClient;
    }

    /** {@return its state without a connection; both locks are held} */
    SocketState unconnected() {
        return boundByClient ? SocketState.BOUND : SocketState.OPEN;
    }

    // What the extension functions have in common with the socket

    TcpExtension extension() {
        synchronized (handles) {
            TcpExtension present = extension == null ? new TcpExtension(this) : extension;
            extension = present;
            return present;
        }
    }

    @Override
    InetSocketAddress localName() {
        TcpExtension present = extension;
        return present != null && present.isContextPending() ? bindName : local;
    }

    @Override
    void checkContext() throws WinsockException {
        TcpExtension present = extension;
        if (present != null) {
            present.checkContext();
        }
    }

    /** Whoever has found out how a ConnectEx ends tells it, when the locks are free. */
    @Override
    void unlockBoth() {
        TcpExtension present = extension;
        Runnable decided = present == null ? null : present.takeDecided();
        super.unlockBoth();
        if (decided != null) {
            decided.run();
        }
    }

    /** Takes the channel of an accepted connection. {@return the unused one that was in its place}; both locks are held */
    SocketChannel take(SocketChannel accepted) throws IOException {
        accepted.configureBlocking(false);
        options().applyTo(accepted);
        InetSocketAddress here = (InetSocketAddress) accepted.getLocalAddress();
        peer = (InetSocketAddress) accepted.getRemoteAddress();
        SocketChannel unused = stream;
        replaceStream(accepted);
        local = here;
        boundByClient = false;
        bindName = null;
        return unused;
    }

    /** Puts a fresh channel into the slot, bound as the client has bound the first one; both locks are held. */
    void startAfresh(WinsockException trouble) {
        local = bindName;
        peer = null;
        reopen(trouble);
        receiving.renew();
        sending.renew();
        receiveShut = false;
        sendShut = false;
        broken = false;
        connectFailure = null;
    }

    /** Ends the connection for good, and the socket's use; both locks are held. */
    void endStreams() {
        receiveShut = true;
        sendShut = true;
        try {
            stream.shutdownOutput();
            stream.shutdownInput();
        } catch (IOException e) {
            broken = true; // It was gone before: there is nothing to be ended gracefully.
        }
    }

    // The connection's end

    /**
     * A transfer has found the connection gone. A failed send leaves the receiving side alone: what the peer sent before it
     * went can still be read, and only then its own calls fail. A failed receive has seen the last of the peer, and ends both.
     */
    WinsockException broke(Side side, Exception e) {
        WinsockException failure = side.broke(JdkErrors.of(toString(), e));
        if (side == receiving && !sending.isBroken()) {
            sending.broke(failure);
        }
        if (!broken) {
            broken = true;
            noteError(failure);
            events.report(NetworkEvent.FD_CLOSE, WsaError.WSAECONNABORTED.code());
        }
        return failure;
    }

    /** {@return whether either direction has failed} */
    boolean isBroken() {
        return broken;
    }

    /** A cancelled send has left a part of the data on the way: the stream is damaged, in both directions. */
    void damaged() {
        WinsockException damage =
                new WinsockException(WsaError.WSAECONNABORTED, "a send on " + this + " was cut short");
        Transfer received;
        Transfer sent;
        lockBoth();
        try {
            sending.broke(damage);
            receiving.broke(damage);
            broken = true;
            ownOptions().linger(new Linger(true, 0));
            received = receiving.fail(WsaError.WSAECONNABORTED, " was damaged");
            sent = sending.fail(WsaError.WSAECONNABORTED, " was damaged");
        } finally {
            unlockBoth();
        }
        wakeWaiters();
        indicateAll(received);
        indicateAll(sent);
    }

    @Override
    void shutdown(int how) throws WinsockException {
        if (how < ShutdownHow.SD_RECEIVE || how > ShutdownHow.SD_BOTH) {
            throw new WinsockException(WsaError.WSAEINVAL, "no such way to shut down: " + how);
        }
        finishConnectIfReady();
        Transfer refused = null;
        lockBoth();
        try {
            checkConnected();
            checkContext();
            if (how != ShutdownHow.SD_SEND && !receiveShut) {
                receiveShut = true;
                refused = receiving.fail(WsaError.WSAESHUTDOWN, " was shut down");
                stream.shutdownInput();
            }
            if (how != ShutdownHow.SD_RECEIVE && !sendShut) {
                sendShut = true;
                sending.endIfDrained();
            }
        } catch (IOException e) {
            throw JdkErrors.of("shutting down " + this, e);
        } finally {
            unlockBoth();
            wakeWaiters();
            indicateAll(refused);
        }
    }

    // The poller

    @Override
    void ready(int operations) throws WinsockException {
        if ((operations & SelectionKey.OP_CONNECT) != 0) {
            finishConnectIfReady();
        }
        if ((operations & SelectionKey.OP_ACCEPT) != 0) {
            listener().ready();
        }
        if ((operations & SelectionKey.OP_READ) != 0) {
            receiving.ready();
        }
        if ((operations & SelectionKey.OP_WRITE) != 0) {
            sending.ready();
        }
    }

    @Override
    void reportHolding() {
        if (state == SocketState.LISTENING) {
            listener.watchIfSelected();
        }
        if (state == SocketState.CONNECTING) {
            watchConnect();
        }
        if (state != SocketState.CONNECTED) {
            return;
        }
        if (events.isByEvent()) {
            events.reportHolding(NetworkEvent.FD_CONNECT, 0);
        }
        sending.reportHolding();
        receiving.reportHolding();
    }

    /** Starts to report for an accepted socket, when it has its handle. */
    void startReporting() {
        lockBoth();
        try {
            reportTransfers();
        } finally {
            unlockBoth();
        }
    }

    /** Reports what holds for the transfers, if anybody wants to know; both locks are held. */
    void reportTransfers() {
        if (events.isActive()) {
            sending.reportHolding();
            receiving.reportHolding();
        }
    }

    // Closing

    @Override
    void reset() {
        ownOptions().linger(new Linger(true, 0));
    }

    /**
     * Fails if closing would have to wait and the socket must not. Whether data is unsent can be told only of what is queued
     * here, and of a channel that has taken no more: what the system holds back is not known.
     */
    void checkLinger() throws WinsockException {
        Linger linger = options().linger();
        if (linger.onoff() && linger.seconds() > 0 && nonBlocking && sending.hasUnsent()) {
            throw new WinsockException(WsaError.WSAEWOULDBLOCK, "closing " + this + " would linger");
        }
    }

    @Override
    void closeChannel() throws IOException {
        boolean watched = cancelWatch();
        TcpListener listening = listener;
        if (listening != null) {
            listening.close();
        } else {
            closeStream(watched);
        }
        flushSelectors(watched);
        endAcceptRequests(listening);
    }

    private void endAcceptRequests(TcpListener listening) {
        if (listening != null) {
            listening.requests().close();
        }
        TcpExtension present = extension;
        if (present != null) {
            present.closed();
        }
    }

    private void closeStream(boolean watched) throws IOException {
        Linger linger = options().linger();
        boolean resets = linger.onoff() && linger.seconds() == 0;
        boolean waits = linger.onoff() && linger.seconds() > 0 && !nonBlocking;
        if (resets) {
            stream.setOption(StandardSocketOptions.SO_LINGER, 0);
        } else if (waits && !sendShut && peer != null) {
            flushSelectors(watched); // The system lingers in close, which comes late for a channel in a selector.
            stream.setOption(StandardSocketOptions.SO_LINGER, linger.seconds());
        }
        stream.close();
    }
}
