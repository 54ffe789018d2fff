package org.ws2j.provider.memory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.ws2j.provider.base.BufferViews;
import org.ws2j.spi.JoinLeafFlag;
import org.ws2j.spi.Linger;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * A socket of datagrams.
 *
 * <p>A send never waits: it puts the datagram into the queue of each socket that it is for, one after the other, and holds
 * the wire of none but that one. Where there is no room it is lost, and nobody is told; where there is nobody, the next receive of the sender is.
 */
final class DatagramSocket extends MemorySocket {
    /** Guarded by the wire, as all below as far as {@link #sendShut}. */
    private final DatagramQueue queue = new DatagramQueue();

    private final TransferQueue receivers = new TransferQueue();
    private boolean receiveShut;

    /** Whether an earlier datagram has met nobody, and no receive was told. */
    private boolean unreachable;

    /** SIO_UDP_CONNRESET: whether receives are told of such. */
    private boolean reportsUnreachable = true;

    /** SIO_ENABLE_CIRCULAR_QUEUEING: whether the oldest datagram makes room for a new one. */
    private boolean dropsOldest;

    private volatile boolean sendShut;

    /** Whether it was made as a leaf of multipoint sessions. */
    private final boolean leaf;

    /** The multicast groups that it receives of; read under the table lock of the network. */
    private final Set<InetAddress> groups = new CopyOnWriteArraySet<>();

    /** The local address as others see it; written under the wire. */
    private volatile InetSocketAddress source;

    DatagramSocket(MemoryStack stack, WsaProtocolInfo info, boolean overlapped, boolean leaf) {
        super(stack, info, new Wire(), overlapped);
        this.leaf = leaf;
    }

    boolean isMember(InetAddress group) {
        return groups.contains(group);
    }

    // Addresses

    @Override
    void bind(InetSocketAddress name) throws WinsockException {
        try {
            synchronized (wire) {
                checkOpen();
                if (state != SocketState.OPEN) {
                    throw new WinsockException(WsaError.WSAEINVAL, this + " is bound");
                }
                bound(stack.network().bind(this, name));
            }
        } finally {
            wire.deliver();
        }
    }

    private void bindIfNeeded() throws WinsockException {
        if (state == SocketState.OPEN) {
            bound(stack.network().bindAnywhere(this));
        }
    }

    private void bound(InetSocketAddress name) {
        local = name;
        source = stack.network().sourceOf(name);
        state = SocketState.BOUND;
        events.report(NetworkEvent.FD_WRITE, 0);
        watchers.wake();
    }

    /** One bound to the wildcard address has a complete name while it has a peer. */
    @Override
    InetSocketAddress localName() {
        return state == SocketState.CONNECTED ? source : local;
    }

