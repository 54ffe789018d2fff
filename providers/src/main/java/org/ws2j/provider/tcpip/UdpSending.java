package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The sending side of a datagram socket. */
@SuppressWarnings("serial") // see SideLock
final class UdpSending extends Side {
    /** Whether a send has answered that it would block, and the channel was not found writable since. */
    private boolean full;

    UdpSending(UdpSocket socket) {
        super(socket);
    }

    private UdpSocket udp() {
        return (UdpSocket) socket;
    }

    @Override
    void reenable() {
        socket.events.reenable(NetworkEvent.FD_WRITE);
    }

    @Override
    void check(Transfer t) throws WinsockException {
        socket.checkOpen();
        if (t.to == null && socket.state != SocketState.CONNECTED) {
            throw new WinsockException(WsaError.WSAENOTCONN, socket + " has no default peer");
        }
        if (udp().isSendShut() && !t.queued) {
            throw new WinsockException(WsaError.WSAESHUTDOWN, socket + " was shut down for sending");
        }
        if (t.buffers.remaining() > udp().maxMessage()) {
            throw new WinsockException(WsaError.WSAEMSGSIZE,
                    t.buffers.remaining() + " bytes in one datagram; the most is "
                            + udp().maxMessage());
        }
    }

    @Override
    boolean attempt(Transfer t) throws IOException {
        int length = (int) t.buffers.remaining();
        int n = t.to == null || t.to.equals(udp().peerAddress()) ? sendToPeer(t) : sendTo(t);
        if (n < length) {
            return false;
        }
        t.transferred = n;
        full = false;
        return true;
    }

    private int sendToPeer(Transfer t) throws IOException {
        DatagramChannel channel = udp().channel();
        if (t.buffers.isSingle()) {
            return channel.write(t.buffers.single());
        }
        return (int) channel.write(t.buffers.array(), 0, t.buffers.count());
    }

    /** A channel with a default peer sends to nobody else: it is disconnected for the moment. */
    private int sendTo(Transfer t) throws IOException {
        InetSocketAddress peer = udp().peerAddress();
        if (peer == null) {
            return sendUnconnected(t);
        }
        udp().channel().disconnect();
        try {
            return sendUnconnected(t);
        } finally {
            udp().channel().connect(peer);
        }
    }

    private int sendUnconnected(Transfer t) throws IOException {
        if (t.buffers.isSingle()) {
            return udp().channel().send(t.buffers.single(), t.to);
        }
        ByteBuffer gathered = socket.network.takeScratch();
        try {
            t.buffers.copyTo(gathered);
            return udp().channel().send(gathered.flip(), t.to);
        } finally {
            socket.network.giveBackScratch(gathered);
        }
    }

    @Override
    void blocked() {
        full = true;
    }

    @Override
    void recheck() {
        if (!socket.isClosed() && wantsWrite()) {
            socket.watchFor(udp().channel(), SelectionKey.OP_WRITE);
        }
    }

    private boolean wantsWrite() {
        return !isQueueEmpty() || (full && socket.events.isSelected(NetworkEvent.FD_WRITE));
    }

    /** At a selection: sending is possible unless it is known not to be. */
    void reportHolding() {
        if (!full && isQueueEmpty()) {
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
        // A datagram goes as a whole.
    }
}
