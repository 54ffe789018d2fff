package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Receives the packets of one conversation as two strict TCP ends would, and keeps the bytes of each direction.
 *
 * <p>Fails on a gap, an overlap, an acknowledgement of what was not sent, a segment beyond the window or the maximum
 * segment size, a filled window, and on anything after the end.
 */
final class TcpReplay {

    private final End local = new End();
    private final End remote = new End();
    private boolean isReset;

    private static final class End {
        private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        private boolean isKnown;
        private int next;
        private int acknowledged;
        private long window;
        private int shift;
        private int maxSegmentSize;
        private boolean isFinished;
    }

    static TcpReplay of(List<Packet> packets) {
        TcpReplay replay = new TcpReplay();
        packets.forEach(replay::receive);
        return replay;
    }

    byte[] sent() {
        return local.stream.toByteArray();
    }

    byte[] received() {
        return remote.stream.toByteArray();
    }

    private void receive(Packet packet) {
        End from = packet.isOutbound() ? local : remote;
        End to = packet.isOutbound() ? remote : local;
        assertThat(isReset).as("packet after a reset").isFalse();
        isReset = packet.has(Packet.RST);
        if (packet.has(Packet.SYN)) {
            from.isKnown = true;
            from.next = packet.sequence();
            ByteBuffer options = ByteBuffer.wrap(packet.tcpOptions());
            assertThat(options.getShort()).isEqualTo((short) 0x0204);
            from.maxSegmentSize = options.getShort() & 0xFFFF;
            assertThat(options.getInt() >>> 8).isEqualTo(0x010303);
            from.shift = options.get(7);
        }
        if (from.isKnown) {
            assertThat(packet.sequence()).as("sequence number").isEqualTo(from.next);
        }
        if (packet.has(Packet.ACK)) {
            assertThat(packet.acknowledgement()).as("acknowledgement").isEqualTo(to.next);
            to.acknowledged = packet.acknowledgement();
            to.window = (long) packet.window() << (packet.has(Packet.SYN) ? 0 : from.shift);
        }
        receivePayload(packet, from, to);
    }

    private static void receivePayload(Packet packet, End from, End to) {
        byte[] payload = packet.payload();
        if (payload.length > 0) {
            assertThat(from.isFinished).as("bytes after a FIN").isFalse();
            assertThat(payload.length).isLessThanOrEqualTo(to.maxSegmentSize);
            assertThat((long) (from.next + payload.length - from.acknowledged)).isLessThan(from.window);
        }
        from.next += packet.sequenceLength();
        from.isFinished |= packet.has(Packet.FIN);
        from.stream.writeBytes(payload);
    }
}
