package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class UdpDatagramsTest {

    private static final InetSocketAddress LOCAL = Recording.address("192.0.2.1", 50_000);
    private static final InetSocketAddress REMOTE = Recording.address("192.0.2.2", 7_777);

    private final Recording recording = new Recording();
    private final UdpDatagrams udp = recording.tap.udp();

    @Test
    void eachDatagramIsOnePacketWithItsOwnAddresses() {
        InetSocketAddress other = Recording.address("2001:db8::9", 9);
        InetSocketAddress localV6 = Recording.address("2001:db8::1", 50_000);
        udp.sent(1, LOCAL, REMOTE, Recording.ascii("ping"), 0, 4);
        udp.received(2, localV6, other, Recording.ascii("...pong..."), 3, 4);

        List<Packet> packets = recording.packets();

        assertThat(packets).hasSize(2);
        Packet ping = packets.get(0);
        assertThat(ping.protocol()).isEqualTo(17);
        assertThat(ping.source()).isEqualTo("192.0.2.1");
        assertThat(ping.destination()).isEqualTo("192.0.2.2");
        assertThat(ping.sourcePort()).isEqualTo(50_000);
        assertThat(ping.destinationPort()).isEqualTo(7_777);
        assertThat(ping.payload()).asString().isEqualTo("ping");
        assertThat(ping.isOutbound()).isTrue();
        Packet pong = packets.get(1);
        assertThat(pong.source()).isEqualTo("2001:db8:0:0:0:0:0:9");
        assertThat(pong.sourcePort()).isEqualTo(9);
        assertThat(pong.destinationPort()).isEqualTo(50_000);
        assertThat(pong.payload()).asString().isEqualTo("pong");
        assertThat(pong.isInbound()).isTrue();
    }

    @Test
    void scatteredDatagramIsGatheredWithoutMovingPositions() {
        ByteBuffer[] buffers = {
                Recording.ascii("xxab").position(2),
                ByteBuffer.allocate(0),
                ByteBuffer.allocateDirect(4),
                Recording.ascii("zz")
        };
        buffers[2].put(0, new byte[] {'c', 'd', 'e', 'f'});
        udp.sent(1, LOCAL, REMOTE, buffers, 7);
        udp.received(2, LOCAL, REMOTE, buffers, 3);

        List<Packet> packets = recording.packets();

        assertThat(packets.get(0).payload()).asString().isEqualTo("abcdefz");
        assertThat(packets.get(1).payload()).asString().isEqualTo("abc");
        assertThat(buffers).extracting(ByteBuffer::position).containsExactly(2, 0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 65507", "2001:db8::1, 65527"})
    void emptyAndLargestDatagramFit(String address, int largest) {
        InetSocketAddress end = Recording.address(address, 0);
        byte[] payload = Recording.letters(largest, 3);
        for (int i = 0; i < 10; i++) {
            udp.sent(i, end, end, ByteBuffer.allocate(0), 0, 0);
            udp.annotate("x".repeat(8_192));
            udp.received(i, end, end, ByteBuffer.wrap(payload), 0, largest);
        }
        udp.sent(11, end, end, new ByteBuffer[0], 0);

        List<Packet> packets = recording.packets();

        assertThat(packets).hasSize(21);
        assertThat(packets.get(18).payload()).isEmpty();
        assertThat(packets.get(18).udpLength()).isEqualTo(8);
        assertThat(packets.get(19).payload()).isEqualTo(payload);
        assertThat(packets.get(20).sourcePort()).isZero();
    }

    @Test
    void checksumThatComesOutAsZeroIsWrittenAsAllOnes() {
        for (int word = 0; word <= 0xFFFF; word++) {
            udp.sent(word, LOCAL, REMOTE, ByteBuffer.allocate(2).putShort(0, (short) word), 0, 2);
        }

        List<Packet> packets = recording.packets();

        assertThat(packets).extracting(Packet::udpChecksum).doesNotContain(0);
        assertThat(packets).extracting(Packet::udpChecksum).contains(0xFFFF);
    }

    @Test
    void identificationCountsPerDirection() {
        for (int i = 0; i < 3; i++) {
            udp.sent(i, LOCAL, REMOTE, Recording.ascii("a"), 0, 1);
        }
        udp.received(4, LOCAL, REMOTE, Recording.ascii("b"), 0, 1);

        assertThat(recording.packets()).extracting(Packet::identification).containsExactly(1, 2, 3, 1);
    }
}
