package org.ws2j.provider.stream;

import org.ws2j.host.Winsock;
import org.ws2j.spi.Linger;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;

/** The two non-blocking sockets of a connection, and which of them are open. */
final class Pair {
    private final Winsock winsock;
    private final SocketHandle client;
    private final SocketHandle server;
    private boolean clientIsOpen = true;
    private boolean serverIsOpen = true;

    Pair(Winsock winsock, SocketHandle client, SocketHandle server) {
        this.winsock = winsock;
        this.client = client;
        this.server = server;
    }

    SocketHandle socket(End end) {
        return end == End.CLIENT ? client : server;
    }

    boolean isOpen(End end) {
        return end == End.CLIENT ? clientIsOpen : serverIsOpen;
    }

    void close(End end) throws WinsockException {
        if (end == End.CLIENT) {
            clientIsOpen = false;
        } else {
            serverIsOpen = false;
        }
        winsock.closesocket(socket(end));
    }

    /** Closes so that no port stays taken. */
    void reset(End end) throws WinsockException {
        winsock.setsockopt(socket(end), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        close(end);
    }

    void discard() throws WinsockException {
        for (End end : End.values()) {
            if (isOpen(end)) {
                reset(end);
            }
        }
    }
}
