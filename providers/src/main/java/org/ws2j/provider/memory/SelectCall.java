package org.ws2j.provider.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** One call of WSPSelect: looks at all members, and parks until one of them changes. */
final class SelectCall extends SocketWait {
    /** A member of one or more of the sets. */
    private static final class Member {
        final Descriptor descriptor;
        boolean read;
        boolean write;
        boolean except;
        boolean readable;
        boolean writable;
        boolean failed;

        Member(Descriptor descriptor) {
            this.descriptor = descriptor;
        }

        MemorySocket socket() {
            return descriptor.socket;
        }

        /** {@return whether it is ready for what was asked} */
        boolean look() {
            MemorySocket socket = socket();
            synchronized (socket.wire) {
                readable = read && socket.isReadable();
                writable = write && socket.isWritable();
                failed = except && (socket.hasFailedToConnect() || socket.hasUrgent());
            }
            return readable || writable || failed;
        }
    }

    private final Map<SocketHandle, Member> members = new LinkedHashMap<>();
    private final FdSet readfds;
    private final FdSet writefds;
    private final FdSet exceptfds;

    SelectCall(MemoryStack stack, FdSet readfds, FdSet writefds, FdSet exceptfds) {
        super(stack);
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
        int entry = members.values().iterator().next().socket().info.catalogEntryId();
        if (!look() && nanos > 0) {
            await(members.values().stream().map(Member::socket).toList(), BlockingCall.ofNanos(stack, entry, nanos));
        }
        return keep(readfds, m -> m.readable) + keep(writefds, m -> m.writable) + keep(exceptfds, m -> m.failed);
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

    private static List<SocketHandle> handles(FdSet set) {
        List<SocketHandle> handles = new ArrayList<>();
        for (int i = 0; set != null && i < set.fdCount(); i++) {
            handles.add(set.get(i));
        }
        return handles;
    }

    private Member member(SocketHandle s) throws WinsockException {
        Member known = members.get(s);
        if (known == null) {
            known = new Member(stack.descriptor(s));
            members.put(s, known);
        }
        return known;
    }

    @Override
    boolean look() throws WinsockException {
        checkUp();
        boolean any = false;
        for (Member m : members.values()) {
            if (m.descriptor.isClosed()) {
                throw new WinsockException(WsaError.WSAENOTSOCK, m.socket() + " was closed");
            }
            any |= m.look();
        }
        return any;
    }

    /** Leaves in a set those of its members that are ready, in their order. */
    private int keep(FdSet set, Predicate<Member> ready) {
        if (set == null) {
            return 0;
        }
        List<SocketHandle> all = handles(set);
        set.fdZero();
        for (SocketHandle s : all) {
            if (ready.test(members.get(s))) {
                set.fdSet(s);
            }
        }
        return set.fdCount();
    }
}
