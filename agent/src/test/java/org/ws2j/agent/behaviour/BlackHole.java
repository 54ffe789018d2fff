package org.ws2j.agent.behaviour;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** An address from which no answer comes: a listener whose backlog is full, and where nobody accepts. */
final class BlackHole implements AutoCloseable {
    /** A backlog of one holds two connections on Linux; a few more are tried, which wait as everybody after them. */
    private static final int FILLERS = 4;

    private final ServerSocket listener = new ServerSocket(0, 1, SocketPair.LOOPBACK);
    private final List<SocketChannel> fillers = new ArrayList<>();

    BlackHole() throws IOException {
        for (int i = 0; i < FILLERS; i++) {
            SocketChannel filler = SocketChannel.open();
            filler.configureBlocking(false);
            filler.connect(address());
            fillers.add(filler);
        }
    }

    SocketAddress address() {
        return new InetSocketAddress(SocketPair.LOOPBACK, listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel filler : fillers) {
            filler.close();
        }
        listener.close();
    }
}
