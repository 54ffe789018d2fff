package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.ws2j.provider.base.BufferViews;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The sending side of a stream. */
@SuppressWarnings("serial") // see SideLock
final class TcpSending extends Side {
    private static final String NO_ROOM = "Socket buffer full";

    /** Whether a send has answered that it would block, and the channel was not found writable since. */
    private boolean full;

    TcpSending(TcpSocket socket) {
        super(socket);
    }

    private TcpSocket tcp() {
        return (TcpSocket) socket;
    }

    @Override
    void renew() {
        super.renew();
        full = false;
    }

    @Override
    void reenable() {
        socket.events.reenable(NetworkEvent.FD_WRITE);
    }

    @Override
    void check(Transfer t) throws WinsockException {
        tcp().checkConnected();
        if (tcp().isSendShut() && !t.queued) {
            throw new WinsockException(WsaError.WSAESHUTDOWN, socket + " was shut down for sending");
        }
        checkUnbroken();
    }

    @Override
    boolean attempt(Transfer t) throws IOException {
        long left = t.buffers.remaining();
        if (t.urgent && left > 0 && t.transferred == 0 && t.urgentByte < 0) {
            t.urgentByte = t.buffers.takeLast();
            left--;
        }
        while (left > 0) {
            long n = writeChannel(t.buffers);
            if (n <= 0) { // Less than nothing is the answer of a channel whose thread was driven out before it wrote any.
                return false;
            }
            t.transferred += n;
            left -= n;
            if (left > 0 && isInside() && isWanted()) {
                return false;
            }
        }
        if (t.urgentByte >= 0 && !sendUrgent(t)) {
            return false;
        }
        if (t.transferred > 0) { // What sends nothing shows no room.
            full = false;
        }
        return true;
    }

    /** The socket of a channel says that there is no room by an exception of its own. */
    private boolean sendUrgent(Transfer t) throws WinsockException {
        try {
            tcp().promptStream().socket().sendUrgentData(t.urgentByte);
        } catch (IOException e) {
            if (NO_ROOM.equals(e.getMessage())) {
                return false;
            }
            throw tcp().broke(this, e);
        }
        t.urgentByte = -1;
        t.transferred++;
        return true;
    }

    private long writeChannel(BufferViews buffers) throws IOException {
        try {
            SocketChannel stream = isInside() ? tcp().stream() : tcp().promptStream();
            if (!buffers.isSingle()) {
                return stream.write(buffers.array(), 0, buffers.count());
            }
            ByteBuffer view = buffers.single();
            if ((view.isDirect() && !isInside()) || view.remaining() <= TcpReceiving.MAX_HEAP_TRANSFER) {
                return stream.write(view);
            }
            int limit = view.limit();
            try {
                return stream.write(view.limit(view.position() + TcpReceiving.MAX_HEAP_TRANSFER));
            } finally {
                view.limit(limit);
            }
        } catch (IOException e) {
            throw tcp().broke(this, e);
        }
    }

    @Override
    boolean mayBeOneCall(Transfer t) {
        return t.buffers.isSingle() && !t.urgent;
    }

    @Override
    void blocked() {
        full = true;
    }

    @Override
    void recheck() {
        if (socket.state == SocketState.CONNECTED && wantsWrite()) {
            socket.watchFor(tcp().stream(), SelectionKey.OP_WRITE);
        }
    }

    private boolean wantsWrite() {
        return !isQueueEmpty() || (full && socket.events.isSelected(NetworkEvent.FD_WRITE));
    }

    /** At a selection: sending is possible unless it is known not to be. */
    void reportHolding() {
        if (!full && isQueueEmpty() && !tcp().isSendShut()) {
            socket.events.reportHolding(NetworkEvent.FD_WRITE, 0);
        }
        recheck();
    }

    /** The poller has found room: overlapped sends have it first. */
    void ready() {
        Transfer over;
        lock();
        try {
            over = advance();
            if (isQueueEmpty()) {
                end();
                if (full) {
                    full = false;
                    socket.events.report(NetworkEvent.FD_WRITE, 0);
                }
                socket.ignore(SelectionKey.OP_WRITE);
            }
        } finally {
            unlock();
        }
        socket.events.deliver();
        socket.indicateAll(over);
    }

    private void end() {
        try {
            endIfDrained();
        } catch (IOException e) {
            tcp().broke(this, e);
        }
    }

    /** Sends the end of the stream, once it was asked for and everything queued is sent. */
    void endIfDrained() throws IOException {
        if (tcp().isSendShut() && isQueueEmpty() && tcp().stream().isOpen()) {
            tcp().stream().shutdownOutput();
        }
    }

    @Override
    void emptied() {
        end();
    }

    /** {@return whether data is known to be unsent} */
    boolean hasUnsent() {
        lock();
        try {
            return full || !isQueueEmpty();
        } finally {
            unlock();
        }
    }

    @Override
    int operation() {
        return SelectionKey.OP_WRITE;
    }

    @Override
    int timeoutMillis() {
        return socket.options().sendTimeoutMillis;
    }

    @Override
    void cutShort() {
        tcp().damaged();
    }
}
