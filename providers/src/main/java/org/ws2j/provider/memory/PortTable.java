package org.ws2j.provider.memory;

import java.net.InetAddress;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Who is bound to which port, for one type of sockets and one family: the oldest first. Guarded by the network's lock. */
final class PortTable {
    private static final int FIRST_EPHEMERAL = 49_152;
    private static final int LAST_EPHEMERAL = 65_535;
    private static final int PAGE_BITS = 8;
    private static final int PAGE = 1 << PAGE_BITS;

    /** Pages of ports, made when they are needed. */
    private final Binding[][] pages = new Binding[(LAST_EPHEMERAL + 1) >> PAGE_BITS][];

    private int nextEphemeral = FIRST_EPHEMERAL;

    /** {@return the first binding at a port, null for none} */
    Binding at(int port) {
        Binding[] page = pages[port >> PAGE_BITS];
        return page == null ? null : page[port & PAGE - 1];
    }

    void add(Binding binding) {
        int port = binding.name.getPort();
        Binding[] page = pages[port >> PAGE_BITS];
        if (page == null) {
            page = new Binding[PAGE];
            pages[port >> PAGE_BITS] = page;
        }
        Binding last = page[port & PAGE - 1];
        if (last == null) {
            page[port & PAGE - 1] = binding;
            return;
        }
        while (last.next != null) {
            last = last.next;
        }
        last.next = binding;
    }

    void remove(MemorySocket socket, int port) {
        Binding before = null;
        for (Binding b = at(port); b != null; before = b, b = b.next) {
            if (b.socket == socket) {
                if (before == null) {
                    pages[port >> PAGE_BITS][port & PAGE - 1] = b.next;
                } else {
                    before.next = b.next;
                }
                return;
            }
        }
    }

    /** {@return the next port that is free for an address} */
    int freePort(InetAddress address) throws WinsockException {
        for (int tries = FIRST_EPHEMERAL; tries <= LAST_EPHEMERAL; tries++) {
            int port = nextEphemeral;
            nextEphemeral = port == LAST_EPHEMERAL ? FIRST_EPHEMERAL : port + 1;
            if (isFree(port, address)) {
                return port;
            }
        }
        throw new WinsockException(WsaError.WSAENOBUFS, "all ports of " + address.getHostAddress() + " are taken");
    }

    private boolean isFree(int port, InetAddress address) {
        for (Binding b = at(port); b != null; b = b.next) {
            if (b.conflictsWith(address)) {
                return false;
            }
        }
        return true;
    }
}
