package org.ws2j.bench.stack;

import java.nio.channels.SocketChannel;
import org.ws2j.host.Winsock;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** Layers over {@code tcpip} whose sockets' channels are known, for a selector of the program's own. */
public final class SelectableStack implements AutoCloseable {
    /** Two connected non-blocking sockets, and what is below each. */
    public record SelectablePair(SocketHandle client, SocketChannel below, SocketHandle server,
            SocketChannel belowServer) {
    }

    private final RecordingTransport transport = new RecordingTransport();
    private final Stack stack;

    public SelectableStack(int layers) throws WinsockException {
        stack = Stack.of(new TcpIpModule(transport), layers);
    }

    public Winsock winsock() {
        return stack.winsock();
    }

    public SelectablePair pair() throws WinsockException {
        Winsock winsock = stack.winsock();
        SocketHandle listener = stack.listener();
        winsock.ioctlsocket(listener, IoctlCode.FIONBIO, true);
        SocketHandle client = stack.stream();
        SocketChannel below = transport.lastOpened();
        winsock.connect(client, winsock.getsockname(listener));
        SocketHandle server = accept(listener);
        winsock.closesocket(listener);
        stack.sendAtOnce(client);
        stack.sendAtOnce(server);
        stack.nonBlocking(new Stack.Pair(client, server));
        return new SelectablePair(client, below, server, transport.lastAccepted());
    }

    /** The connection is made: it is a matter of moments until the system hands it out. */
    private SocketHandle accept(SocketHandle listener) throws WinsockException {
        SocketHandle accepted = stack.winsock().accept(listener, null);
        while (accepted == null) {
            Thread.onSpinWait();
            accepted = stack.winsock().accept(listener, null);
        }
        return accepted;
    }

    @Override
    public void close() {
        stack.close();
    }
}
