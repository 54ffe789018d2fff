package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** One call of WSPSelect: one selector for all members, asked again after each change of a member's state. */
final class SelectCall {
    /** A member of one or more of the sets. */
    private static final class Member {
        final TcpIpSocket socket;
        boolean read;
        boolean write;
        boolean except;
        boolean readable;
        boolean writable;
        boolean failed;

        Member(TcpIpSocket socket) {
            this.socket = socket;
        }

        boolean isReady() {
            return (read && readable) || (write && writable) || (except && failed);
        }
    }

    private final Network network;
    private final Map<SocketHandle, Member> members = new LinkedHashMap<>();
    private final FdSet readfds;
    private final FdSet writefds;
    private final FdSet exceptfds;

    SelectCall(Network network, FdSet readfds, FdSet writefds, FdSet exceptfds) {
        this.network = network;
        this.readfds = readfds;
        this.writefds = writefds;
        this.exceptfds = exceptfds;
    }

    /** {@return how many members the sets have then} */
    int select(Timeval timeout) throws WinsockException {
        if (timeout != null && !timeout.isValid()) {
            throw new WinsockException(WsaError.WSAEINVAL, "time-out " + timeout);
        }
        addMembers();
        if (members.isEmpty()) {
            throw new WinsockException(WsaError.WSAEINVAL, "no set holds a socket");
        }
        long nanos = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
        int entry = members.values().iterator().next().socket.info.catalogEntryId();
        waitUntilReady(BlockingCall.ofNanos(network, entry, nanos));
        return keepReady();
    }

    private void addMembers() throws WinsockException {
        for (SocketHandle s : handles(readfds)) {
            member(s).read = true;
        }
        for (SocketHandle s : handles(writefds)) {
            member(s).write = true;
        }
        for (SocketHandle s : handles(exceptfds)) {
            member(s).except = true;
        }
    }

    private static Collection<SocketHandle> handles(FdSet set) {
        List<SocketHandle> handles = new ArrayList<>();
        for (int i = 0; set != null && i < set.fdCount(); i++) {
            handles.add(set.get(i));
        }
        return handles;
    }

    private Member member(SocketHandle s) throws WinsockException {
        Member known = members.get(s);
        if (known != null) {
            return known;
        }
        Member made = new Member(network.socket(s));
        members.put(s, made);
        return made;
    }

    private void waitUntilReady(BlockingCall call) throws WinsockException {
        Waiter waiter = network.waiters().take();
        members.values().forEach(m -> m.socket.add(waiter));
        try {
            long nanos = 0;
            while (!look(waiter, nanos)) {
                if (call.remaining() == 0) {
                    return;
                }
                nanos = call.beforeWait();
            }
        } catch (IOException e) {
            throw JdkErrors.of("select", e);
        } finally {
            members.values().forEach(m -> m.socket.remove(waiter));
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
        for (Member m : members.values()) {
            SelectableChannel channel = m.socket.channel();
            if (channel.isOpen()) {
                watch(waiter, m, channel);
            }
        }
        boolean known = update(waiter);
        waiter.await(known ? 0 : nanos);
        return update(waiter);
    }

    private static void watch(Waiter waiter, Member m, SelectableChannel channel) throws IOException {
        try {
            waiter.watchAlso(channel, operations(m));
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

    private boolean update(Waiter waiter) throws WinsockException {
        boolean any = false;
        for (Member m : members.values()) {
            if (m.socket.isClosed()) {
                throw new WinsockException(WsaError.WSAENOTSOCK, m.socket + " was closed");
            }
            update(m, waiter.ready(m.socket.channel()));
            any |= m.isReady();
        }
        return any;
    }

    private static void update(Member m, int ready) {
        m.readable |= (ready & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0;
        m.writable |= (ready & SelectionKey.OP_WRITE) != 0;
        if (m.socket instanceof TcpSocket tcp) {
            if ((ready & SelectionKey.OP_CONNECT) != 0) {
                tcp.finishConnectIfReady();
                m.writable |= tcp.state == SocketState.CONNECTED;
            }
            m.readable |= tcp.state == SocketState.CONNECTED && tcp.receiving().hasSomething();
            m.failed = tcp.hasFailedToConnect();
        }
    }

    private int keepReady() {
        int count = 0;
        if (readfds != null) {
            count += keep(readfds, members.values().stream().filter(m -> m.readable).toList());
        }
        if (writefds != null) {
            count += keep(writefds, members.values().stream().filter(m -> m.writable).toList());
        }
        if (exceptfds != null) {
            count += keep(exceptfds, members.values().stream().filter(m -> m.failed).toList());
        }
        return count;
    }

    /** Leaves in a set those of its members that are ready, in their order. */
    private int keep(FdSet set, List<Member> ready) {
        List<SocketHandle> staying = new ArrayList<>();
        for (SocketHandle s : handles(set)) {
            if (ready.contains(members.get(s))) {
                staying.add(s);
            }
        }
        set.fdZero();
        staying.forEach(set::fdSet);
        return set.fdCount();
    }
}