    /** Sets the default peer, which also filters what is received; datagrams that wait are dropped. */
    @Override
    int connect(InetSocketAddress name) throws WinsockException {
        boolean toNobody = name.getAddress().isAnyLocalAddress();
        if (name.getPort() == 0 ? !toNobody : toNobody) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, name + " is no peer");
        }
        try {
            synchronized (wire) {
                checkOpen();
                if (!toNobody) {
                    checkBroadcast(name);
                }
                bindIfNeeded();
                queue.clear();
                unreachable = false;
                peer = toNobody ? null : name;
                state = toNobody ? SocketState.BOUND : SocketState.CONNECTED;
                if (!toNobody) {
                    reportConnected();
                }
                watchers.wake();
            }
        } finally {
            wire.deliver();
        }
        return 0;
    }

    private void reportConnected() {
        events.reenable(NetworkEvent.FD_CONNECT);
        events.report(NetworkEvent.FD_CONNECT, 0);
    }

    private void checkBroadcast(InetSocketAddress to) throws WinsockException {
        if (!options.broadcast() && MemoryNetwork.isBroadcast(to.getAddress())) {
            throw new WinsockException(WsaError.WSAEACCES, to + " is for everybody, and SO_BROADCAST is off");
        }
    }

    /** Joins a multicast group. */
    void join(InetSocketAddress group, int flags) throws WinsockException {
        if (!leaf) {
            throw new WinsockException(WsaError.WSAEINVAL, this + " was not made as a leaf");
        }
        if (flags != JoinLeafFlag.JL_SENDER_ONLY && flags != JoinLeafFlag.JL_RECEIVER_ONLY
                && flags != JoinLeafFlag.JL_BOTH) {
            throw new WinsockException(WsaError.WSAEINVAL, "flags of a join 0x" + Integer.toHexString(flags));
        }
        if (!group.getAddress().isMulticastAddress()) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, group + " is no multicast group");
        }
        try {
            synchronized (wire) {
                checkOpen();
                bindIfNeeded();
                if (flags != JoinLeafFlag.JL_SENDER_ONLY && !groups.add(group.getAddress())) {
                    throw new WinsockException(WsaError.WSAEISCONN, this + " has joined " + group);
                }
                reportConnected();
            }
        } finally {
            wire.deliver();
        }
    }

    void addMembership(InetAddress group) throws WinsockException {
        synchronized (wire) {
            checkOpen();
            if (!groups.add(group)) {
                throw new WinsockException(WsaError.WSAEINVAL, this + " is a member of " + group);
            }
        }
    }

    void dropMembership(InetAddress group) throws WinsockException {
        synchronized (wire) {
            checkOpen();
            if (!groups.remove(group)) {
                throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, this + " is no member of " + group);
            }
        }
    }

    // Sending

    @Override
    long start(Transfer t) throws WinsockException {
        return t.sending ? send(t) : super.start(t);
    }

    private long send(Transfer t) throws WinsockException {
        boolean mine = true;
        try {
            beginBlock(t);
            InetSocketAddress to;
            try {
                synchronized (wire) {
                    reenable(t);
                    check(t);
                    to = t.to == null ? peer : t.to;
                    checkBroadcast(to);
                    bindIfNeeded();
                }
            } catch (WinsockException e) {
                endBlock(t, e);
                throw e;
            } finally {
                wire.deliver();
            }
            t.transferred = t.buffers.remaining();
            route(t.buffers, to);
            if (t.isOverlapped()) {
                mine = false;
                return indicateNow(t);
            }
            return t.transferred;
        } finally {
            if (mine) {
                giveBack(t);
            }
        }
    }

    private void route(BufferViews data, InetSocketAddress to) {
        InetAddress address = to.getAddress();
        if (!address.isMulticastAddress() && !MemoryNetwork.isBroadcast(address)) {
            DatagramSocket receiver = stack.network().receiver(to, info);
            if (receiver == null || !receiver.accept(data, this)) {
                metNobody();
            }
            return;
        }
        List<DatagramSocket> receivers = stack.network().receivers(to, info);
        data.mark();
        for (DatagramSocket receiver : receivers) {
            if (receiver != this || !address.isMulticastAddress() || options.multicastLoop()) {
                data.rewind();
                receiver.accept(data, this);
            }
        }
    }

    /** Takes a datagram in, or loses it; no lock is held. {@return whether the sender has somebody here} */
    private boolean accept(BufferViews data, DatagramSocket from) {
        synchronized (wire) {
            if (isClosed() || (peer != null && !from.isAt(peer))) {
                return false;
            }
            if (!receiveShut && (!receivers.isEmpty() || hasRoom())) {
                queue.add(data, peer == null ? from.source : peer);
                serve();
                reportReadable();
            }
        }
        wire.deliver();
        return true;
    }

    private boolean hasRoom() {
        int limit = options.receiveBuffer();
        while (dropsOldest && !queue.isEmpty() && queue.isFull(limit)) {
            queue.dropFirst();
        }
        return !queue.isFull(limit);
    }

    /** As a port that answers to be closed does: the next receive fails. */
    private void metNobody() {
        synchronized (wire) {
            if (!isClosed() && !receiveShut && reportsUnreachable) {
                unreachable = true;
                serve();
                reportReadable();
            }
        }
        wire.deliver();
    }

    /** {@return whether a receive would be over at once: with a datagram, or with what has become of one} */
    private boolean hasSomething() {
        return !queue.isEmpty() || unreachable;
    }

    private void reportReadable() {
        if (hasSomething()) {
            events.report(NetworkEvent.FD_READ, 0);
            watchers.wake();
        }
    }

    void reportUnreachable(boolean on) {
        synchronized (wire) {
            reportsUnreachable = on;
            unreachable &= on;
        }
    }

    void dropOldest() {
        synchronized (wire) {
            dropsOldest = true;
        }
    }

    /** A socket at the wildcard address is at all addresses. */
    private boolean isAt(InetSocketAddress name) {
        InetSocketAddress mine = local;
        return mine.getPort() == name.getPort()
                && (mine.getAddress().isAnyLocalAddress() || mine.getAddress().equals(name.getAddress()));
    }

    // Receiving

    private void serve() {
        if (unreachable && !receivers.isEmpty()) {
            unreachable = false;
            wire.finish(receivers.removeFirst(),
                    new WinsockException(WsaError.WSAECONNRESET, "nobody was where " + this + " has sent to"));
        }
        while (!receivers.isEmpty() && !queue.isEmpty()) {
            Transfer t = receivers.removeFirst();
            int taken = queue.peek(t.buffers);
            int lost = queue.firstLength() - taken;
            t.transferred = taken;
            if (t.result != null) {
                t.result.flags(0);
                t.result.from(queue.firstSource());
            }
            if (!t.peeks) {
                queue.dropFirst();
            }
            wire.finish(t, lost == 0 ? null : tooLong(lost));
        }
    }

    private WinsockException tooLong(int lost) {
        return new WinsockException(WsaError.WSAEMSGSIZE,
                "a datagram had " + lost + " bytes more than the buffers of " + this);
    }

    @Override
    void reenable(Transfer t) {
        events.reenable(t.sending ? NetworkEvent.FD_WRITE : NetworkEvent.FD_READ);
    }

    @Override
    void check(Transfer t) throws WinsockException {
        checkOpen();
        if (t.sending) {
            checkSend(t);
        } else if (state == SocketState.OPEN) {
            throw new WinsockException(WsaError.WSAEINVAL, this + " is not bound");
        } else if (receiveShut) {
            throw new WinsockException(WsaError.WSAESHUTDOWN, this + " was shut down for receiving");
        }
    }

    private void checkSend(Transfer t) throws WinsockException {
        if (sendShut) {
            throw new WinsockException(WsaError.WSAESHUTDOWN, this + " was shut down for sending");
        }
        if (t.to == null && peer == null) {
            throw new WinsockException(WsaError.WSAENOTCONN, this + " has no default peer");
        }
        if (t.buffers.remaining() > MemoryProtocols.MAX_DATAGRAM) {
            throw new WinsockException(WsaError.WSAEMSGSIZE,
                    t.buffers.remaining() + " bytes are too many for a datagram");
        }
    }

    @Override
    void attempt(Transfer t) {
        receivers.add(t);
        serve();
    }

    @Override
    boolean withdraw(Transfer t) {
        return receivers.remove(t);
    }

    @Override
    void recheck(Transfer t, boolean blocked) {
        if (!t.sending && hasSomething()) {
            events.report(NetworkEvent.FD_READ, 0);
        }
    }

    @Override
    void cutShort(Transfer t) {
        // A datagram comes as a whole.
    }

    // The end

    @Override
    void shutdown(int how) throws WinsockException {
        if (how < ShutdownHow.SD_RECEIVE || how > ShutdownHow.SD_BOTH) {
            throw new WinsockException(WsaError.WSAEINVAL, "no such way to shut down: " + how);
        }
        try {
            synchronized (wire) {
                checkOpen();
                if (how != ShutdownHow.SD_RECEIVE) {
                    sendShut = true;
                }
                if (how != ShutdownHow.SD_SEND) {
                    receiveShut = true;
                    queue.clear();
                    while (!receivers.isEmpty()) {
                        wire.finish(receivers.removeFirst(),
                                new WinsockException(WsaError.WSAESHUTDOWN, this + " was shut down"));
                    }
                }
                watchers.wake();
            }
        } finally {
            wire.deliver();
        }
    }

    @Override
    void end(boolean resets) {
        state = SocketState.CLOSED;
        events.cancel();
        queue.clear();
        receivers.removeIf(t -> true, wire::abort);
    }

    @Override
    void ended() {
        stack.network().unbind(this);
    }

    @Override
    void endWaits(Descriptor closing) {
        receivers.removeIf(t -> t.waitsFor(closing), wire::abort);
    }

    @Override
    void linger(Linger linger) {
        // What was sent has arrived, or is lost.
    }

    // What holds

    @Override
    int readable() {
        return queue.size();
    }

    @Override
    boolean isReadable() {
        return hasSomething() || receiveShut;
    }

    @Override
    boolean isWritable() {
        return true;
    }

    @Override
    boolean hasFailedToConnect() {
        return false;
    }

    @Override
    boolean hasUrgent() {
        return false;
    }

    @Override
    boolean isHungUp() {
        return false;
    }

    @Override
    boolean isBroken() {
        return false;
    }

    @Override
    void reportHolding() {
        if (state == SocketState.OPEN) {
            return;
        }
        events.reportHolding(NetworkEvent.FD_WRITE, 0);
        if (hasSomething()) {
            events.reportHolding(NetworkEvent.FD_READ, 0);
        }
    }
}
