package org.ws2j.layer.trace.pcapng;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes pcapng blocks into one buffer of fixed size.
 *
 * <p>The section is big-endian, which the format leaves to the writer: so blocks and packets share one byte order, and
 * a packet is built where it will lie in the file.
 *
 * <pre>
 *  0            4             8             |                        n
 * +------------+-------------+-------------+---------+--------------+
 * | block type | block length| fixed fields| options | block length |
 * +------------+-------------+-------------+---------+--------------+
 * </pre>
 *
 * <p>Only whole blocks count: an exception half-way leaves what was committed before. Guarded by the lock of the file.
 */
final class BlockBuffer {

    static final int LINKTYPE_RAW = 101;

    private static final int CAPACITY = 256 * 1024;

    /** A channel-backed stream keeps a native copy of the largest array it was given, for each thread that wrote. */
    private static final int DRAIN_CHUNK = 16 * 1024;

    private static final int SECTION_HEADER_BLOCK = 0x0A0D_0D0A;
    private static final int INTERFACE_DESCRIPTION_BLOCK = 1;
    private static final int ENHANCED_PACKET_BLOCK = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B_3C4D;
    private static final long LENGTH_UNKNOWN = -1;

    private static final int OPT_ENDOFOPT = 0;
    private static final int OPT_COMMENT = 1;
    private static final int SHB_HARDWARE = 2;
    private static final int SHB_OS = 3;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int IF_TSRESOL = 9;
    private static final int EPB_FLAGS = 2;

    private static final byte NANOSECONDS = 9;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int NO_SNAP_LENGTH = 0;

    /** In characters; in UTF-8 at most three times as many bytes, which an option's 16-bit length can state. */
    private static final int MAX_TEXT_LENGTH = 8 * 1024;

    /** Where the lengths of an Enhanced Packet Block lie, from its first byte. */
    private static final int CAPTURED_LENGTH_OFFSET = 20;

    private static final int PACKET_OFFSET = 28;

    /** An IPv6 header and the largest payload it can state. */
    private static final int MAX_PACKET_LENGTH = 40 + 65_535;

    private static final int MAX_BLOCK_LENGTH = PACKET_OFFSET + MAX_PACKET_LENGTH + 3 * MAX_TEXT_LENGTH + 64;

    private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY);
    private int committed;

    /** Whether the largest block still fits. */
    boolean hasRoom() {
        return CAPACITY - committed >= MAX_BLOCK_LENGTH;
    }

    /** Appends a Section Header Block. */
    void section(String hardware, String operatingSystem, String application) {
        beginBlock(SECTION_HEADER_BLOCK);
        buffer.putInt(BYTE_ORDER_MAGIC);
        buffer.putShort((short) 1).putShort((short) 0);
        buffer.putLong(LENGTH_UNKNOWN);
        putOption(SHB_HARDWARE, hardware);
        putOption(SHB_OS, operatingSystem);
        putOption(SHB_USERAPPL, application);
        endBlock();
    }

    /** Appends an Interface Description Block. */
    void captureInterface(String name) {
        beginBlock(INTERFACE_DESCRIPTION_BLOCK);
        buffer.putShort((short) LINKTYPE_RAW).putShort((short) 0);
        buffer.putInt(NO_SNAP_LENGTH);
        putOption(IF_NAME, name);
        putOptionHeader(IF_TSRESOL, 1);
        buffer.put(NANOSECONDS);
        pad();
        endBlock();
    }

    /** Begins an Enhanced Packet Block and answers the buffer, at the position where the packet's first byte goes. */
    ByteBuffer beginPacket(int interfaceId, long nanos) {
        beginBlock(ENHANCED_PACKET_BLOCK);
        buffer.putInt(interfaceId);
        buffer.putLong(nanos);
        return buffer.position(committed + PACKET_OFFSET);
    }

    /** Ends the block of the packet that reaches to the buffer's position; {@code comment} may be null. */
    void endPacket(boolean isOutbound, String comment) {
        int length = buffer.position() - committed - PACKET_OFFSET;
        buffer.putInt(committed + CAPTURED_LENGTH_OFFSET, length);
        buffer.putInt(committed + CAPTURED_LENGTH_OFFSET + Integer.BYTES, length);
        pad();
        putOptionHeader(EPB_FLAGS, Integer.BYTES);
        buffer.putInt(isOutbound ? OUTBOUND : INBOUND);
        if (comment != null) {
            putOption(OPT_COMMENT, comment);
        }
        endBlock();
    }

    /** Hands the whole blocks on and forgets them, even when that fails. */
    void drainTo(OutputStream out) throws IOException {
        int length = committed;
        committed = 0;
        for (int offset = 0; offset < length; offset += DRAIN_CHUNK) {
            out.write(buffer.array(), offset, Math.min(DRAIN_CHUNK, length - offset));
        }
    }

    private void beginBlock(int type) {
        buffer.clear().position(committed);
        buffer.putInt(type);
        buffer.putInt(0);
    }

    private void endBlock() {
        putOptionHeader(OPT_ENDOFOPT, 0);
        int length = buffer.position() + Integer.BYTES - committed;
        buffer.putInt(length);
        buffer.putInt(committed + Integer.BYTES, length);
        committed += length;
    }

    private void putOption(int code, String text) {
        byte[] bytes =
                text.substring(0, Math.min(text.length(), MAX_TEXT_LENGTH)).getBytes(StandardCharsets.UTF_8);
        putOptionHeader(code, bytes.length);
        buffer.put(bytes);
        pad();
    }

    private void putOptionHeader(int code, int length) {
        buffer.putShort((short) code).putShort((short) length);
    }

    /** Fills up to the next multiple of four; blocks begin at such, so a block's and the buffer's agree. */
    private void pad() {
        while (buffer.position() % Integer.BYTES != 0) {
            buffer.put((byte) 0);
        }
    }
}
