package org.ws2j.layer.trace.pcapng;

import java.nio.ByteBuffer;

/**
 * Writes one TCP segment in its IP packet.
 *
 * <pre>
 *  0               8              16                              31
 * +-------------------------------+-------------------------------+
 * |          source port          |       destination port        |
 * +-------------------------------+-------------------------------+
 * |                        sequence number                        |
 * +---------------------------------------------------------------+
 * |                     acknowledgement number                    |
 * +-------+-------+---------------+-------------------------------+
 * | words |   0   |     flags     |            window             |
 * +-------+-------+---------------+-------------------------------+
 * |           checksum            |   with URG: urgent pointer    |
 * +-------------------------------+-------------------------------+
 * |  with SYN: maximum segment size; no-op, window scale          |
 * </pre>
 */
final class TcpSegment {

    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int URG = 0x20;

    static final int HEADER_LENGTH = 20;

    private static final int OPTIONS_LENGTH = 8;
    private static final int MAX_SEGMENT_SIZE_OPTION = 0x0204_0000;
    private static final int NO_OP_AND_WINDOW_SCALE_OPTION = 0x0103_0300;
    private static final int WINDOW = 65_535;
    private static final int WINDOW_SHIFT = 7;
    private static final int CHECKSUM_OFFSET = 16;
    private static final int MAX_URGENT_POINTER = 0xFFFF;

    private TcpSegment() {}

    /** The bytes that a segment with these flags offers to take: a SYN's window is never scaled (RFC 7323, 2.2). */
    static int offeredWindow(int flags) {
        return (flags & SYN) != 0 ? WINDOW : WINDOW << WINDOW_SHIFT;
    }

    /**
     * Writes at the packet's position and advances it; takes {@code length} bytes from the payload. With URG the payload's last
     * byte is the urgent one, and the pointer is to the byte behind it, as all systems have it (RFC 6093, section 3.1).
     */
    static void write(ByteBuffer packet, TcpHalf from, TcpHalf to, int flags, Payload payload, int length) {
        boolean isSyn = (flags & SYN) != 0;
        int headerLength = isSyn ? HEADER_LENGTH + OPTIONS_LENGTH : HEADER_LENGTH;
        int segmentLength = headerLength + length;
        from.path.writeHeader(packet, IpPath.PROTOCOL_TCP, segmentLength, from.nextIdentification());
        int start = packet.position();
        packet.putShort((short) from.sourcePort).putShort((short) from.destinationPort);
        packet.putInt(from.next());
        packet.putInt((flags & ACK) != 0 ? to.next() : 0);
        packet.put((byte) ((headerLength / Integer.BYTES) << 4)).put((byte) flags);
        packet.putShort((short) ((flags & RST) != 0 ? 0 : WINDOW));
        packet.putShort((short) 0);
        packet.putShort((short) ((flags & URG) != 0 ? Math.min(payload.remaining(), MAX_URGENT_POINTER) : 0));
        if (isSyn) {
            packet.putInt(MAX_SEGMENT_SIZE_OPTION | from.path.maxSegmentSize());
            packet.putInt(NO_OP_AND_WINDOW_SCALE_OPTION | WINDOW_SHIFT);
        }
        payload.copyTo(packet, length);
        long sum = from.path.pseudoHeaderSum(IpPath.PROTOCOL_TCP, segmentLength)
                + Checksum.sum(packet, start, packet.position());
        packet.putShort(start + CHECKSUM_OFFSET, Checksum.of(sum));
    }
}
