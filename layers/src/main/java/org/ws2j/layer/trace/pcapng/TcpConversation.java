package org.ws2j.layer.trace.pcapng;

import java.nio.ByteBuffer;

/**
 * Records one TCP connection, or one attempt at it, as the packets that could have carried it. Made by {@link
 * CaptureInterface#tcp}.
 *
 * <p>Tell it what the local socket does and learns; it writes the handshake, the segments, the acknowledgements and the
 * end. Each call of {@link #sent} or {@link #received} becomes segments of at most 65,495 bytes (IPv6: 65,475), the
 * maximum segment size of its handshake, the last one pushed. Acknowledgements ride on data that flows back; a pure one
 * is written after every second segment, and whenever the window would fill.
 *
 * <p>Events that cannot be are ignored: data of an end that has finished, anything after the end of the conversation.
 * So a caller need not serialise the two directions; but bytes that he tells of after their FIN are lost to the trace.
 *
 * <p>Times are nanoseconds since 1970-01-01T00:00:00Z; one that lies before the conversation's last is replaced by
 * it.
 * Positions and limits of buffers are not moved; contents are copied before a method returns. Threads and failures are
 * those of {@link PcapngFile}.
 */
public final class TcpConversation {

    /**
     * <pre>
     *   NEW -- connecting --&gt; CONNECTING -- connected, data --&gt; ESTABLISHED -- both finished, reset --&gt; ENDED
     *    |                        `-- refused, unanswered, closed ---------------------------------&gt; ENDED
     *    `-- accepted, connected, data ----------------------&gt; ESTABLISHED
     * </pre>
     *
     * Half-closed is ESTABLISHED with one half finished.
     */
    private enum State {
        /** Nothing written. */
        NEW,
        /** Our SYN is written. */
        CONNECTING,
        /** The handshake is written; each half may send until it has finished. */
        ESTABLISHED,
        /** Nothing more is written. */
        ENDED
    }

    /** A receiver acknowledges at least every second full segment (RFC 9293, section 3.8.6.3). */
    private static final int SEGMENTS_PER_ACKNOWLEDGEMENT = 2;

    private final PcapngFile file;
    private final int interfaceId;
    private final TcpHalf ours;
    private final TcpHalf theirs;
    private State state = State.NEW;
    private long time = Long.MIN_VALUE;
    private String comment;

    TcpConversation(CaptureInterface captureInterface, TcpHalf ours, TcpHalf theirs) {
        this.file = captureInterface.file();
        this.interfaceId = captureInterface.id();
        this.ours = ours;
        this.theirs = theirs;
    }

    /** Gives the next packet a comment, of which the first 8,192 characters count; null takes it back. */
    public void annotate(String comment) {
        file.begin();
        try {
            this.comment = comment;
        } finally {
            file.end();
        }
    }

    /** Records that we begin to connect: our SYN. */
    public void connecting(long nanos) {
        file.begin();
        try {
            if (isRecordingAt(nanos)) {
                writeSyn();
            }
        } finally {
            file.end();
        }
    }

    /** Records that we are connected: the rest of the handshake, and our SYN if {@link #connecting} was not told. */
    public void connected(long nanos) {
        file.begin();
        try {
            isEstablishedAt(nanos);
        } finally {
            file.end();
        }
    }

    /** Records that the peer has connected to us: the handshake, begun by the peer. */
    public void accepted(long nanos) {
        file.begin();
        try {
            if (isRecordingAt(nanos) && state == State.NEW) {
                write(theirs, TcpSegment.SYN);
                writeRestOfHandshake(theirs);
            }
        } finally {
            file.end();
        }
    }

    /** Records that the peer refuses the connection: a reset that answers our SYN. Ends the conversation. */
    public void refused(long nanos) {
        file.begin();
        try {
            if (isRecordingAt(nanos)) {
                writeRefusal();
            }
        } finally {
            file.end();
        }
    }

