package org.ws2j.layer.trace.pcapng;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One direction between two addresses: writes the IP header and knows the pseudo header's sum.
 *
 * <p>Both addresses have one family. Where the caller's differ, a wildcard takes the family of the other; otherwise the
 * IPv4 address is written as an IPv4-mapped IPv6 address.
 */
final class IpPath {

    static final int PROTOCOL_TCP = 6;
    static final int PROTOCOL_UDP = 17;

    /** The largest total length an IPv4 header can state; for IPv6 the largest payload length. */
    private static final int MAX_LENGTH = 65_535;

    private static final int V4_HEADER_LENGTH = 20;
    private static final int V6_HEADER_LENGTH = 40;
    private static final int V4_ADDRESS_LENGTH = 4;
    private static final int V6_ADDRESS_LENGTH = 16;
    private static final short DONT_FRAGMENT = 0x4000;
    private static final byte HOP_LIMIT = 64;

    private final byte[] source;
    private final byte[] destination;
    private final long addressSum;

    private IpPath(byte[] source, byte[] destination) {
        this.source = source;
        this.destination = destination;
        this.addressSum = sum(source) + sum(destination);
    }

    /**
     * Makes the path from one address to another.
     *
     * @param from the source, or null if it is unknown, which reads as the wildcard address
     * @param to the destination, or null likewise
     */
    static IpPath between(InetAddress from, InetAddress to) {
        byte[] source = bytes(from);
        byte[] destination = bytes(to);
        int length = familyLength(source, destination);
        return new IpPath(inFamily(source, length), inFamily(destination, length));
    }

    /** The path back. */
    IpPath reversed() {
        return new IpPath(destination, source);
    }

    /** The most bytes a segment or datagram on this path may have, its TCP or UDP header included. */
    int maxTransportLength() {
        return isV4() ? MAX_LENGTH - V4_HEADER_LENGTH : MAX_LENGTH;
    }

    /** The most payload bytes a TCP segment has here: what fits a link with an MTU of 65,535. */
    int maxSegmentSize() {
        return MAX_LENGTH - TcpSegment.HEADER_LENGTH - (isV4() ? V4_HEADER_LENGTH : V6_HEADER_LENGTH);
    }

    /** Writes the header at the packet's position and advances it; {@code identification} matters to IPv4 only. */
    void writeHeader(ByteBuffer packet, int protocol, int transportLength, int identification) {
        if (isV4()) {
            writeV4Header(packet, protocol, transportLength, identification);
        } else {
            writeV6Header(packet, protocol, transportLength);
        }
    }

    /** The sum of the pseudo header's words, to which the sum over header and payload is added. */
    long pseudoHeaderSum(int protocol, int transportLength) {
        return addressSum + protocol + transportLength;
    }

    private void writeV4Header(ByteBuffer packet, int protocol, int transportLength, int identification) {
        int start = packet.position();
        packet.putShort((short) 0x4500);
        packet.putShort((short) (V4_HEADER_LENGTH + transportLength));
        packet.putShort((short) identification);
        packet.putShort(DONT_FRAGMENT);
        packet.put(timeToLive()).put((byte) protocol);
        packet.putShort((short) 0);
        packet.put(source).put(destination);
        packet.putShort(start + 10, Checksum.of(Checksum.sum(packet, start, start + V4_HEADER_LENGTH)));
    }

    private void writeV6Header(ByteBuffer packet, int protocol, int transportLength) {
        packet.putInt(0x6000_0000);
        packet.putShort((short) transportLength);
        packet.put((byte) protocol).put(HOP_LIMIT);
        packet.put(source).put(destination);
    }

    private boolean isV4() {
        return source.length == V4_ADDRESS_LENGTH;
    }

    /** 224.0.0.0/24 never leaves its link, and an analyser complains of a larger value; mDNS alone demands 255. */
    private byte timeToLive() {
        boolean isLocalControl = destination[0] == (byte) 224 && destination[1] == 0 && destination[2] == 0;
        if (!isLocalControl) {
            return HOP_LIMIT;
        }
        return destination[3] == (byte) 251 ? (byte) 255 : 1;
    }

    private static int familyLength(byte[] left, byte[] right) {
        if (left.length == right.length) {
            return left.length == 0 ? V4_ADDRESS_LENGTH : left.length;
        }
        if (isUnspecified(left)) {
            return right.length == 0 ? left.length : right.length;
        }
        return isUnspecified(right) ? left.length : V6_ADDRESS_LENGTH;
    }

    private static byte[] inFamily(byte[] address, int length) {
        if (address.length == length) {
            return address;
        }
        byte[] converted = new byte[length];
        if (!isUnspecified(address)) {
            converted[10] = (byte) 0xFF;
            converted[11] = (byte) 0xFF;
            System.arraycopy(address, 0, converted, length - V4_ADDRESS_LENGTH, V4_ADDRESS_LENGTH);
        }
        return converted;
    }

    private static byte[] bytes(InetAddress address) {
        return address == null ? new byte[0] : address.getAddress();
    }

    private static boolean isUnspecified(byte[] address) {
        return Arrays.equals(address, new byte[address.length]);
    }

    private static long sum(byte[] address) {
        return Checksum.sum(ByteBuffer.wrap(address), 0, address.length);
    }
}
