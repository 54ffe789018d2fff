package org.ws2j.provider.tcpip;

import org.ws2j.provider.base.BlockingCall;
import org.ws2j.provider.tcpip.Readiness.Member;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * One call of WSPSelect; used again for a later one, so that none makes an object.
 *
 * <p>A socket in several sets is a member for each of them; the members are in the order of the sets.
 */
final class SelectCall {
    private final Network network;
    private final Readiness members;
    private final BlockingCall wait;

    SelectCall(Network network) {
        this.network = network;
        this.members = new Readiness(network, SelectCall::isReady);
        this.wait = new BlockingCall(network);
    }

    /** {@return how many members the sets have then} */
    int select(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        if (timeout != null && !timeout.isValid()) {
            throw new WinsockException(WsaError.WSAEINVAL, "time-out " + timeout);
        }
        try {
            addMembers(readfds, writefds, exceptfds);
            if (members.count() == 0) {
                throw new WinsockException(WsaError.WSAEINVAL, "no set holds a socket");
            }
            long nanos = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
            members.await(wait.begin(members.get(0).socket.info.catalogEntryId(), nanos));
            return keepReady(readfds, writefds, exceptfds);
        } finally {
            members.clear();
        }
    }

    private static boolean isReady(Member m) throws WinsockException {
        if (m.closed) {
            throw new WinsockException(WsaError.WSAENOTSOCK, m.socket + " was closed");
        }
        return (m.read && m.readable) || (m.write && m.writable) || (m.except && m.failed);
    }

    private void addMembers(FdSet readfds, FdSet writefds, FdSet exceptfds) throws WinsockException {
        for (int i = 0; i < size(readfds); i++) {
            add(readfds.get(i)).read = true;
        }
        for (int i = 0; i < size(writefds); i++) {
            add(writefds.get(i)).write = true;
        }
        for (int i = 0; i < size(exceptfds); i++) {
            add(exceptfds.get(i)).except = true;
        }
    }

    private static int size(FdSet set) {
        return set == null ? 0 : set.fdCount();
    }

    private Member add(SocketHandle s) throws WinsockException {
        return members.add(s, network.socket(s));
    }

    private int keepReady(FdSet readfds, FdSet writefds, FdSet exceptfds) throws WinsockException {
        int writing = size(readfds);
        int excepting = writing + size(writefds);
        return keepReady(readfds, 0, writing)
                + keepReady(writefds, writing, excepting)
                + keepReady(exceptfds, excepting, members.count());
    }

    /** Leaves in a set those of its members that are ready, in their order. */
    private int keepReady(FdSet set, int from, int to) throws WinsockException {
        for (int i = from; i < to; i++) {
            if (!isReady(members.get(i))) {
                set.fdClr(members.get(i).handle);
            }
        }
        return size(set);
    }
}
