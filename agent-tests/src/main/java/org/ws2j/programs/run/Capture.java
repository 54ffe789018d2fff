package org.ws2j.programs.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the packets of a pcapng file carried, read without the code that has written it. */
final class Capture {
    private static final int PACKET_BLOCK = 6;
    private static final int SECTION_BLOCK = 0x0A0D0D0A;
    private static final int BLOCK_FRAME = 12;
    private static final int FLAGS_OPTION = 2;
    private static final int OUTBOUND = 2;
    private static final int UDP = 17;
    private static final int UDP_HEADER = 8;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int IPV4_SIZE = 4;
    private static final int IPV6_SIZE = 16;

    /**
     * One way between two addresses, as one of the ends saw it.
     *
     * @param isStream whether it is of TCP, else of UDP
     * @param source where the bytes came from
     * @param destination where they went
     */
    record Flow(boolean isStream, InetSocketAddress source, InetSocketAddress destination) {}

    private final Map<Flow, ByteArrayOutputStream> outbound = new LinkedHashMap<>();
    private final Map<Flow, ByteArrayOutputStream> inbound = new LinkedHashMap<>();

    /** Reads a file, which is in big-endian order and holds IP packets. */
    static Capture read(Path file) throws IOException {
        Capture capture = new Capture();
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        if (in.getInt(0) != SECTION_BLOCK) {
            throw new IOException("no pcapng file");
        }
        while (in.hasRemaining()) {
            int type = in.getInt(in.position());
            int length = in.getInt(in.position() + Integer.BYTES);
            if (type == PACKET_BLOCK) {
                capture.addPacket(in.slice(in.position() + 2 * Integer.BYTES, length - BLOCK_FRAME));
            }
            in.position(in.position() + length);
        }
        return capture;
    }

    /** {@return what was sent, by where it went} */
    Map<Flow, byte[]> sent() {
        return bytes(outbound);
    }

    /** {@return what was received, by where it came from} */
    Map<Flow, byte[]> received() {
        return bytes(inbound);
    }

    private static Map<Flow, byte[]> bytes(Map<Flow, ByteArrayOutputStream> flows) {
        Map<Flow, byte[]> bytes = new LinkedHashMap<>();
        flows.forEach((flow, stream) -> bytes.put(flow, stream.toByteArray()));
        return bytes;
    }

    /** The body of a block: interface, time stamp in two halves, length twice, the packet, options. */
    private void addPacket(ByteBuffer body) throws IOException {
        body.position(3 * Integer.BYTES);
        byte[] packet = new byte[body.getInt()];
        body.getInt();
        body.get(packet);
        body.position(padded(body.position()));
        add(packet, isOutbound(body) ? outbound : inbound);
    }

    private static boolean isOutbound(ByteBuffer options) throws IOException {
        while (options.hasRemaining()) {
            int code = options.getShort();
            int length = options.getShort() & 0xFFFF;
            if (code == FLAGS_OPTION) {
                return (options.getInt(options.position()) & 3) == OUTBOUND;
            }
            options.position(padded(options.position() + length));
        }
        throw new IOException("a packet without a direction");
    }

    private static int padded(int length) {
        return (length + 3) / 4 * 4;
    }

    private static void add(byte[] packet, Map<Flow, ByteArrayOutputStream> flows) throws UnknownHostException {
        boolean isFour = packet[0] >> 4 == 4;
        boolean isUdp = packet[isFour ? 9 : 6] == UDP;
        int transport = isFour ? IPV4_HEADER : IPV6_HEADER;
        int header = isUdp ? UDP_HEADER : (packet[transport + 12] >> 4 & 0xF) * Integer.BYTES;
        int size = isFour ? IPV4_SIZE : IPV6_SIZE;
        int addresses = transport - 2 * size;
        Flow flow = new Flow(!isUdp, address(packet, addresses, size, transport),
                address(packet, addresses + size, size, transport + Short.BYTES));
        int payload = transport + header;
        flows.computeIfAbsent(flow, unknown -> new ByteArrayOutputStream())
                .write(packet, payload, packet.length - payload);
    }

    private static InetSocketAddress address(byte[] packet, int offset, int size, int portOffset)
            throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(Arrays.copyOfRange(packet, offset, offset + size));
        return new InetSocketAddress(address, ByteBuffer.wrap(packet).getShort(portOffset) & 0xFFFF);
    }
}