    /** Records that the attempt to connect ends without an answer: our SYN and no more. Ends the conversation. */
    public void unanswered(long nanos) {
        file.begin();
        try {
            if (isRecordingAt(nanos) && state != State.ESTABLISHED) {
                writeSyn();
                state = State.ENDED;
            }
        } finally {
            file.end();
        }
    }

    /**
     * Records bytes that we sent. Implies {@link #connected} if no handshake was written; no bytes write nothing.
     *
     * @param offset the index of the first byte in {@code source}, whatever its position
     * @throws IndexOutOfBoundsException if the region exceeds the buffer's limit
     */
    public void sent(long nanos, ByteBuffer source, int offset, int length) {
        transfer(nanos, ours, source, offset, length);
    }

    /**
     * Records bytes that we sent, gathered from the first {@code length} remaining bytes of several buffers.
     *
     * @throws IndexOutOfBoundsException if the buffers hold fewer bytes
     */
    public void sent(long nanos, ByteBuffer[] sources, long length) {
        transfer(nanos, ours, sources, length, 0);
    }

    /**
     * Records bytes that we sent, the last of which is urgent: the urgent pointer of their segments points behind it.
     *
     * @throws IndexOutOfBoundsException if the buffers hold fewer bytes
     */
    public void sentUrgent(long nanos, ByteBuffer[] sources, long length) {
        transfer(nanos, ours, sources, length, TcpSegment.URG);
    }

    /**
     * Records bytes that we received. Implies {@link #connected} if no handshake was written; no bytes write nothing.
     *
     * @param offset the index of the first byte in {@code target}, whatever its position
     * @throws IndexOutOfBoundsException if the region exceeds the buffer's limit
     */
    public void received(long nanos, ByteBuffer target, int offset, int length) {
        transfer(nanos, theirs, target, offset, length);
    }

    /**
     * Records bytes that we received, scattered over the first {@code length} remaining bytes of several buffers.
     *
     * @throws IndexOutOfBoundsException if the buffers hold fewer bytes
     */
    public void received(long nanos, ByteBuffer[] targets, long length) {
        transfer(nanos, theirs, targets, length, 0);
    }

    /**
     * Records bytes that we received as urgent data, at the place in the stream where we have read it.
     *
     * @throws IndexOutOfBoundsException if the buffers hold fewer bytes
     */
    public void receivedUrgent(long nanos, ByteBuffer[] targets, long length) {
        transfer(nanos, theirs, targets, length, TcpSegment.URG);
    }

    /** Records that we have sent our last byte, as a shutdown of the output says: our FIN and its acknowledgement. */
    public void outputShutdown(long nanos) {
        finish(nanos, ours, theirs);
    }

    /** Records that the peer has sent its last byte, as the end of stream says: its FIN and our acknowledgement. */
    public void endOfStream(long nanos) {
        finish(nanos, theirs, ours);
    }

    /**
     * Records that we close in good order. Ends the conversation.
     *
     * <p>What the peer does afterwards cannot be seen any more; its FIN is written at once unless it came before.
     * Before the handshake nothing is written.
     */
    public void closed(long nanos) {
        file.begin();
        try {
            if (isRecordingAt(nanos)) {
                if (state == State.ESTABLISHED) {
                    writeClose();
                }
                state = State.ENDED;
            }
        } finally {
            file.end();
        }
    }

    /** Records that we abort the connection: our reset. Ends the conversation; before the handshake writes nothing. */
    public void reset(long nanos) {
        file.begin();
        try {
            if (isRecordingAt(nanos)) {
                if (state == State.ESTABLISHED) {
                    write(ours, TcpSegment.RST | TcpSegment.ACK);
                }
                state = State.ENDED;
            }
        } finally {
            file.end();
        }
    }

    /** Records that the peer aborts the connection: its reset; before the handshake as {@link #refused}. */
    public void resetByPeer(long nanos) {
        file.begin();
        try {
            if (isRecordingAt(nanos)) {
                if (state == State.ESTABLISHED) {
                    write(theirs, TcpSegment.RST | TcpSegment.ACK);
                    state = State.ENDED;
                } else {
                    writeRefusal();
                }
            }
        } finally {
            file.end();
        }
    }

