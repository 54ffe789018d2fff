package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.provider.address.Addresses;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** The numeric texts of addresses. */
final class AddressesTest {
    private static final WsaProtocolInfo FOUR = TcpIpProtocols.ENTRIES.get(0);
    private static final WsaProtocolInfo SIX = TcpIpProtocols.ENTRIES.get(2);

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3.4", "1.2.3.4:80", "255.255.255.255:65535"})
    void addressesOfFourGoBothWays(String text) throws WinsockException {
        SocketAddress address = Addresses.parse(text, AddressFamily.AF_INET, FOUR);

        assertThat(Addresses.toText(address, FOUR)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"::1,::1", "[::1]:80,[::1]:80", "[::1],::1", "::,::", "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1",
            "fe80::1%7,fe80::1%7", "[fe80::1%7]:443,[fe80::1%7]:443", "1:0:2:3:4:5:6:7,1:0:2:3:4:5:6:7",
            "FF02:0:0:0:0:0:0:ABCD,ff02::abcd", "1::,1::", "0:0:1::,0:0:1::"})
    void addressesOfSixBecomeTheShortestText(String text, String shortest) throws WinsockException {
        InetSocketAddress address = Addresses.parse(text, AddressFamily.AF_INET6, SIX);

        assertThat(Addresses.toText(address, SIX)).isEqualTo(shortest);
        assertThat(Addresses.parse(shortest, AddressFamily.AF_INET6, SIX)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "256.1.1.1", "host", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:+1",
            "1.2.3.4:\u0661", "1.2.3.4:99999999999",
            "1.2.3.4:80:80", " 1.2.3.4", "[1.2.3.4]:80", "::1"})
    void whatIsNoAddressOfFourIsRefused(String text) {
        TcpIpTest.assertFails(WsaError.WSAEINVAL, () -> Addresses.parse(text, AddressFamily.AF_INET, FOUR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.2.3.4", "[::1", "[::1]80", "[::1]:x", ":::", "::1::", "::ffff:1.2.3.4", "g::",
            "[::1]:+80", "[::1]:",
            "[[::1]]", "::1]", "[]", "fe80::1%", "fe80::1%nosuchinterface", "1:2:3:4:5:6:7:8:9", "::1 ", "[::1]:65536"})
    void whatIsNoAddressOfSixIsRefused(String text) {
        TcpIpTest.assertFails(WsaError.WSAEINVAL, () -> Addresses.parse(text, AddressFamily.AF_INET6, SIX));
    }

    @Test
    void familiesMustFit() {
        TcpIpTest.assertFails(WsaError.WSAEINVAL, () -> Addresses.parse("1.2.3.4", AddressFamily.AF_INET, SIX));
        TcpIpTest.assertFails(WsaError.WSAEINVAL, () -> Addresses.toText(TcpIpTest.loopback(1), SIX));
        TcpIpTest.assertFails(WsaError.WSAEFAULT, () -> Addresses.parse(null, AddressFamily.AF_INET, FOUR));
        TcpIpTest.assertFails(WsaError.WSAEFAULT, () -> Addresses.toText(null, FOUR));
    }
}
