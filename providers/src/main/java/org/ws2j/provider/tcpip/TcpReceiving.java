package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.ws2j.provider.base.BufferViews;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The receiving side of a stream. What was read ahead comes first; see {@link ReadAhead}. */
@SuppressWarnings("serial") // see SideLock
final class TcpReceiving extends Side {
    /** The most that is read into a heap buffer at once: the channel takes a direct buffer of that size for it. */
    static final int MAX_HEAP_TRANSFER = 128 * 1_024;

    /** What a channel answers at the end of the stream. */
    private static final int END = -1;

    private ReadAhead ahead = ReadAhead.NONE;

    /** Whether the channel has told the end of the stream; what was read ahead may be unread. */
    private boolean ended;

    TcpReceiving(TcpSocket socket) {
        super(socket);
    }

    private TcpSocket tcp() {
        return (TcpSocket) socket;
    }

    @Override
    void renew() {
        super.renew();
        ended = false;
        ahead = ReadAhead.NONE;
    }

    @Override
    void reenable() {
        socket.events.reenable(NetworkEvent.FD_READ);
    }

    @Override
    void check(Transfer t) throws WinsockException {
        tcp().checkConnected();
        if (tcp().isReceiveShut()) {
            throw new WinsockException(WsaError.WSAESHUTDOWN, socket + " was shut down for receiving");
        }
    }

    @Override
    boolean attempt(Transfer t) throws IOException {
        boolean isPeek = t.peeks && t.buffers.remaining() > 0;
        boolean over = isPeek ? peek(t) : receive(t);
        if (over) {
            t.received(null);
        }
        return over;
    }

    /** Reads ahead as much as the client has room for, up to a limit, and leaves it there. */
    private boolean peek(Transfer t) throws WinsockException {
        int wanted = (int) Math.min(t.buffers.remaining(), MAX_HEAP_TRANSFER);
        if (ahead.remaining() < wanted && !ended && !isBroken()) {
            ahead = ahead.own();
            ahead.reserve(wanted);
            lookAhead();
        }
        t.transferred = ahead.peek(t.buffers);
        if (t.transferred == 0 && !ended) {
            checkUnbroken();
            return false;
        }
        return true;
    }

    private boolean receive(Transfer t) throws IOException {
        boolean nothingWanted = t.buffers.remaining() == 0;
        if (nothingWanted && ahead.isEmpty() && !ended) {
            checkUnbroken();
            lookAhead(); // It waits for data and takes none.
        }
        int drained = ahead.drain(t.buffers);
        t.transferred += drained;
        if ((drained > 0 && !t.wantsMore()) || ended || (nothingWanted && !ahead.isEmpty())) {
            return true;
        }
        checkUnbroken();
        if (nothingWanted) {
            return false;
        }
        int n = (int) readChannel(t.buffers);
        if (n == END) {
            end();
            return true;
        }
        n = Math.max(n, 0); // Less than the end is what a channel answers when it was driven out.
        t.transferred += n;
        return n > 0 && !t.wantsMore();
    }

    private long readChannel(BufferViews buffers) throws IOException {
        try {
            SocketChannel stream = isInside() ? tcp().stream() : tcp().promptStream();
            if (!buffers.isSingle()) {
                return stream.read(buffers.array(), 0, buffers.count());
            }
            ByteBuffer view = buffers.single();
            if ((view.isDirect() && !isInside()) || view.remaining() <= MAX_HEAP_TRANSFER) {
                return stream.read(view);
            }
            int limit = view.limit();
            try {
                return stream.read(view.limit(view.position() + MAX_HEAP_TRANSFER));
            } finally {
                view.limit(limit);
            }
        } catch (IOException e) {
            throw tcp().broke(this, e);
        }
    }

    /** Reads ahead; tells what comes of it. */
    private void lookAhead() {
        try {
            ahead = ahead.own();
            int n = ahead.fill(tcp().promptStream());
            if (n > 0) {
                socket.events.report(NetworkEvent.FD_READ, 0);
                socket.wakeWaiters(); // Their selectors see nothing of what was taken out of the channel.
            } else if (n == END) {
                end();
            }
        } catch (IOException e) {
            tcp().broke(this, e);
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            socket.events.report(NetworkEvent.FD_CLOSE, 0);
        }
    }

