package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IpPathTest {

    @Test
    void ipv4HeaderIsLaidOutAsRfc791Says() {
        byte[] header = header("192.0.2.1", "198.51.100.2");

        assertThat(header).hasSize(20);
        assertThat(header)
                .startsWith(0x45, 0, 0, 120, 0x01, 0x02, 0x40, 0, 64, 6)
                .endsWith(192, 0, 2, 1, 198, 51, 100, 2);
        assertThat(Packet.onesComplementSum(header)).isEqualTo(0xFFFF);
    }

    @Test
    void ipv6HeaderIsLaidOutAsRfc8200Says() {
        byte[] header = header("2001:db8::1", "2001:db8::2");

        assertThat(header).hasSize(40);
        assertThat(header)
                .startsWith(0x60, 0, 0, 0, 0, 100, 6, 64)
                .endsWith(0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
    }

    @Test
    void mixedFamiliesMapTheIpv4Address() {
        Packet packet = new Packet(0, 0, 0, null, header("192.0.2.1", "2001:db8::2"));

        assertThat(packet.version()).isEqualTo(6);
        assertThat(packet.source()).isEqualTo("mapped 192.0.2.1");
        assertThat(packet.destination()).isEqualTo("2001:db8:0:0:0:0:0:2");
        assertThat(new Packet(0, 0, 0, null, header("2001:db8::2", "192.0.2.1")).destination())
                .isEqualTo("mapped 192.0.2.1");
    }

    @Test
    void wildcardTakesTheFamilyOfTheOtherAddress() {
        assertThat(new Packet(0, 0, 0, null, header("::", "192.0.2.1")).source())
                .isEqualTo("0.0.0.0");
        assertThat(new Packet(0, 0, 0, null, header("2001:db8::2", "0.0.0.0")).destination())
                .isEqualTo("0:0:0:0:0:0:0:0");
        assertThat(new Packet(0, 0, 0, null, header("::", "0.0.0.0")).version()).isEqualTo(4);
        assertThat(new Packet(0, 0, 0, null, header("::", "::")).version()).isEqualTo(6);
    }

    @Test
    void unresolvedAddressReadsAsTheWildcard() {
        assertThat(new Packet(0, 0, 0, null, header(null, "2001:db8::2")).source())
                .isEqualTo("0:0:0:0:0:0:0:0");
        assertThat(new Packet(0, 0, 0, null, header("192.0.2.1", null)).destination())
                .isEqualTo("0.0.0.0");
        assertThat(new Packet(0, 0, 0, null, header(null, "::")).version()).isEqualTo(6);
        assertThat(new Packet(0, 0, 0, null, header(null, null)).version()).isEqualTo(4);
    }

    @Test
    void localMulticastHasTheTimeToLiveItsRangeDemands() {
        assertThat(new Packet(0, 0, 0, null, header("192.0.2.1", "224.0.0.1")).timeToLive())
                .isEqualTo(1);
        assertThat(new Packet(0, 0, 0, null, header("192.0.2.1", "224.0.0.251")).timeToLive())
                .isEqualTo(255);
        assertThat(new Packet(0, 0, 0, null, header("192.0.2.1", "224.0.1.1")).timeToLive())
                .isEqualTo(64);
    }

    @Test
    void largestSegmentFillsTheLargestPacket() {
        assertThat(path("192.0.2.1", "192.0.2.2").maxSegmentSize() + 40).isEqualTo(65_535);
        assertThat(path("::1", "::1").maxSegmentSize() + 60).isEqualTo(65_535);
    }

    private static byte[] header(String from, String to) {
        ByteBuffer packet = ByteBuffer.allocate(40);
        path(from, to).writeHeader(packet, IpPath.PROTOCOL_TCP, 100, 0x0102);
        byte[] header = new byte[packet.position()];
        packet.flip().get(header);
        return header;
    }

    private static IpPath path(String from, String to) {
        return IpPath.between(
                socketAddress(from).getAddress(), socketAddress(to).getAddress());
    }

    private static InetSocketAddress socketAddress(String literal) {
        return literal == null ? InetSocketAddress.createUnresolved("unknown", 1) : Recording.address(literal, 1);
    }
}
