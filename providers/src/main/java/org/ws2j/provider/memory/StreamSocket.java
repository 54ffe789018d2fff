package org.ws2j.provider.memory;

import java.net.InetSocketAddress;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.Linger;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspResult;

/**
 * A socket of streams: one end of a connection, or a listener.
 *
 * <p>A connection ends gracefully in each direction by itself, or is reset as a whole: by a close with linger 0, with data
 * unread or sends pending; by data for an end that takes none any more; by a send that was cancelled half way.
 */
final class StreamSocket extends MemorySocket {
    /** What goes out and what comes in; null without a connection. Guarded by the wire, as all below. */
    private Flow out;

    private Flow in;
    private StreamSocket otherEnd;
    private boolean receiveShut;
    private boolean sendShut;

    /** What every transfer fails with since the connection was reset; null before. */
    private WsaError broken;

    /** Whether the last attempt to connect without waiting has failed, and none was made since. */
    private boolean connectFailed;

    /** Not null from listen on. */
    private volatile Backlog backlog;

    /** What the client has bound it to; null if it has not. */
    private volatile InetSocketAddress bindName;

    private final StreamExtension extension = new StreamExtension(this);

    StreamSocket(MemoryStack stack, WsaProtocolInfo info, boolean overlapped) {
        super(stack, info, new Wire(), overlapped);
    }

    /** The end of a connection that a listener will accept; the wire of the other end is held. */
    private StreamSocket(StreamSocket listener, StreamSocket client, InetSocketAddress called) {
        super(listener.stack, listener.info, client.wire, listener.overlapped);
        options.inherit(listener.options);
        local = called;
        peer = client.local;
        otherEnd = client;
    }

    Backlog backlog() {
        return backlog;
    }

    // Binding, listening, connecting

    @Override
    void bind(InetSocketAddress name) throws WinsockException {
        synchronized (wire) {
            checkOpen();
            if (state != SocketState.OPEN) {
                throw new WinsockException(WsaError.WSAEINVAL, this + " is bound");
            }
            local = stack.network().bind(this, name);
            bindName = local;
            state = SocketState.BOUND;
        }
    }

    void listen(int length) throws WinsockException {
        synchronized (wire) {
            checkOpen();
            switch (state) {
                case LISTENING -> {}
                case CONNECTED -> throw new WinsockException(WsaError.WSAEISCONN, this + " is connected");
                case BOUND -> {
                    backlog = new Backlog(this);
                    connectFailed = false;
                    state = SocketState.LISTENING;
                }
                default -> throw new WinsockException(WsaError.WSAEINVAL, this + " is not bound");
            }
        }
        backlog.length(length);
    }

