package org.ws2j.layer.trace.pcapng;

/**
 * What one end of a TCP connection has sent, and how much the other end has taken of it.
 *
 * <pre>
 *            acknowledged        next                       edge
 *   ------------+------------------+--------------------------+-----&gt; sequence numbers
 *     taken     |    in flight     |  may be sent             | beyond the window
 * </pre>
 *
 * <p>Guarded by the lock of the file.
 */
final class TcpHalf {

    final IpPath path;
    final int sourcePort;
    final int destinationPort;
    final boolean isOutbound;

    /** The sequence number of the next byte. */
    private int next;

    /** The first sequence number outside the window that the other half has offered. */
    private int edge;

    /** How many segments with payload the other half has not acknowledged yet. */
    private int segmentsInFlight;

    private int packets;
    private boolean isFinished;

    TcpHalf(IpPath path, int sourcePort, int destinationPort, boolean isOutbound, int initialSequenceNumber) {
        this.path = path;
        this.sourcePort = sourcePort;
        this.destinationPort = destinationPort;
        this.isOutbound = isOutbound;
        this.next = initialSequenceNumber;
    }

    int next() {
        return next;
    }

    int segmentsInFlight() {
        return segmentsInFlight;
    }

    /** Whether this half has sent its FIN. */
    boolean isFinished() {
        return isFinished;
    }

    /** Whether {@code length} more bytes leave some of the window free; analysers remark on a filled one. */
    boolean hasRoomFor(int length) {
        return SequenceNumber.isBefore(next + length, edge);
    }

    /** Counts a packet of this half and answers its IPv4 identification. */
    int nextIdentification() {
        packets++;
        return packets;
    }

    /** Notes that a segment has been written: SYN and FIN take a sequence number as a byte does. */
    void hasSent(int flags, int length) {
        next += length;
        if ((flags & (TcpSegment.SYN | TcpSegment.FIN)) != 0) {
            next++;
        }
        if (length > 0) {
            segmentsInFlight++;
        }
        isFinished |= (flags & TcpSegment.FIN) != 0;
    }

    /** Notes that the other half has acknowledged everything and offers {@code window} bytes from there. */
    void acknowledged(int window) {
        segmentsInFlight = 0;
        edge = next + window;
    }

    /** A reset that answers a SYN has sequence number 0 (RFC 9293, section 3.5.2): this half never had one. */
    void withoutSequence() {
        next = 0;
    }
}
