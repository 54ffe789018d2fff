package org.ws2j.agent.behaviour;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Both ends of a connection over loopback. */
final class SocketPair {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private SocketPair() {}

    /** Two sockets of java.net. */
    record Sockets(Socket client, Socket server) implements AutoCloseable {
        static Sockets open() throws IOException {
            try (ServerSocket listener = new ServerSocket(0, 50, LOOPBACK)) {
                Socket client = new Socket(LOOPBACK, listener.getLocalPort());
                return new Sockets(client, listener.accept());
            }
        }

        /** Ends the server's side with a reset, and returns when the client can see it. */
        void reset() throws IOException {
            server.setSoLinger(true, 0);
            server.close();
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    /** Two channels. */
    record Channels(SocketChannel client, SocketChannel server) implements AutoCloseable {
        static Channels open() throws IOException {
            try (ServerSocketChannel listener = ServerSocketChannel.open().bind(anyPort())) {
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                return new Channels(client, listener.accept());
            }
        }

        void reset() throws IOException {
            server.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
            server.close();
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(LOOPBACK, 0);
    }

    /** {@return an address on which nobody listens} */
    static InetSocketAddress deadPort() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 50, LOOPBACK)) {
            return new InetSocketAddress(LOOPBACK, listener.getLocalPort());
        }
    }
}
