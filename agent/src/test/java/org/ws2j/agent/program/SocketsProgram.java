package org.ws2j.agent.program;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;

/** Uses each kind of socket that there is, and prints what came through it. */
public final class SocketsProgram {
    private SocketsProgram() {}

    public static void main(String[] arguments) throws Exception {
        netSockets();
        datagrams();
        channels();
        asynchronousChannels();
        pipe();
        unixDomain(Path.of(arguments[0]));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void print(byte[] bytes, int length) {
        System.out.println(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private static void netSockets() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.startVirtualThread(() -> Echo.serve(listener));
            try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                socket.getOutputStream().write(bytes("stream"));
                socket.shutdownOutput();
                print(socket.getInputStream().readAllBytes(), 6);
            }
            server.join();
        }
    }

    private static void datagrams() throws Exception {
        try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket sender = new DatagramSocket()) {
            sender.send(new DatagramPacket(bytes("datagram"), 8, receiver.getLocalSocketAddress()));
            DatagramPacket packet = new DatagramPacket(new byte[20], 20);
            receiver.receive(packet);
            print(packet.getData(), packet.getLength());
        }
    }

    private static void channels() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open();
                SocketChannel client = SocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client.connect(listener.getLocalAddress());
            exchange(client, listener.accept(), "channel");
            System.out.println(client.provider() == SelectorProvider.provider());
        }
    }

    /** A read through a stream waits while another thread writes to the same channel: the JDK's own channels can do that. */
    private static void exchange(SocketChannel client, SocketChannel accepted, String text) throws Exception {
        try (accepted;
                InputStream in = Channels.newInputStream(client);
                OutputStream out = Channels.newOutputStream(accepted)) {
            out.write(bytes(text));
            byte[] got = in.readNBytes(text.length());
            print(got, got.length);
        }
    }

    private static void asynchronousChannels() throws Exception {
        try (AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                AsynchronousSocketChannel client = AsynchronousSocketChannel.open()) {
            Future<AsynchronousSocketChannel> accepting = listener.accept();
            client.connect(listener.getLocalAddress()).get();
            try (AsynchronousSocketChannel accepted = accepting.get()) {
                client.write(ByteBuffer.wrap(bytes("asynchronous"))).get();
                ByteBuffer buffer = ByteBuffer.allocate(20);
                print(buffer.array(), accepted.read(buffer).get());
            }
            System.out.println(client.provider() == AsynchronousChannelProvider.provider());
        }
    }

    private static void pipe() throws Exception {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel source = pipe.source()) {
            sink.write(ByteBuffer.wrap(bytes("pipe")));
            ByteBuffer buffer = ByteBuffer.allocate(20);
            print(buffer.array(), source.read(buffer));
        }
    }

    private static void unixDomain(Path file) throws Exception {
        SocketAddress address = UnixDomainSocketAddress.of(file);
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(address);
            exchange(client, listener.accept(), "unix");
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
