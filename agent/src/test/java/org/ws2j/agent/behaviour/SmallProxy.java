package org.ws2j.agent.behaviour;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy that speaks as much of SOCKS 5 and of HTTP's CONNECT as the JDK asks for. */
@SuppressWarnings("StringSplitter") // it does what programs do
final class SmallProxy implements AutoCloseable {
    private static final int SOCKS = 5;

    private final ServerSocket listener = new ServerSocket(0, 50, SocketPair.LOOPBACK);
    private final AtomicInteger served = new AtomicInteger();

    SmallProxy() throws IOException {
        Thread.ofPlatform().daemon().start(this::serve);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(SocketPair.LOOPBACK, listener.getLocalPort());
    }

    int count() {
        return served.get();
    }

    private void serve() {
        while (true) {
            try {
                Socket client = listener.accept();
                served.incrementAndGet();
                Thread.ofPlatform().daemon().start(() -> relay(client));
            } catch (IOException e) {
                return; // It was closed.
            }
        }
    }

    private void relay(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            int first = in.read();
            try (Socket origin = first == SOCKS ? socks(client) : tunnel(client)) {
                Thread back = Thread.ofPlatform().daemon().start(() -> copy(origin, client));
                copy(client, origin);
                back.join(10_000);
            }
        } catch (IOException | InterruptedException e) {
            // Either side has gone: so does the relay.
        }
    }

    private static Socket socks(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        in.readNBytes(in.read());
        out.write(new byte[] {SOCKS, 0});
        byte[] head = in.readNBytes(4);
        byte[] address = in.readNBytes(head[3] == 1 ? 4 : 16);
        int port = in.read() << 8 | in.read();
        Socket origin = direct(new InetSocketAddress(InetAddress.getByAddress(address), port));
        out.write(new byte[] {SOCKS, 0, 0, 1, 127, 0, 0, 1, 0, 80});
        return origin;
    }

    private static Socket tunnel(Socket client) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            request.append((char) client.getInputStream().read());
        }
        String target = request.toString().split(" ")[1];
        int colon = target.lastIndexOf(':');
        Socket origin = direct(new InetSocketAddress(
                target.substring(0, colon), Integer.parseInt(target.substring(colon + 1))));
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return origin;
    }

    private static Socket direct(InetSocketAddress to) throws IOException {
        Socket origin = new Socket(Proxy.NO_PROXY);
        origin.connect(to);
        return origin;
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // The other side has gone.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
