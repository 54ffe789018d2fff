package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The receiving side of a datagram socket. */
@SuppressWarnings("serial") // see SideLock
final class UdpReceiving extends Side {
    /** A datagram that was read ahead of its client; or with a failure, and no data, what a receive would have failed with. */
    private record Kept(ByteBuffer data, SocketAddress from, IOException failure) {
        static Kept failed(IOException failure) {
            return new Kept(ByteBuffer.allocate(0), null, failure);
        }
    }

    /** How many datagrams are read ahead at most, to count or to tell of what is waiting. */
    private static final int MAX_KEPT = 1_024;

    /** What was peeked at, counted or told of, the oldest first; every receive takes it before it asks the channel. */
    private final ArrayDeque<Kept> ahead = new ArrayDeque<>(0);

    /** How many bytes they are. */
    private int bytesAhead;

    /** Whether the last look has left something in the channel, for want of room here. */
    private boolean full;

    UdpReceiving(UdpSocket socket) {
        super(socket);
    }

    private UdpSocket udp() {
        return (UdpSocket) socket;
    }

    @Override
    void reenable() {
        socket.events.reenable(NetworkEvent.FD_READ);
    }

    @Override
    void check(Transfer t) throws WinsockException {
        socket.checkOpen();
        if (socket.state == SocketState.OPEN) {
            throw new WinsockException(WsaError.WSAEINVAL, socket + " is not bound");
        }
        if (udp().isReceiveShut()) {
            throw new WinsockException(WsaError.WSAESHUTDOWN, socket + " was shut down for receiving");
        }
    }

    @Override
    boolean attempt(Transfer t) throws IOException {
        if (t.peeks && ahead.isEmpty()) {
            keepNext();
        }
        if (!ahead.isEmpty()) {
            return receiveKept(t);
        }
        return !t.peeks && receive(t);
    }

    private boolean receiveKept(Transfer t) throws IOException {
        Kept first = t.peeks && ahead.peek().failure() == null ? ahead.peek() : takeFirst();
        if (first.failure() != null) {
            throw first.failure();
        }
        ByteBuffer data = first.data().duplicate();
        int taken = t.buffers.fillFrom(data);
        return received(t, first.from(), taken, data.remaining());
    }

    private Kept takeFirst() {
        Kept first = ahead.remove();
        bytesAhead -= first.data().remaining();
        full = false;
        return first;
    }

    /** Reads one datagram ahead, or learns why none can be read. {@return whether there was either} */
    private boolean keepNext() {
        ByteBuffer scratch = socket.network.takeScratch();
        try {
            SocketAddress from = udp().channel().receive(scratch);
            if (from == null) {
                return false;
            }
            scratch.flip();
            bytesAhead += scratch.remaining();
            ahead.add(new Kept(ByteBuffer.allocate(scratch.remaining()).put(scratch).flip(), from, null));
        } catch (IOException e) {
            ahead.add(Kept.failed(e));
        } finally {
            socket.network.giveBackScratch(scratch);
        }
        socket.wakeWaiters(); // Their selectors see nothing of what was taken out of the channel.
        return true;
    }

    /** Reads ahead what has come, as far as the client's buffer size has room. */
    private void keepAll() throws IOException {
        int room = udp().channel().getOption(StandardSocketOptions.SO_RCVBUF);
        boolean more = true;
        while (more && bytesAhead < room && mayKeepMore()) {
            more = keepNext();
        }
        full = more;
    }

    /** Behind a failure nothing is read: a channel may fail for ever. */
    private boolean mayKeepMore() {
        return ahead.size() < MAX_KEPT && (ahead.isEmpty() || ahead.getLast().failure() == null);
    }

    /** {@return how many bytes wait, in all datagrams that the client's buffer size would have room for} */
    int readable() throws IOException {
        lock();
        try {
            if (socket.state == SocketState.OPEN || socket.isClosed()) {
                return 0;
            }
            if (isQueueEmpty()) {
                keepAll();
            }
            recheck();
            return bytesAhead;
        } finally {
            unlock();
            socket.events.deliver();
        }
    }

