package org.ws2j.cli.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Sends datagrams back, by a plain socket of the JDK, and remembers what came from which port. */
final class UdpEcho implements AutoCloseable {
    private static final int LARGEST_DATAGRAM = 65_535;

    private final DatagramSocket socket;
    private final Consumer<String> problems;
    private final Map<Integer, Fingerprint.Taker> received = new ConcurrentHashMap<>();

    private UdpEcho(DatagramSocket socket, Consumer<String> problems) {
        this.socket = socket;
        this.problems = problems;
    }

    static UdpEcho start(Consumer<String> problems) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        UdpEcho echo = new UdpEcho(new DatagramSocket(0, loopback), problems);
        Thread.ofVirtual().name("UDP echo").start(echo::run);
        return echo;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** {@return what came from a port} */
    Fingerprint received(int port) {
        return received.getOrDefault(port, new Fingerprint.Taker()).soFar();
    }

    private void run() {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
        try {
            while (!socket.isClosed()) {
                packet.setLength(LARGEST_DATAGRAM);
                socket.receive(packet);
                received.computeIfAbsent(packet.getPort(), port -> new Fingerprint.Taker())
                        .update(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                socket.send(packet);
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                problems.accept("the UDP echo has failed: " + e);
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
