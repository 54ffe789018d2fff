package org.ws2j.layer.trace.pcapng;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TcpConversationTest {

    private static final InetSocketAddress LOCAL = Recording.address("192.0.2.1", 50_000);
    private static final InetSocketAddress REMOTE = Recording.address("192.0.2.2", 7_777);
    private static final String[] HANDSHAKE = {"> S", "< SA", "> A"};

    private final Recording recording = new Recording();
    private final TcpConversation tcp = recording.tap.tcp(LOCAL, REMOTE);

    @Test
    void connectingOpensActively() {
        tcp.connecting(10);
        tcp.connected(20);
        tcp.connected(30);

        List<Packet> packets = packets(HANDSHAKE);
        assertThat(packets).extracting(Packet::nanos).containsExactly(10L, 20L, 20L);
        assertThat(packets.get(0).source()).isEqualTo("192.0.2.1");
        assertThat(packets.get(0).sourcePort()).isEqualTo(50_000);
        assertThat(packets.get(0).destinationPort()).isEqualTo(7_777);
        assertThat(packets.get(0).acknowledgement()).isZero();
        assertThat(packets.get(1).destination()).isEqualTo("192.0.2.1");
        assertThat(packets.get(1).sourcePort()).isEqualTo(7_777);
    }

    @Test
    void acceptedIsOpenedByThePeer() {
        tcp.accepted(10);
        tcp.accepted(11);

        packets("< S", "> SA", "< A");
    }

    @Test
    void synAnnouncesSegmentSizeAndWindowScale() {
        tcp.connected(1);

        assertThat(recording.packets().get(0).tcpOptions())
                .containsExactly(2, 4, 65_495 >> 8, (byte) 65_495, 1, 3, 3, 7);
    }

    @Test
    void dataBeforeTheHandshakeIsSeenImpliesIt() {
        tcp.connecting(1);
        tcp.received(2, Recording.ascii("banner"), 0, 6);

        packets("> S", "< SA", "> A", "< PA 6");
    }

    @Test
    void answersCarryTheAcknowledgementOfWhatTheyAnswer() {
        tcp.connected(1);
        for (int i = 0; i < 3; i++) {
            tcp.sent(2, Recording.ascii("ask"), 0, 3);
            tcp.received(3, Recording.ascii("tell"), 0, 4);
        }

        packets("> S", "< SA", "> A", "> PA 3", "< PA 4", "> PA 3", "< PA 4", "> PA 3", "< PA 4");
    }

    @Test
    void everySecondUnansweredSegmentIsAcknowledged() {
        tcp.connected(1);
        for (int i = 0; i < 5; i++) {
            tcp.sent(2, Recording.ascii("say"), 0, 3);
        }

        packets("> S", "< SA", "> A", "> PA 3", "> PA 3", "< A", "> PA 3", "> PA 3", "< A", "> PA 3");
    }

    @Test
    void noBytesWriteNoSegment() {
        tcp.connected(1);
        tcp.sent(2, ByteBuffer.allocate(0), 0, 0);
        tcp.received(2, new ByteBuffer[0], 0);

        packets(HANDSHAKE);
    }

    @Test
    void largeSendIsCutAndPushedOnce() {
        byte[] payload = Recording.letters(200_000, 5);
        tcp.accepted(1);
        tcp.sent(2, ByteBuffer.wrap(payload), 0, payload.length);

        List<Packet> packets = recording.packets();

        assertThat(TcpReplay.of(packets).sent()).isEqualTo(payload);
        List<Packet> segments =
                packets.stream().filter(packet -> packet.payload().length > 0).toList();
        assertThat(segments)
                .extracting(packet -> packet.payload().length)
                .containsExactly(65_495, 65_495, 65_495, 3_515);
        assertThat(segments).extracting(packet -> packet.has(Packet.PSH)).containsExactly(false, false, false, true);
    }

    @Test
    void theUrgentPointerOfEachSegmentPointsBehindTheUrgentByte() {
        tcp.connected(1);
        byte[] payload = Recording.letters(70_000, 5);
        tcp.sentUrgent(2, new ByteBuffer[] {ByteBuffer.wrap(payload)}, payload.length);
        tcp.receivedUrgent(3, new ByteBuffer[] {Recording.ascii("!")}, 1);
        tcp.sent(4, Recording.ascii("normal"), 0, 6);

        List<Packet> segments = recording.packets().stream()
                .filter(packet -> packet.payload().length > 0)
                .toList();
        assertThat(segments).extracting(packet -> packet.has(Packet.URG)).containsExactly(true, true, true, false);
        assertThat(segments).extracting(Packet::urgentPointer).containsExactly(65_535, 70_000 - 65_495, 1, 0);
        assertThat(TcpReplay.of(recording.packets()).sent()).startsWith(payload).endsWith("normal".getBytes(US_ASCII));
    }

    @Test
    void ipv6ConversationHasItsOwnSegmentSize() {
        InetSocketAddress end = Recording.address("::1", 5_000);
        byte[] payload = Recording.letters(300_001, 6);
        TcpConversation v6 = recording.tap.tcp(end, Recording.address("::1", 6_000));
        v6.received(1, ByteBuffer.wrap(payload), 0, payload.length);
        v6.closed(2);

        List<Packet> packets = recording.packets();

        assertThat(packets).allMatch(packet -> packet.version() == 6);
        assertThat(packets.get(0).tcpOptions()).startsWith(2, 4, 65_475 >> 8, (byte) 65_475);
        assertThat(TcpReplay.of(packets).received()).isEqualTo(payload);
    }

    @Test
    void scatteredBytesAreGatheredAcrossSegments() {
        byte[] payload = Recording.letters(150_000, 8);
        ByteBuffer[] buffers = {
                ByteBuffer.wrap(payload, 0, 70_000), ByteBuffer.allocate(0), ByteBuffer.wrap(payload, 70_000, 80_000)
        };
        tcp.sent(1, buffers, 149_000);
        tcp.received(1, buffers, 100);

        TcpReplay replay = TcpReplay.of(recording.packets());
        assertThat(replay.sent()).isEqualTo(Arrays.copyOf(payload, 149_000));
        assertThat(replay.received()).isEqualTo(Arrays.copyOf(payload, 100));
        assertThat(buffers[2].position()).isEqualTo(70_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -2, -70_000, Integer.MAX_VALUE, Integer.MAX_VALUE - 70_000, 0})
    void sequenceNumbersWrap(int start) {
        byte[] payload = Recording.letters(500_000, 9);
        TcpConversation wrapping = recording.tap.tcp(LOCAL, REMOTE, start, start + 1_000);
        wrapping.connected(1);
        wrapping.sent(2, ByteBuffer.wrap(payload), 0, payload.length);
        wrapping.received(3, ByteBuffer.wrap(payload), 0, payload.length);
        wrapping.closed(4);

        TcpReplay replay = TcpReplay.of(recording.packets());
        assertThat(replay.sent()).isEqualTo(payload);
        assertThat(replay.received()).isEqualTo(payload);
    }

    @Test
    void timeNeverRunsBackwards() {
        tcp.connected(100);
        tcp.sent(50, Recording.ascii("a"), 0, 1);
        tcp.sent(150, Recording.ascii("a"), 0, 1);

        assertThat(recording.packets()).extracting(Packet::nanos).containsExactly(100L, 100L, 100L, 100L, 150L, 150L);
    }

    @Test
    void identificationCountsPerDirection() {
        tcp.connected(1);
        tcp.sent(2, Recording.ascii("a"), 0, 1);
        tcp.received(3, Recording.ascii("a"), 0, 1);

        assertThat(recording.packets()).extracting(Packet::identification).containsExactly(1, 1, 2, 3, 2);
    }

    @Test
    void annotationGoesToTheNextPacketOnly() {
        tcp.annotate("socket 0x104");
        tcp.connected(1);

        assertThat(recording.packets()).extracting(Packet::comment).containsExactly("socket 0x104", null, null);
    }

    @Test
    void samePortPairUsedAgainStartsElsewhere() {
        tcp.unanswered(1);
        recording.tap.tcp(LOCAL, REMOTE).unanswered(2);

        List<Packet> packets = recording.packets();
        assertThat(packets.get(0).sequence()).isNotEqualTo(packets.get(1).sequence());
    }

    // The endings, each followed by events that must write nothing.

    @Test
    void closeByUsFinishesBothHalves() {
        endsWith(
                conversation -> conversation.connected(4),
                conversation -> conversation.closed(5),
                "> FA",
                "< FA",
                "> A");
    }

    @Test
    void closeAfterThePeerFinished() {
        endsWith(
                conversation -> conversation.endOfStream(4),
                conversation -> conversation.closed(5),
                "< FA",
                "> A",
                "> FA",
                "< A");
    }

    @Test
    void halfClosedConnectionStillCarriesTheOtherDirection() {
        tcp.connected(1);
        tcp.outputShutdown(2);
        tcp.outputShutdown(3);
        tcp.sent(3, Recording.ascii("no"), 0, 2);
        tcp.received(4, Recording.ascii("tail"), 0, 4);
        tcp.endOfStream(5);
        assertEnded();

        packets("> S", "< SA", "> A", "> FA", "< A", "< PA 4", "< FA", "> A");
    }

    @Test
    void halfClosedByThePeerStillCarriesOurDirection() {
        tcp.connected(1);
        tcp.endOfStream(2);
        tcp.received(3, Recording.ascii("no"), 0, 2);
        tcp.sent(4, Recording.ascii("tail"), 0, 4);
        tcp.outputShutdown(5);
        assertEnded();

        packets("> S", "< SA", "> A", "< FA", "> A", "> PA 4", "> FA", "< A");
    }

    @Test
    void closeAfterOurShutdownFinishesThePeer() {
        endsWith(
                conversation -> conversation.outputShutdown(4),
                conversation -> conversation.closed(5),
                "> FA",
                "< A",
                "< FA",
                "> A");
    }

    @Test
    void resetByUs() {
        endsWith(conversation -> conversation.connected(4), conversation -> conversation.reset(5), "> RA");
    }

    @Test
    void resetByThePeer() {
        endsWith(conversation -> conversation.connected(4), conversation -> conversation.resetByPeer(5), "< RA");
    }

    @Test
    void resetOfAHalfClosedConnection() {
        endsWith(
                conversation -> conversation.outputShutdown(4),
                conversation -> conversation.resetByPeer(5),
                "> FA",
                "< A",
                "< RA");
    }

    @Test
    void refusedConnectionIsAnsweredByAReset() {
        tcp.connecting(1);
        tcp.refused(2);
        assertEnded();

        List<Packet> packets = packets("> S", "< RA");
        assertThat(packets.get(1).sequence()).isZero();
        assertThat(packets.get(1).acknowledgement()).isEqualTo(packets.get(0).sequence() + 1);
    }

    @Test
    void resetWhileConnectingIsARefusal() {
        tcp.resetByPeer(2);
        assertEnded();

        packets("> S", "< RA");
    }

    @Test
    void attemptWithoutAnswerIsASynAlone() {
        tcp.unanswered(2);
        assertEnded();

        packets("> S");
    }

    @Test
    void closeWhileConnectingWritesNothingMore() {
        tcp.connecting(1);
        tcp.closed(2);
        assertEnded();

        packets("> S");
    }

    @Test
    void resetBeforeAnythingWritesNothing() {
        tcp.reset(2);
        assertEnded();

        packets();
    }

    @Test
    void refusalOfAnEstablishedConnectionIsIgnored() {
        tcp.connected(1);
        tcp.refused(2);
        tcp.unanswered(3);
        tcp.connecting(4);
        tcp.accepted(5);

        packets(HANDSHAKE);
    }

    private void endsWith(Consumer<TcpConversation> before, Consumer<TcpConversation> end, String... expected) {
        before.accept(tcp);
        end.accept(tcp);
        assertEnded();

        String[] all = Arrays.copyOf(HANDSHAKE, HANDSHAKE.length + expected.length);
        System.arraycopy(expected, 0, all, HANDSHAKE.length, expected.length);
        packets(all);
    }

    private void assertEnded() {
        tcp.connecting(90);
        tcp.connected(91);
        tcp.accepted(92);
        tcp.sent(93, Recording.ascii("late"), 0, 4);
        tcp.received(94, new ByteBuffer[] {Recording.ascii("late")}, 4);
        tcp.outputShutdown(95);
        tcp.endOfStream(96);
        tcp.refused(97);
        tcp.unanswered(98);
        tcp.reset(99);
        tcp.resetByPeer(100);
        tcp.closed(101);
    }

    /** Closes the file and checks its packets: direction, flags, payload length; and that two TCP ends accept them. */
    private List<Packet> packets(String... expected) {
        List<Packet> packets = recording.packets();
        assertThat(packets).extracting(TcpConversationTest::summary).containsExactly(expected);
        assertThat(TcpReplay.of(packets)).isNotNull();
        return packets;
    }

    private static String summary(Packet packet) {
        StringBuilder text = new StringBuilder(packet.isOutbound() ? "> " : "< ");
        String flags = "FSRPA";
        for (int bit = 0; bit < flags.length(); bit++) {
            if (packet.has(1 << bit)) {
                text.append(flags.charAt(bit));
            }
        }
        int length = packet.payload().length;
        return length == 0 ? text.toString() : text.append(' ').append(length).toString();
    }
}