    /** {@return whether a receive would find something without asking the channel} */
    @Override
    boolean hasSomething() {
        lock();
        try {
            return !ahead.isEmpty();
        } finally {
            unlock();
        }
    }

    /** Drops what waits: the default peer is another one. */
    void drop() {
        ahead.clear();
        bytesAhead = 0;
        full = false;
    }

    /**
     * A channel drops what does not fit without a word. So a datagram is received into a buffer that every one fits into, and
     * that the client gets only if it has the room.
     */
    private boolean receive(Transfer t) throws IOException {
        DatagramChannel channel = udp().channel();
        ByteBuffer view = t.buffers.single();
        if (t.buffers.isSingle() && view.remaining() >= Network.MAX_DATAGRAM) {
            int start = view.position();
            SocketAddress from = channel.receive(view);
            return from != null && received(t, from, view.position() - start, 0);
        }
        ByteBuffer scratch = socket.network.takeScratch();
        try {
            SocketAddress from = channel.receive(scratch);
            if (from == null) {
                return false;
            }
            scratch.flip();
            int taken = t.buffers.fillFrom(scratch);
            return received(t, from, taken, scratch.remaining());
        } finally {
            socket.network.giveBackScratch(scratch);
        }
    }

    private boolean received(Transfer t, SocketAddress from, int taken, int lost) {
        t.transferred = taken;
        t.received(from);
        if (lost > 0) {
            t.failure = new WinsockException(WsaError.WSAEMSGSIZE, "a datagram from " + from + " had " + lost
                    + " bytes more than the buffers of " + socket);
        }
        return true;
    }

    @Override
    void blocked() {
        // The poller watches for datagrams whenever FD_READ is due: nothing to remember.
    }

    @Override
    void recheck() {
        if (!ahead.isEmpty()) {
            socket.events.report(NetworkEvent.FD_READ, 0);
        }
        watchIfWanted();
    }

    /** At a selection: what lies here is reported, what does not is watched for. */
    void reportHolding() {
        if (!ahead.isEmpty()) {
            socket.events.reportHolding(NetworkEvent.FD_READ, 0);
        }
        watchIfWanted();
    }

    private void watchIfWanted() {
        if (socket.state != SocketState.OPEN && !socket.isClosed() && wantsRead()) {
            socket.watchFor(udp().channel(), SelectionKey.OP_READ);
        }
    }

    private boolean wantsRead() {
        return !isQueueEmpty() || (tellsOfEach() ? !full : socket.events.isDue(NetworkEvent.FD_READ));
    }

    /** {@return whether a datagram is told of that comes behind unread ones: by an event it is, by a message it is not} */
    private boolean tellsOfEach() {
        return socket.events.isSelected(NetworkEvent.FD_READ) && socket.events.isByEvent();
    }

    /** The poller has found a datagram: overlapped receives have it first; if there is none, it is reported. */
    void ready() throws WinsockException {
        Transfer over;
        lock();
        try {
            over = advance();
            if (over == null && isQueueEmpty() && !socket.isClosed()) {
                tell();
            }
        } catch (IOException e) {
            throw JdkErrors.of("looking what has come for " + socket, e);
        } finally {
            unlock();
        }
        socket.events.deliver();
        socket.indicateAll(over);
    }

    /** What is to be told of is read ahead if the next one is, too: of a channel that stays readable nobody hears again. */
    private void tell() throws IOException {
        if (!tellsOfEach()) {
            socket.events.report(NetworkEvent.FD_READ, 0);
            socket.ignore(SelectionKey.OP_READ); // Until the next receive.
            return;
        }
        int known = ahead.size();
        keepAll();
        if (ahead.size() > known) {
            socket.events.report(NetworkEvent.FD_READ, 0);
        }
        if (full) {
            socket.ignore(SelectionKey.OP_READ);
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
        // A datagram comes as a whole.
    }
}
