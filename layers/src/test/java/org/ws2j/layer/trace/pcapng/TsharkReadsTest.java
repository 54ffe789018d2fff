package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an analyser that many people use makes of our files; skipped where it is not installed. */
@Timeout(120)
class TsharkReadsTest {

    /** What the expert says, with "note", of every connection that ends with a FIN each side. */
    private static final String[] ORDERLY_END = {
            "This frame initiates the connection closing", "This frame undergoes the connection closing"
    };

    /** What the expert says, with "warning", of every reset. */
    private static final String RESET = "Connection reset (RST)";

    @TempDir
    Path folder;

    private final Recording recording = new Recording();

    @BeforeEach
    void tsharkIsInstalled() {
        assumeThat(Tshark.isInstalled()).as("tshark is installed").isTrue();
    }

    @ParameterizedTest
    @CsvSource({
            "192.0.2.1, 192.0.2.2, true",
            "192.0.2.1, 192.0.2.2, false",
            "2001:db8::1, 2001:db8::2, true",
            "2001:db8::1, 2001:db8::2, false",
            "2001:db8::1, 192.0.2.2, true",
            "0.0.0.0, 192.0.2.2, false",
            "::1, ::1, true",
            "127.0.0.1, 127.0.0.1, true"
    })
    void conversationIsReadWithoutComplaint(String local, String remote, boolean isActive) throws Exception {
        TcpConversation tcp = tcp(local, 50_000, remote, 40_001);
        tcp.annotate("socket 0x104");
        if (isActive) {
            tcp.connected(1_000_000_000);
        } else {
            tcp.accepted(1_000_000_000);
        }
        for (int i = 0; i < 7; i++) {
            tcp.sent(1_000_000_000 + i, Recording.ascii("hello"), 0, 5);
        }
        for (int i = 0; i < 20; i++) {
            tcp.received(1_000_000_100 + i, Recording.ascii("w"), 0, 1);
            tcp.sent(1_000_000_100 + i, Recording.ascii("q"), 0, 1);
        }
        tcp.endOfStream(1_000_000_200);
        tcp.sent(1_000_000_300, Recording.ascii("rest"), 0, 4);
        tcp.closed(1_000_000_400);
        Tshark tshark = tshark();

        assertThat(tshark.complaints()).containsExactly(ORDERLY_END);
        assertThat(tshark.follow(0, isActive)).asString().isEqualTo("hello".repeat(7) + "q".repeat(20) + "rest");
        assertThat(tshark.follow(0, !isActive)).asString().isEqualTo("w".repeat(20));
        assertThat(tshark.packets("tcp.completeness == 31")).isPositive();
        assertThat(tshark.packets("frame.comment == \"socket 0x104\"")).isEqualTo(1);
        assertThat(tshark.packets("frame.interface_name == \"tap\"")).isEqualTo(tshark.packets("frame"));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.2, 65536", "2001:db8::1, 2001:db8::2, 100000", "192.0.2.1, 192.0.2.2, 1460"})
    void largeTransferBothWaysIsReassembledExactly(String local, String remote, int chunk) throws Exception {
        byte[] out = Recording.letters(5 << 20, 1);
        byte[] in = Recording.letters(5 << 20, 2);
        InetSocketAddress client = Recording.address(local, 50_000);
        InetSocketAddress server = Recording.address(remote, 40_001);
        TcpConversation tcp = recording.tap.tcp(client, server, -1_000_000, -2);
        for (int at = 0; at < out.length; at += chunk) {
            int length = Math.min(chunk, out.length - at);
            tcp.sent(at, ByteBuffer.wrap(out), at, length);
            if (at % 3 == 0) {
                tcp.received(at, ByteBuffer.wrap(in), at, length);
            }
        }
        byte[] received = received(in, chunk);
        tcp.closed(out.length);
        Tshark tshark = tshark();

        assertThat(tshark.complaints()).containsExactly(ORDERLY_END);
        assertThat(tshark.follow(0, true)).isEqualTo(out);
        assertThat(tshark.follow(0, false)).isEqualTo(received);
    }

    @Test
    void resetsAndFailedAttemptsAreReadAsSuch() throws Exception {
        tcp("192.0.2.1", 50_001, "192.0.2.2", 40_001).unanswered(1);
        tcp("192.0.2.1", 50_002, "192.0.2.2", 40_001).refused(2);
        TcpConversation ours = tcp("192.0.2.1", 50_003, "192.0.2.2", 40_001);
        ours.received(3, Recording.ascii("x"), 0, 1);
        ours.reset(4);
        TcpConversation theirs = tcp("2001:db8::1", 50_004, "2001:db8::2", 40_001);
        theirs.sent(5, Recording.ascii("x"), 0, 1);
        theirs.resetByPeer(6);
        TcpConversation portZero = tcp("192.0.2.1", 0, "192.0.2.2", 40_001);
        portZero.sent(7, Recording.ascii("x"), 0, 1);
        portZero.closed(8);
        Tshark tshark = tshark();

        assertThat(tshark.complaints()).containsExactly(RESET, RESET, RESET, ORDERLY_END[0], ORDERLY_END[1]);
        assertThat(tshark.packets("tcp.stream == 0")).isEqualTo(1);
        assertThat(tshark.packets("tcp.stream == 1")).isEqualTo(2);
    }

    @Test
    void manyConversationsInterleaveWithoutComplaint() throws Exception {
        TcpConversation[] all = new TcpConversation[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = tcp("192.0.2.1", 50_000 + i, "192.0.2.2", 40_001);
        }
        byte[] bytes = Recording.letters(70_000, 4);
        for (int round = 0; round < 5; round++) {
            for (TcpConversation tcp : all) {
                tcp.sent(round, ByteBuffer.wrap(bytes), 0, bytes.length);
                tcp.received(round, ByteBuffer.wrap(bytes), 0, 100);
            }
        }
        Tshark tshark = tshark();

        assertThat(tshark.complaints()).isEmpty();
        assertThat(tshark.follow(73, true)).hasSize(350_000);
    }

    @Test
    void datagramsAreReadWithoutComplaint() throws Exception {
        UdpDatagrams udp = recording.tap.udp();
        byte[] largest = Recording.letters(65_507, 3);
        String[][] pairs = {
                {"192.0.2.1", "192.0.2.2"},
                {"2001:db8::1", "2001:db8::2"},
                {"::", "192.0.2.2"},
                {"0.0.0.0", "255.255.255.255"},
                {"192.0.2.1", "224.0.0.1"},
                {"192.0.2.1", "224.0.0.251"},
                {"192.0.2.1", "239.1.2.3"},
                {"2001:db8::1", "ff02::1"}
        };
        for (String[] pair : pairs) {
            InetSocketAddress local = Recording.address(pair[0], 50_000);
            InetSocketAddress remote = Recording.address(pair[1], 40_001);
            udp.sent(1, local, remote, ByteBuffer.allocate(0), 0, 0);
            udp.sent(2, local, remote, Recording.ascii("hello"), 0, 5);
            udp.sent(3, local, remote, ByteBuffer.wrap(largest), 0, largest.length);
        }
        udp.received(
                4,
                Recording.address("192.0.2.1", 50_000),
                Recording.address("192.0.2.2", 40_001),
                Recording.ascii("back"),
                0,
                4);
        Tshark tshark = tshark();

        assertThat(tshark.complaints()).isEmpty();
        assertThat(tshark.packets("udp")).isEqualTo(3 * pairs.length + 1);
        assertThat(tshark.packets("udp.length == 8")).isEqualTo(pairs.length);
        assertThat(tshark.packets("frame.packet_flags_direction == 1")).isEqualTo(1);
    }

    /** So that the silence of the other tests means something. */
    @Test
    void damagedFileIsComplainedOf() throws Exception {
        TcpConversation tcp = tcp("192.0.2.1", 50_000, "192.0.2.2", 40_001);
        tcp.sent(1, Recording.ascii("hello"), 0, 5);
        byte[] bytes = recording.closedBytes();
        bytes[bytes.length - 30] ^= 1;
        Path capture = folder.resolve("damaged.pcapng");
        Files.write(capture, bytes);

        assertThat(new Tshark(capture).complaints()).isNotEmpty();
    }

    private TcpConversation tcp(String local, int localPort, String remote, int remotePort) {
        return recording.tap.tcp(Recording.address(local, localPort), Recording.address(remote, remotePort));
    }

    private Tshark tshark() throws IOException {
        Path capture = folder.resolve("capture.pcapng");
        Files.write(capture, recording.closedBytes());
        return new Tshark(capture);
    }

    /** The chunks that the transfer above receives. */
    private static byte[] received(byte[] in, int chunk) {
        ByteBuffer received = ByteBuffer.allocate(in.length);
        for (int at = 0; at < in.length; at += chunk) {
            if (at % 3 == 0) {
                received.put(in, at, Math.min(chunk, in.length - at));
            }
        }
        byte[] bytes = new byte[received.position()];
        received.flip().get(bytes);
        return bytes;
    }
}
