package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
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
        final SocketHandle handle;
        final TcpIpSocket socket;
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

        Member(SocketHandle handle, TcpIpSocket socket) {
            this.handle = handle;
            this.socket = socket;
        }
    }

    /** Judges what was found. */
    @FunctionalInterface
    interface Judge {
        boolean isEnough(Member m) throws WinsockException;
    }

    private final Network network;
    private final Collection<Member> members;
    private final Judge judge;

    Readiness(Network network, Collection<Member> members, Judge judge) {
        this.network = network;
        this.members = members;
        this.judge = judge;
    }

    /** Waits until one member is enough, or the time of the call is over. */
    void await(BlockingCall call) throws WinsockException {
        Waiter waiter = network.waiters().take();
        members.forEach(m -> m.socket.add(waiter));
        try {
            long nanos = 0;
            while (!look(waiter, nanos)) {
                if (call.remaining() == 0) {
                    return;
                }
                nanos = call.beforeWait();
            }
        } catch (IOException e) {
            throw JdkErrors.of("waiting for several sockets", e);
        } finally {
            members.forEach(m -> m.socket.remove(waiter));
            waiter.rest();
            putBack(waiter);
        }
    }

    private void putBack(Waiter waiter) {
        try {
            network.waiters().giveBack(waiter);
        } catch (IOException e) {
            network.services().report("putting a selector back", e);
        }
    }

    /** Waits once. {@return whether a member is ready} */
    private boolean look(Waiter waiter, long nanos) throws IOException {
        for (Map.Entry<SelectableChannel, Integer> each : wanted().entrySet()) {
            if (each.getKey().isOpen()) {
                watch(waiter, each.getKey(), each.getValue());
            }
        }
        boolean known = update(waiter);
        waiter.await(known ? 0 : nanos);
        return update(waiter);
    }

    /** {@return what each channel is asked: two handles of one socket are two members with one channel} */
    private Map<SelectableChannel, Integer> wanted() {
        Map<SelectableChannel, Integer> wanted = new LinkedHashMap<>();
        for (Member m : members) {
            wanted.merge(m.socket.channel(), operations(m), (a, b) -> a | b);
        }
        return wanted;
    }

    private static void watch(Waiter waiter, SelectableChannel channel, int operations) throws IOException {
        try {
            waiter.watchAlso(channel, operations);
        } catch (IOException | IllegalStateException e) {
            if (channel.isOpen()) {
                throw e;
            } // Otherwise it was closed or replaced meanwhile, which the look at its state tells.
        }
    }

    private static int operations(Member m) {
        return switch (m.socket.state) {
            case CONNECTING -> m.write || m.except ? SelectionKey.OP_CONNECT : 0;
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

    private boolean update(Waiter waiter) throws IOException {
        boolean any = false;
        for (Member m : members) {
            m.closed = m.socket.isClosed() || m.socket.handles.wasClosed(m.handle);
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
            case UdpSocket udp -> m.readable |= udp.receiving().hasSomething();
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
