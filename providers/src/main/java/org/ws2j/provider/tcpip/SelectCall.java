package org.ws2j.provider.tcpip;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.provider.tcpip.Readiness.Member;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** One call of WSPSelect. */
final class SelectCall {
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
        new Readiness(network, members.values(), SelectCall::isReady)
                .await(BlockingCall.ofNanos(network, entry, nanos));
        return keepReady();
    }

    private static boolean isReady(Member m) throws WinsockException {
        if (m.closed) {
            throw new WinsockException(WsaError.WSAENOTSOCK, m.socket + " was closed");
        }
        return (m.read && m.readable) || (m.write && m.writable) || (m.except && m.failed);
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
        Member made = new Member(s, network.socket(s));
        members.put(s, made);
        return made;
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
