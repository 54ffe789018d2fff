package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/**
 * A wait for several sockets at once, which select and poll have in common: one selector for all members, asked again after
 * each change of a member's state.
 */
final class Readiness {
    /** A socket that is waited for: what for, and what was found. */
    static final class Member {
        SocketHandle handle;
        TcpIpSocket socket;
        boolean read;
        boolean write;
        boolean except;

        /** Whether the end of a stream is to be told from data. */
        boolean end;

        boolean readable;
        boolean writable;
        boolean failed;
        boolean ended;
        boolean closed;

        private void set(SocketHandle newHandle, TcpIpSocket newSocket) {
            handle = newHandle;
            socket = newSocket;
            read = false;
            write = false;
            except = false;
            end = false;
            readable = false;
            writable = false;
            failed = false;
            ended = false;
            closed = false;
        }
    }

    /** Judges what was found. */
    @FunctionalInterface
    interface Judge {
        boolean isEnough(Member m) throws WinsockException;
    }

    private static final int USUAL = 4;

    /** How many members are kept for a later wait. */
    private static final int MAX_FREE = 64;

    private final Network network;
    private final Judge judge;

    /** Those of this wait, then those that are free; null where there was none yet. */
    private Member[] members = new Member[USUAL];

    private int count;

    Readiness(Network network, Judge judge) {
        this.network = network;
        this.judge = judge;
    }

    int count() {
        return count;
    }

    Member get(int index) {
        return members[index];
    }

    /** {@return a new member, which is waited for as its fields say} */
    Member add(SocketHandle s, TcpIpSocket socket) {
        if (count == members.length) {
            members = Arrays.copyOf(members, 2 * count);
        }
        Member m = members[count];
        if (m == null) {
            m = new Member();
            members[count] = m;
        }
        m.set(s, socket);
        count++;
        return m;
    }

    /** Forgets the members: another wait may have others. */
    void clear() {
        if (members.length > MAX_FREE) {
            members = new Member[USUAL];
            count = 0;
        }
        while (count > 0) {
            count--;
            members[count].set(null, null);
        }
    }

    /** Waits until one member is enough, or the time of the call is over. A selector that one socket keeps has its channel. */
    void await(BlockingCall call) throws WinsockException {
        Side side = isOneSocket() ? members[0].socket.receiving() : null;
        SelectorWaiter waiter = side == null ? takeSelector() : side.socket.takeSelector(side);
        try {
            long nanos = 0;
            Runnable ifInterrupted = side == null ? null : side.socket.interruptAction();
            while (!look(waiter, nanos, ifInterrupted)) {
                nanos = call.nextWait();
                if (nanos == 0) {
                    return;
                }
            }
        } catch (IOException e) {
            throw JdkErrors.of("waiting for several sockets", e);
        } finally {
            if (side == null) {
                putBack(waiter);
            } else {
                side.socket.remove(waiter, side);
            }
        }
    }

    private boolean isOneSocket() {
        if (count == 0) {
            return false;
        }
        for (int i = 1; i < count; i++) {
            if (members[i].socket != members[0].socket) {
                return false;
            }
        }
        return true;
    }

    private SelectorWaiter takeSelector() throws WinsockException {
        SelectorWaiter waiter = network.waiters().takeSelector();
        for (int i = 0; i < count; i++) {
            if (i == 0 || members[i].socket != members[i - 1].socket) {
                members[i].socket.add(waiter);
            }
        }
        return waiter;
    }

    /** The sockets forget it last, see {@link TcpIpSocket#remove(Waiter, Side)}. */
    private void putBack(SelectorWaiter waiter) {
        waiter.rest();
        try {
            network.waiters().giveBack(waiter);
        } catch (IOException e) {
            network.services().report("putting a selector back", e);
        } finally {
            removeFromSockets(waiter);
        }
    }

    private void removeFromSockets(Waiter waiter) {
        for (int i = 0; i < count; i++) {
            if (i == 0 || members[i].socket != members[i - 1].socket) {
                members[i].socket.remove(waiter);
            }
        }
    }

    /** Waits once. {@return whether a member is ready} */
    private boolean look(SelectorWaiter waiter, long nanos, Runnable ifInterrupted)
            throws IOException, WinsockException {
        boolean first = true;
        for (int i = 0; i < count; i++) {
            SelectableChannel channel = members[i].socket.channel();
            if (channel.isOpen()) {
                watch(waiter, channel, operations(members[i]), first);
                first = false;
            }
        }
        boolean known = update(waiter);
        waiter.await(known ? 0 : nanos, ifInterrupted);
        return update(waiter);
    }

    /** Two members can have one channel: those of several sets, or with two handles of one socket. */
    private static void watch(SelectorWaiter waiter, SelectableChannel channel, int operations, boolean first)
            throws IOException {
        try {
            if (first) {
                waiter.watch(channel, operations);
            } else {
                waiter.watchAlso(channel, operations);
            }
        } catch (IOException | IllegalStateException e) {
            if (channel.isOpen()) {
                throw e;
            } // Otherwise it was closed or replaced meanwhile, which the look at its state tells.
        }
    }

    private static int operations(Member m) {
        return switch (m.socket.state) {
            case CONNECTING -> SelectionKey.OP_CONNECT; // Also for who waits for data: that can come from then on.
            case LISTENING -> m.read ? SelectionKey.OP_ACCEPT : 0;
            case CONNECTED -> transferOperations(m);
            // The system calls an unconnected stream ready for everything; there is nothing to wait for on it.
            case OPEN, BOUND -> m.socket instanceof UdpSocket ? transferOperations(m) : 0;
            case ACCEPTING, CLOSED -> 0;
        };
    }

    private static int transferOperations(Member m) {
        return (m.read ? SelectionKey.OP_READ : 0) | (m.write ? SelectionKey.OP_WRITE : 0);
    }

    private boolean update(SelectorWaiter waiter) throws IOException {
        boolean any = false;
        for (int i = 0; i < count; i++) {
            Member m = members[i];
            m.closed = m.socket.isClosed() || m.socket.handles.wasClosed(m.socket, m.handle);
            if (!m.closed) {
                update(m, waiter.ready(m.socket.channel()));
            }
            any |= judge.isEnough(m);
        }
        return any;
    }

    private static void update(Member m, int ready) throws IOException {
        m.readable |= (ready & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0;
        m.writable |= (ready & SelectionKey.OP_WRITE) != 0;
        switch (m.socket) {
            case TcpSocket tcp -> updateStream(m, tcp, ready);
            case UdpSocket udp -> m.readable |= udp.receiving().hasSomething() || udp.isReceiveShut();
        }
    }

    private static void updateStream(Member m, TcpSocket tcp, int ready) throws IOException {
        if ((ready & SelectionKey.OP_CONNECT) != 0) {
            tcp.finishConnectIfReady();
            m.writable |= tcp.state == SocketState.CONNECTED;
        }
        if (m.end && (ready & SelectionKey.OP_READ) != 0) {
            tcp.receiving().lookForEnd();
        }
        m.readable |= tcp.hasSomething();
        m.ended = tcp.state == SocketState.CONNECTED && tcp.receiving().hasEnded();
        m.failed = tcp.hasFailedToConnect();
    }
}