    @Override
    int connect(InetSocketAddress name) throws WinsockException {
        if (name.getAddress().isAnyLocalAddress() || name.getPort() == 0) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, name + " is no peer");
        }
        StreamSocket listener = null;
        boolean undecided;
        try {
            synchronized (wire) {
                checkMayConnect();
                connectFailed = false;
                events.reenable(NetworkEvent.FD_CONNECT);
                if (state == SocketState.OPEN) {
                    local = stack.network().bindLoopback(this);
                    state = SocketState.BOUND;
                }
                listener = stack.network().listener(name, info);
                if (listener == null || !join(listener, name)) {
                    return refused(name);
                }
                undecided = state == SocketState.CONNECTING;
            }
        } finally {
            wire.deliver();
            if (listener != null) {
                listener.backlog.serve();
                listener.events.deliver();
            }
        }
        if (undecided) {
            return nonBlocking ? WspResult.WOULD_BLOCK : awaitDecision(name);
        }
        return 0;
    }

    /** Waits for the listener's decision. {@return 0} */
    private int awaitDecision(InetSocketAddress name) throws WinsockException {
        BlockingCall call = BlockingCall.ofNanos(stack, info.catalogEntryId(), Long.MAX_VALUE);
        Watch watch = new Watch(stack.services().clock());
        watchers.add(watch);
        try {
            watch.reset();
            while (state == SocketState.CONNECTING) {
                watch.await(call.beforeWait());
                watch.reset();
            }
        } catch (WinsockException e) {
            withdrawConnect();
            throw e;
        } finally {
            watchers.remove(watch);
            watch.end();
        }
        return switch (state) {
            case CONNECTED -> 0;
            case CLOSED -> throw new WinsockException(WsaError.WSAEINTR, this + " was closed");
            default -> throw new WinsockException(WsaError.WSAECONNREFUSED, name + " has rejected the connection");
        };
    }

    /** The call was cancelled: whoever accepts the connection finds it gone. */
    private void withdrawConnect() {
        synchronized (wire) {
            if (state == SocketState.CONNECTING) {
                otherEnd.broken(WsaError.WSAECONNRESET);
                forgetConnection();
            }
        }
        wire.deliver();
    }

    void checkMayConnect() throws WinsockException {
        checkOpen();
        if (state == SocketState.LISTENING) {
            throw new WinsockException(WsaError.WSAEINVAL, this + " listens");
        }
        if (state == SocketState.ACCEPTING) {
            throw new WinsockException(WsaError.WSAEINVAL, this + " is about to be accepted into");
        }
        if (state == SocketState.CONNECTED) {
            throw new WinsockException(WsaError.WSAEISCONN, this + " is connected");
        }
        if (state == SocketState.CONNECTING) {
            throw new WinsockException(WsaError.WSAEALREADY, this + " is connecting");
        }
    }

    /** Makes the other end and offers it to the listener. {@return whether there was room for it} */
    private boolean join(StreamSocket listener, InetSocketAddress name) {
        InetSocketAddress before = local;
        local = stack.network().sourceOf(local);
        StreamSocket end = new StreamSocket(listener, this, name);
        in = new Flow(end, this);
        out = new Flow(this, end);
        end.in = out;
        end.out = in;
        end.state = SocketState.CONNECTED;
        otherEnd = end;
        peer = name;
        state = SocketState.CONNECTING;
        if (!listener.backlog.offer(end)) {
            forgetConnection();
            local = before;
            return false;
        }
        if (!listener.options.conditionalAccept() || extension.isContextPending()) { // A ConnectEx does not wait for a decision.
            established();
        }
        return true;
    }

    private void established() {
        state = SocketState.CONNECTED;
        events.report(NetworkEvent.FD_CONNECT, 0);
        events.report(NetworkEvent.FD_WRITE, 0);
        watchers.wake();
    }

    private void forgetConnection() {
        wire.detachOther();
        state = SocketState.BOUND;
        in = null;
        out = null;
        otherEnd = null;
        peer = null;
    }

    /** A client that does not wait expects to hear of it later. */
    private int refused(InetSocketAddress name) throws WinsockException {
        tellOfRefusal();
        if (!nonBlocking) {
            throw new WinsockException(WsaError.WSAECONNREFUSED,
                    "nobody listens at " + name + ", or too many wait there");
        }
        return WspResult.WOULD_BLOCK;
    }

    private void tellOfRefusal() {
        events.report(NetworkEvent.FD_CONNECT, WsaError.WSAECONNREFUSED.code());
        if (nonBlocking) {
            connectFailed = true;
            noteError(WsaError.WSAECONNREFUSED);
        }
        watchers.wake();
    }

    /** Tells the other end, takes over what an accepted socket has of its listener, and starts to report. */
    void accepted(StreamSocket listener, Descriptor descriptor) {
        synchronized (wire) {
            decideForOtherEnd();
            nonBlocking = listener.nonBlocking;
            events.inherit(listener.events, descriptor::handle);
            if (events.isActive()) {
                reportTransfers();
            }
        }
        wire.deliver();
    }

    /** The other end may have waited for this one to be accepted. */
    private void decideForOtherEnd() {
        if (otherEnd.otherEnd == this && otherEnd.state == SocketState.CONNECTING) {
            otherEnd.established();
        }
    }

    @Override
    boolean isBroken() {
        return broken != null;
    }

    /** {@return whether the connection was reset before it was accepted} */
    boolean isGone() {
        synchronized (wire) {
            return broken != null;
        }
    }

    @Override
    boolean hasUrgent() {
        return in != null && in.hasUrgent();
    }

    /** SIOCATMARK. {@return whether no urgent data waits} */
    boolean isAtMark() {
        synchronized (wire) {
            return in == null || !in.hasUrgentBytes();
        }
    }

    @Override
    void flush() throws WinsockException {
        synchronized (wire) {
            checkOpen();
            if (out != null) {
                out.flush();
            }
        }
        wire.deliver();
    }

    // Transfers

    @Override
    void reenable(Transfer t) {
        events.reenable(t.sending ? NetworkEvent.FD_WRITE : NetworkEvent.FD_READ | NetworkEvent.FD_OOB);
    }

    @Override
    void check(Transfer t) throws WinsockException {
        checkOpen();
        if (state != SocketState.CONNECTED) {
            throw new WinsockException(WsaError.WSAENOTCONN, this + " is not connected");
        }
        if (t.sending ? sendShut && !t.drains : receiveShut) {
            throw new WinsockException(WsaError.WSAESHUTDOWN, this + " was shut down in that direction");
        }
        if (broken != null) {
            throw new WinsockException(broken, "the connection of " + this + " is gone");
        }
        if (t.urgent && !t.sending && options.urgentInLine()) {
            throw new WinsockException(WsaError.WSAEINVAL, this + " receives urgent data in line");
        }
        if (t.sending && !otherEnd.takes() && t.buffers.remaining() > 0) {
            reset(WsaError.WSAECONNRESET);
            throw new WinsockException(WsaError.WSAECONNRESET, "the peer of " + this + " receives no more");
        }
    }

    private boolean takes() {
        return !isClosed() && !receiveShut;
    }

    @Override
    void attempt(Transfer t) {
        if (t.result != null) {
            t.result.flags(0);
            t.result.from(null);
        }
        if (t.sending) {
            out.send(t);
        } else {
            in.receive(t);
        }
    }

    @Override
    boolean withdraw(Transfer t) {
        return (t.sending ? out : in).withdraw(t);
    }

    @Override
    void recheck(Transfer t, boolean blocked) {
        if (state != SocketState.CONNECTED || broken != null) {
            return;
        }
        if (t.sending && blocked) {
            out.sendBlocked();
        } else if (!t.sending && !receiveShut) {
            reportReadable();
        }
    }

    private void reportReadable() {
        if (in.hasUrgent()) {
            events.report(NetworkEvent.FD_OOB, 0);
        }
        if (in.readable() > 0) {
            events.report(NetworkEvent.FD_READ, 0);
        }
    }

    @Override
    void cutShort(Transfer t) {
        if (t.sending && broken == null) {
            reset(WsaError.WSAECONNABORTED);
        }
    }

    // What the flows tell

    void dataArrived() {
        events.report(NetworkEvent.FD_READ, 0);
        watchers.wake();
    }

    void urgentArrived() {
        events.report(NetworkEvent.FD_OOB, 0);
        watchers.wake();
    }

    void endArrived() {
        events.report(NetworkEvent.FD_CLOSE, 0);
        watchers.wake();
    }

    void mayWrite() {
        events.report(NetworkEvent.FD_WRITE, 0);
    }

    /** SO_OOBINLINE was set or reset. */
    void inLineChanged() {
        synchronized (wire) {
            if (in != null && broken == null) {
                in.inLineChanged();
            }
        }
        wire.deliver();
    }

    /** The size of a buffer was set. */
    void resized() {
        synchronized (wire) {
            if (in != null && broken == null) {
                in.resized();
                out.resized();
            }
        }
        wire.deliver();
    }

    // The end

    /** Ends the connection at once, for both ends. This end's transfers fail with the given error. */
    private void reset(WsaError mine) {
        out.cut(mine, null);
        in.cut(mine, null);
        broken(mine);
        otherEnd.broken(WsaError.WSAECONNRESET);
    }

    private void broken(WsaError error) {
        if (broken != null || isClosed()) {
            return;
        }
        if (state == SocketState.CONNECTING) {
            forgetConnection();
            tellOfRefusal();
            return;
        }
        broken = error;
        noteError(error);
        events.report(NetworkEvent.FD_CLOSE, WsaError.WSAECONNABORTED.code());
        watchers.wake();
    }

    @Override
    void shutdown(int how) throws WinsockException {
        if (how < ShutdownHow.SD_RECEIVE || how > ShutdownHow.SD_BOTH) {
            throw new WinsockException(WsaError.WSAEINVAL, "no such way to shut down: " + how);
        }
        try {
            synchronized (wire) {
                checkOpen();
                if (state != SocketState.CONNECTED) {
                    throw new WinsockException(WsaError.WSAENOTCONN, this + " is not connected");
                }
                checkContext();
                if (how != ShutdownHow.SD_RECEIVE && !sendShut) {
                    sendShut = true;
                    out.end();
                }
                if (how != ShutdownHow.SD_SEND && !receiveShut) {
                    shutReceiving();
                }
                watchers.wake();
            }
        } finally {
            wire.deliver();
        }
    }

    /** As with TCP, what is unread resets the connection. */
    private void shutReceiving() {
        receiveShut = true;
        in.failReceivers(WsaError.WSAESHUTDOWN, this + " was shut down for receiving");
        if (in.hasUnread() && broken == null) {
            reset(WsaError.WSAECONNABORTED);
        }
    }

    @Override
    void linger(Linger linger) throws WinsockException {
        if (!linger.onoff() || linger.seconds() == 0 || !isSending()) {
            return;
        }
        if (nonBlocking) {
            throw new WinsockException(WsaError.WSAEWOULDBLOCK, "closing " + this + " would linger");
        }
        Lingering.await(this, linger.seconds());
    }

    /** {@return whether data is on its way that the other end's receive buffer has not taken} */
    boolean isSending() {
        synchronized (wire) {
            return state == SocketState.CONNECTED && broken == null && out.hasMoreThanTheTargetTakes();
        }
    }

    @Override
    void end(boolean resets) {
        SocketState before = state;
        state = SocketState.CLOSED;
        events.cancel();
        if ((before != SocketState.CONNECTED && before != SocketState.CONNECTING) || broken != null) {
            return;
        }
        if (resets || before == SocketState.CONNECTING || in.hasUnread() || out.hasUnsent()) {
            out.cut(WsaError.WSAECONNRESET, this);
            in.cut(WsaError.WSAECONNRESET, this);
            otherEnd.broken(WsaError.WSAECONNRESET);
        } else {
            in.abortReceivers();
            out.end();
        }
    }

    @Override
    void ended() {
        stack.network().unbind(this);
        Backlog listening = backlog;
        if (listening != null) {
            listening.close();
        }
        extension.closed();
    }

    /** Ends a connection that was never accepted, or is not wanted. */
    void refuse() {
        synchronized (wire) {
            if (!isClosed()) {
                end(true);
            }
        }
        wire.deliver();
    }

    @Override
    void endWaits(Descriptor closing) {
        if (in != null) {
            in.endWaits(closing);
            out.endWaits(closing);
        }
    }

    // What the extension functions have in common with the socket

    StreamExtension extension() {
        return extension;
    }

    @Override
    InetSocketAddress localName() {
        return extension.isContextPending() ? bindName : local;
    }

    @Override
    void checkContext() throws WinsockException {
        extension.checkContext();
    }

    /** {@return what the client has bound it to; null if it has not} */
    InetSocketAddress bindName() {
        return bindName;
    }

    /** Tells the other end, if that has waited for this one to be accepted, and starts to report. */
    void takeUp() {
        synchronized (wire) {
            decideForOtherEnd();
            if (events.isActive() && state == SocketState.CONNECTED) {
                reportTransfers();
            }
        }
        wire.deliver();
    }

    /** Ends the overlapped receive with a block, if it is still under way; no lock is held. */
    void cancelReceive(WsaOverlapped block) {
        synchronized (wire) {
            in.cancelReceive(block);
        }
        wire.deliver();
    }

    /** Ends both directions, and forgets what is unread; the wire is held. */
    void endGracefully() {
        if (broken == null) {
            if (!sendShut) {
                out.end();
            }
            in.dropUnread(this + " was disconnected");
        }
        sendShut = true;
        receiveShut = true;
    }

    // What holds

    @Override
    int readable() {
        return in == null ? 0 : in.readable();
    }

    @Override
    boolean isReadable() {
        if (state == SocketState.LISTENING) {
            return backlog.isWaitedIn();
        }
        return state == SocketState.CONNECTED && (broken != null || receiveShut || in.readable() > 0 || in.isAtEnd());
    }

    @Override
    boolean isWritable() {
        return state == SocketState.CONNECTED && (broken != null || sendShut || out.hasRoom());
    }

    @Override
    boolean hasFailedToConnect() {
        return connectFailed;
    }

    @Override
    boolean isHungUp() {
        return state == SocketState.CONNECTED && in.isEnding();
    }

    @Override
    void reportHolding() {
        if (state == SocketState.LISTENING) {
            backlog.reportIfWaitedIn();
        } else if (state == SocketState.CONNECTED) {
            if (events.isByEvent()) {
                events.reportHolding(NetworkEvent.FD_CONNECT, 0);
            }
            reportTransfers();
        }
    }

    private void reportTransfers() {
        if (broken != null) {
            events.reportHolding(NetworkEvent.FD_CLOSE, WsaError.WSAECONNABORTED.code());
            return;
        }
        if (out.hasRoom() && !sendShut) {
            events.reportHolding(NetworkEvent.FD_WRITE, 0);
        }
        if (in.readable() > 0) {
            events.reportHolding(NetworkEvent.FD_READ, 0);
        }
        if (in.hasUrgent()) {
            events.reportHolding(NetworkEvent.FD_OOB, 0);
        }
        if (in.isEnding()) {
            events.reportHolding(NetworkEvent.FD_CLOSE, 0);
        }
    }
}
