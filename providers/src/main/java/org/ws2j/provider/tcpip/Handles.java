package org.ws2j.provider.tcpip;

import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** The handles of one socket: that which it was made with, and those that WSPDuplicateSocket has led to. */
final class Handles {
    /** Every empty list here is this one, so that most calls compare a reference and look into nothing. */
    private static final List<SocketHandle> NONE = List.of();

    /** The first; null until the socket has one. */
    private volatile SocketHandle first;

    /** The others; written under this. */
    private volatile List<SocketHandle> duplicates = NONE;

    /** Those of them that were made before the socket was bound, and do not see that; written under this. */
    private volatile List<SocketHandle> unaware = NONE;

    SocketHandle first() {
        return first;
    }

    void first(SocketHandle given) {
        first = given;
    }

    /** Counts one more of the socket, and forgets those that were closed. */
    void add(TcpIpSocket socket, SocketHandle duplicate, boolean isUnaware) {
        List<SocketHandle> known = duplicates;
        List<SocketHandle> closed = known.stream().filter(s -> !isOpen(socket, s)).toList();
        synchronized (this) {
            duplicates = change(duplicates, closed, duplicate);
            unaware = change(unaware, closed, isUnaware ? duplicate : null);
        }
    }

    private static List<SocketHandle> change(List<SocketHandle> some, List<SocketHandle> less, SocketHandle more) {
        List<SocketHandle> changed = new ArrayList<>(some);
        changed.removeAll(less);
        if (more != null) {
            changed.add(more);
        }
        return changed.isEmpty() ? NONE : List.copyOf(changed);
    }

    /** {@return the open ones of the socket} */
    List<SocketHandle> open(TcpIpSocket socket) {
        List<SocketHandle> open = new ArrayList<>(duplicates);
        open.addFirst(first);
        open.removeIf(s -> !isOpen(socket, s));
        return open;
    }

    private static boolean isOpen(TcpIpSocket socket, SocketHandle s) {
        try {
            return socket.network.files().fileObject(s) == socket;
        } catch (WinsockException e) { // It is closed: that is the answer.
            return false;
        }
    }

    /**
     * Tells the end of one of several handles from that of the socket.
     *
     * @param socket the socket
     * @param s a handle of it that was open; null for none
     * @return whether it was closed, and the socket has had others
     */
    boolean wasClosed(TcpIpSocket socket, SocketHandle s) {
        return s != null && duplicates != NONE && !isOpen(socket, s);
    }

    /** {@return whether no other handle of the socket is open} */
    boolean isLast(TcpIpSocket socket, SocketHandle s) {
        return duplicates == NONE || open(socket).stream().allMatch(open -> open == s);
    }

    /** {@return whether a handle was made before the socket was bound: on Windows it does not learn that, and receives nothing} */
    boolean isUnaware(SocketHandle s) {
        List<SocketHandle> present = unaware;
        return present != NONE && present.contains(s);
    }
}
