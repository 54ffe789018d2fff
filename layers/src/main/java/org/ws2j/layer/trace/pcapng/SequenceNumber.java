package org.ws2j.layer.trace.pcapng;

/**
 * Arithmetic on 32-bit sequence numbers that wrap (RFC 9293, section 3.4).
 *
 * <p>An order exists only between numbers less than 2^31 apart; windows are far smaller than that.
 */
final class SequenceNumber {

    private SequenceNumber() {}

    /** Answers whether {@code left} comes before {@code right}. */
    static boolean isBefore(int left, int right) {
        return left - right < 0;
    }

    /**
     * Derives an initial sequence number for one direction.
     *
     * <p>The same program writes the same file, so nothing random goes in; the ordinal keeps a port pair that is used
     * again from looking like a retransmission of the earlier connection.
     *
     * @param ordinal counts the conversations of a file
     */
    static int initial(int ordinal, int sourcePort, int destinationPort) {
        int hash = ((sourcePort << 16) | destinationPort) + ordinal * 0x9E37_79B9;
        hash = (hash ^ (hash >>> 16)) * 0x85EB_CA6B;
        hash = (hash ^ (hash >>> 13)) * 0xC2B2_AE35;
        return hash ^ (hash >>> 16);
    }
}
