package org.ws2j.layer.trace.pcapng;

import java.nio.ByteBuffer;

/**
 * The Internet checksum: the one's complement of the one's complement sum of 16-bit words (RFC 1071).
 *
 * <p>Sums are kept in a {@code long} and folded once at the end. 2^16 is 1 modulo 65,535, so 32-bit words add up to the
 * same folded result as 16-bit words do, with a quarter of the additions. A packet is too short to overflow the sum.
 */
final class Checksum {

    private static final long LOW_32_BITS = 0xFFFF_FFFFL;
    private static final long LOW_16_BITS = 0xFFFFL;

    private Checksum() {}

    /** Sums the bytes from {@code from} to before {@code to} of a big-endian buffer, an odd last one padded with 0. */
    static long sum(ByteBuffer bytes, int from, int to) {
        long sum = 0;
        int index = from;
        for (; index <= to - Long.BYTES; index += Long.BYTES) {
            long word = bytes.getLong(index);
            sum += (word >>> 32) + (word & LOW_32_BITS);
        }
        for (; index <= to - Short.BYTES; index += Short.BYTES) {
            sum += bytes.getShort(index) & LOW_16_BITS;
        }
        if (index < to) {
            sum += (bytes.get(index) & 0xFFL) << 8;
        }
        return sum;
    }

    /** Folds a sum to 16 bits and complements it: the value that goes into the header. */
    static short of(long sum) {
        long folded = sum;
        while (folded > LOW_16_BITS) {
            folded = (folded & LOW_16_BITS) + (folded >>> 16);
        }
        return (short) ~folded;
    }
}
