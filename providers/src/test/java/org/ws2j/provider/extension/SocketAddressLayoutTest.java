package org.ws2j.provider.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Addresses in the layout of Windows. */
final class SocketAddressLayoutTest {
    private static InetSocketAddress six(int scope) throws UnknownHostException {
        byte[] raw = InetAddress.ofLiteral("fe80::1").getAddress();
        return new InetSocketAddress(Inet6Address.getByAddress(null, raw, scope), 0x1234);
    }

    private static String encoded(InetSocketAddress address) {
        ByteBuffer buffer = ByteBuffer.allocate(40);
        SocketAddressLayout.encode(address, buffer, 2);
        return HexFormat.of().formatHex(buffer.array(), 2, 2 + SocketAddressLayout.size(address));
    }

    @Test
    void fourIsSixteenBytesWithThePortInNetworkOrder() {
        assertThat(encoded(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0xABCD)))
                .isEqualTo("0200" + "abcd" + "c0000201" + "0".repeat(16));
    }

    @Test
    void sixIsTwentyEightBytesWithTheScopeAtItsEnd() throws UnknownHostException {
        assertThat(encoded(six(0)))
                .isEqualTo("1700" + "1234" + "00000000" + "fe80" + "0".repeat(24) + "0001" + "00000000");
    }

    @Test
    void whatIsEncodedIsDecoded() throws UnknownHostException {
        for (InetSocketAddress address : new InetSocketAddress[] {
                new InetSocketAddress(InetAddress.ofLiteral("255.1.2.3"), 65_535), six(0),
                new InetSocketAddress(InetAddress.ofLiteral("::ffff:0:0"), 1)}) {
            ByteBuffer buffer = ByteBuffer.allocate(SocketAddressLayout.size(address));
            SocketAddressLayout.encode(address, buffer, 0);
            assertThat(SocketAddressLayout.decode(buffer)).isEqualTo(address);
        }
    }

    @Test
    void aMappedAddressStaysSix() {
        byte[] raw = HexFormat.of()
                .parseHex("1700" + "0007" + "00000000" + "0".repeat(20) + "ffff" + "7f000001" + "00000000");
        assertThat(SocketAddressLayout.decode(ByteBuffer.wrap(raw)).getAddress()).isInstanceOf(Inet6Address.class);
    }

    @Test
    void whatIsNoAddressIsNone() {
        assertThat(SocketAddressLayout.decode(ByteBuffer.allocate(0))).isNull();
        assertThat(SocketAddressLayout.decode(ByteBuffer.allocate(28))).isNull();
        assertThat(SocketAddressLayout.decode(ByteBuffer.wrap(new byte[] {2, 0, 0, 0, 0, 0, 0, 0}))).isNull();
    }
}
