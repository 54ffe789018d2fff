package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The receiving side of a datagram socket. */
final class UdpReceiving extends Side {
    private final UdpSocket udp;

    UdpReceiving(UdpSocket socket) {
        super(socket);
        this.udp = socket;
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
        if (udp.isReceiveShut()) {
            throw new WinsockException(WsaError.WSAESHUTDOWN, socket + " was shut down for receiving");
        }
    }

    /**
     * A channel drops what does not fit without a word. So a datagram is received into a buffer that every one fits into, and
     * that the client gets only if it has the room.
     */
    @Override
    boolean attempt(Transfer t) throws IOException {
        DatagramChannel channel = udp.channel();
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
        if (t.result != null) {
            t.result.flags(0);
            t.result.from(from);
        }
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
        if (socket.state != SocketState.OPEN && !socket.isClosed() && wantsRead()) {
            socket.watch.want(udp.channel(), SelectionKey.OP_READ);
        }
    }

    private boolean wantsRead() {
        return !isQueueEmpty() || socket.events.isDue(NetworkEvent.FD_READ);
    }

    /** The poller has found a datagram: overlapped receives have it first; if there is none, it is reported. */
    void ready() {
        Transfer over;
        lock.lock();
        try {
            over = advance();
            if (over == null && isQueueEmpty()) {
                socket.events.report(NetworkEvent.FD_READ, 0);
                socket.watch.ignore(SelectionKey.OP_READ); // Until the next receive: it cannot be told what is new.
            }
        } finally {
            lock.unlock();
        }
        socket.events.deliver();
        socket.indicateAll(over);
    }

    @Override
    int operation() {
        return SelectionKey.OP_READ;
    }

    @Override
    int timeoutMillis() {
        return socket.options.receiveTimeoutMillis;
    }

    @Override
    void cutShort() {
        // A datagram comes as a whole.
    }
}