    @Override
    boolean dependsOnChannel(Transfer t) {
        return !t.peeks && t.buffers.remaining() > 0 && ahead.isEmpty() && !ended && !isBroken();
    }

    @Override
    boolean mayBeOneCall(Transfer t) {
        return !t.peeks && t.buffers.isSingle() && t.buffers.remaining() > 0;
    }

    @Override
    boolean isOneCall(Transfer t) {
        return dependsOnChannel(t);
    }

    @Override
    void blocked() {
        // The poller watches for data whenever FD_READ is selected: nothing to remember.
    }

    @Override
    void recheck() {
        if (socket.state != SocketState.CONNECTED) {
            return;
        }
        if (!ahead.isEmpty()) {
            socket.events.report(NetworkEvent.FD_READ, 0);
        }
        if (wantsRead()) {
            socket.watchFor(tcp().stream(), SelectionKey.OP_READ);
        }
    }

    private boolean wantsRead() {
        return !isQueueEmpty() || looksAhead();
    }

    private boolean looksAhead() {
        return socket.state == SocketState.CONNECTED
                && socket.events.isSelected(NetworkEvent.FD_READ | NetworkEvent.FD_CLOSE)
                && !ended
                && !isBroken()
                && !tcp().isReceiveShut()
                && ahead.hasRoom();
    }

    /** At a selection: what is there is reported before the call returns. */
    void reportHolding() {
        if (isQueueEmpty() && looksAhead()) {
            lookAhead();
        }
        if (!ahead.isEmpty()) {
            socket.events.reportHolding(NetworkEvent.FD_READ, 0);
        }
        if (ended) {
            socket.events.reportHolding(NetworkEvent.FD_CLOSE, 0);
        } else if (tcp().isBroken()) {
            socket.events.reportHolding(NetworkEvent.FD_CLOSE, WsaError.WSAECONNABORTED.code());
        }
        if (wantsRead()) {
            socket.watchFor(tcp().stream(), SelectionKey.OP_READ);
        }
    }

    /** The poller has found something to read: overlapped receives have it first, what is left is looked at. */
    void ready() {
        Transfer over;
        lock();
        try {
            over = advance();
            if (isQueueEmpty() && over == null && looksAhead()) {
                lookAhead();
            }
            if (over == null && !wantsRead()) { // With one over, the next is likely to come before more data does.
                socket.ignore(SelectionKey.OP_READ);
            }
        } finally {
            unlock();
        }
        socket.events.deliver();
        socket.indicateAll(over);
    }

    /** {@return whether a receive would find something without asking the channel} */
    @Override
    boolean hasSomething() {
        lock();
        try {
            return !ahead.isEmpty() || ended || isBroken() || tcp().isReceiveShut();
        } finally {
            unlock();
        }
    }

    /** {@return how many bytes a receive would find} */
    int readable() throws IOException {
        lock();
        try {
            boolean open = socket.state == SocketState.CONNECTED && !ended && !isBroken() && !tcp().isReceiveShut();
            return ahead.remaining() + (open ? tcp().stream().socket().getInputStream().available() : 0);
        } finally {
            unlock();
        }
    }

    /** The channel is ready: tells data, which stays where it is, from the end of the stream. */
    void lookForEnd() throws IOException {
        lock();
        try {
            boolean open = socket.state == SocketState.CONNECTED && !tcp().isReceiveShut();
            if (open && isQueueEmpty() && !ended && !isBroken() && readable() == 0) {
                lookAhead();
            }
        } finally {
            unlock();
        }
        socket.events.deliver();
    }

    /** {@return whether the peer has ended the stream, or the connection is gone} */
    boolean hasEnded() {
        lock();
        try {
            return ended || isBroken();
        } finally {
            unlock();
        }
    }

    @Override
    int operation() {
        return SelectionKey.OP_READ;
    }

    @Override
    int timeoutMillis() {
        return socket.options().receiveTimeoutMillis;
    }

    @Override
    void cutShort() {
        // A receive ends with its first bytes: there is no middle.
    }
}