    private void transfer(long nanos, TcpHalf from, ByteBuffer buffer, int offset, int length) {
        Payload.check(buffer, offset, length);
        file.begin();
        try {
            if (isEstablishedAt(nanos)) {
                write(from, file.payload().of(buffer, offset, length), 0);
            }
        } finally {
            file.end();
        }
    }

    private void transfer(long nanos, TcpHalf from, ByteBuffer[] buffers, long length, int flags) {
        Payload.check(buffers, length);
        file.begin();
        try {
            if (isEstablishedAt(nanos)) {
                write(from, file.payload().of(buffers, length), flags);
            }
        } finally {
            file.end();
        }
    }

    private void finish(long nanos, TcpHalf from, TcpHalf to) {
        file.begin();
        try {
            if (isEstablishedAt(nanos) && !from.isFinished()) {
                write(from, TcpSegment.FIN | TcpSegment.ACK);
                write(to, TcpSegment.ACK);
                if (to.isFinished()) {
                    state = State.ENDED;
                }
            }
        } finally {
            file.end();
        }
    }

    private boolean isRecordingAt(long nanos) {
        time = Math.max(time, nanos);
        return file.isRecording() && state != State.ENDED;
    }

    /** Completes the handshake where it is missing: a caller may see the first bytes before he sees the connection. */
    private boolean isEstablishedAt(long nanos) {
        if (!isRecordingAt(nanos)) {
            return false;
        }
        if (state != State.ESTABLISHED) {
            writeSyn();
            writeRestOfHandshake(ours);
        }
        return true;
    }

    private void writeSyn() {
        if (state == State.NEW) {
            write(ours, TcpSegment.SYN);
            state = State.CONNECTING;
        }
    }

    private void writeRestOfHandshake(TcpHalf opener) {
        write(other(opener), TcpSegment.SYN | TcpSegment.ACK);
        write(opener, TcpSegment.ACK);
        state = State.ESTABLISHED;
    }

    private void writeRefusal() {
        if (state != State.ESTABLISHED) {
            writeSyn();
            theirs.withoutSequence();
            write(theirs, TcpSegment.RST | TcpSegment.ACK);
            state = State.ENDED;
        }
    }

    private void writeClose() {
        if (!ours.isFinished()) {
            write(ours, TcpSegment.FIN | TcpSegment.ACK);
            if (theirs.isFinished()) {
                write(theirs, TcpSegment.ACK);
            }
        }
        if (!theirs.isFinished()) {
            write(theirs, TcpSegment.FIN | TcpSegment.ACK);
            write(ours, TcpSegment.ACK);
        }
    }

    private void write(TcpHalf from, Payload payload, int flags) {
        if (from.isFinished()) {
            return;
        }
        while (payload.remaining() > 0) {
            int length = (int) Math.min(payload.remaining(), from.path.maxSegmentSize());
            if (!from.hasRoomFor(length)) {
                write(other(from), TcpSegment.ACK);
            }
            boolean isLast = length == payload.remaining();
            write(from, flags | (isLast ? TcpSegment.PSH | TcpSegment.ACK : TcpSegment.ACK), length);
            if (from.segmentsInFlight() == SEGMENTS_PER_ACKNOWLEDGEMENT) {
                write(other(from), TcpSegment.ACK);
            }
        }
    }

    private void write(TcpHalf from, int flags) {
        write(from, flags, 0);
    }

    private void write(TcpHalf from, int flags, int length) {
        TcpHalf to = other(from);
        ByteBuffer packet = file.beginPacket(interfaceId, time);
        TcpSegment.write(packet, from, to, flags, file.payload(), length);
        file.endPacket(from.isOutbound, comment);
        comment = null;
        from.hasSent(flags, length);
        if ((flags & TcpSegment.ACK) != 0) {
            to.acknowledged(TcpSegment.offeredWindow(flags));
        }
    }

    private TcpHalf other(TcpHalf half) {
        return half == ours ? theirs : ours;
    }
}
