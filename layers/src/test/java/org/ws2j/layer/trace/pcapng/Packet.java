package org.ws2j.layer.trace.pcapng;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A packet read back from a file, decoded without the code under test. */
final class Packet {

    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int URG = 32;

    private final int interfaceId;
    private final long nanos;
    private final int flagsOption;
    private final String comment;
    private final byte[] bytes;

    Packet(int interfaceId, long nanos, int flagsOption, String comment, byte[] bytes) {
        this.interfaceId = interfaceId;
        this.nanos = nanos;
        this.flagsOption = flagsOption;
        this.comment = comment;
        this.bytes = bytes;
    }

    int interfaceId() {
        return interfaceId;
    }

    long nanos() {
        return nanos;
    }

    String comment() {
        return comment;
    }

    byte[] bytes() {
        return bytes;
    }

    boolean isOutbound() {
        return (flagsOption & 3) == 2;
    }

    boolean isInbound() {
        return (flagsOption & 3) == 1;
    }

    int version() {
        return (bytes[0] & 0xFF) >> 4;
    }

    int statedLength() {
        return version() == 4 ? u16(2) : 40 + u16(4);
    }

    int identification() {
        return u16(4);
    }

    int timeToLive() {
        return bytes[version() == 4 ? 8 : 7] & 0xFF;
    }

    int protocol() {
        return bytes[version() == 4 ? 9 : 6];
    }

    String source() {
        return address(version() == 4 ? 12 : 8);
    }

    String destination() {
        return address(version() == 4 ? 16 : 24);
    }

    int sourcePort() {
        return u16(transport());
    }

    int destinationPort() {
        return u16(transport() + 2);
    }

    int sequence() {
        return ByteBuffer.wrap(bytes).getInt(transport() + 4);
    }

    int acknowledgement() {
        return ByteBuffer.wrap(bytes).getInt(transport() + 8);
    }

    int flags() {
        return bytes[transport() + 13];
    }

    boolean has(int flag) {
        return (flags() & flag) != 0;
    }

    int window() {
        return u16(transport() + 14);
    }

    int urgentPointer() {
        return u16(transport() + 18);
    }

    byte[] tcpOptions() {
        return Arrays.copyOfRange(bytes, transport() + 20, transport() + tcpHeaderLength());
    }

    byte[] payload() {
        int header = protocol() == 17 ? 8 : tcpHeaderLength();
        return Arrays.copyOfRange(bytes, transport() + header, bytes.length);
    }

    int udpLength() {
        return u16(transport() + 4);
    }

    int udpChecksum() {
        return u16(transport() + 6);
    }

    /** How many sequence numbers the segment takes. */
    int sequenceLength() {
        return payload().length + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }

    /** The sum a receiver makes over the IPv4 header: 0xFFFF if its checksum is right. */
    int headerSum() {
        return onesComplementSum(Arrays.copyOf(bytes, 20));
    }

    /** The sum a receiver makes over pseudo header, header and payload: 0xFFFF if the checksum is right. */
    int transportSum() {
        int length = bytes.length - transport();
        int addresses = version() == 4 ? 8 : 32;
        ByteBuffer summed = ByteBuffer.allocate(addresses + 8 + length);
        summed.put(bytes, version() == 4 ? 12 : 8, addresses);
        summed.putInt(length).putInt(protocol());
        summed.put(bytes, transport(), length);
        return onesComplementSum(summed.array());
    }

    static int onesComplementSum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return sum;
    }

    private int transport() {
        return version() == 4 ? 20 : 40;
    }

    private int tcpHeaderLength() {
        return ((bytes[transport() + 12] & 0xFF) >> 4) * 4;
    }

    private int u16(int index) {
        return ((bytes[index] & 0xFF) << 8) | (bytes[index + 1] & 0xFF);
    }

    private String address(int index) {
        byte[] address = Arrays.copyOfRange(bytes, index, index + (version() == 4 ? 4 : 16));
        boolean isMapped = address.length == 16
                && Arrays.equals(Arrays.copyOf(address, 12), new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1});
        try {
            return (isMapped ? "mapped " : "")
                    + InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
