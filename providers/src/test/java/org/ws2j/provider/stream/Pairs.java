package org.ws2j.provider.stream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;

/** Connections, for each size of buffers; those that are as new serve again, and few listeners serve all. */
final class Pairs {
    private static final int LISTENERS = 4;
    private static final Timeval LONG = new Timeval(10, 0);

    private final Winsock winsock;
    private final List<SocketHandle> listeners = new ArrayList<>();
    private final Map<Integer, Deque<Pair>> idle = new HashMap<>();
    private int next;

    Pairs(Winsock winsock) throws WinsockException {
        this.winsock = winsock;
        for (int i = 0; i < LISTENERS; i++) {
            SocketHandle listener = stream();
            winsock.bind(listener, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            winsock.listen(listener, 16);
            listeners.add(listener);
        }
    }

    Pair take(int bufferSize) throws WinsockException {
        Pair known = idle.computeIfAbsent(bufferSize, size -> new ArrayDeque<>()).poll();
        return known != null ? known : connect(bufferSize);
    }

    /** Takes back a pair whose ends are open, and on whose way nothing is. */
    void giveBack(int bufferSize, Pair pair) {
        idle.get(bufferSize).push(pair);
    }

    private Pair connect(int bufferSize) throws WinsockException {
        SocketHandle listener = listeners.get(next++ % LISTENERS);
        SocketHandle client = stream();
        resize(client, bufferSize);
        winsock.connect(client, winsock.getsockname(listener));
        awaitReadable(listener);
        SocketHandle server = winsock.accept(listener, null);
        resize(server, bufferSize);
        winsock.ioctlsocket(client, IoctlCode.FIONBIO, true);
        winsock.ioctlsocket(server, IoctlCode.FIONBIO, true);
        return new Pair(winsock, client, server);
    }

    private void awaitReadable(SocketHandle s) throws WinsockException {
        if (winsock.select(FdSet.of(s), null, null, LONG) != 1) {
            throw new AssertionError("the connection does not come");
        }
    }

    private void resize(SocketHandle s, int bufferSize) throws WinsockException {
        if (bufferSize > 0) {
            winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_SNDBUF, bufferSize);
            winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, bufferSize);
        }
    }

    private SocketHandle stream() throws WinsockException {
        return winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
    }
}
