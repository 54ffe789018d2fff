package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Network.LOOPBACK;
import static org.ws2j.conformance.Network.address;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.spi.AddressFamily.AF_INET;
import static org.ws2j.spi.AddressFamily.AF_INET6;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** WSAAddressToString, WSAStringToAddress. */
final class AddressesSuite extends Suite {
    private static final int UNKNOWN = 99;

    // ---- to text ---------------------------------------------------------------------------------------------------

    @Proves("address-to-string.v4")
    void anAddressOfIpv4IsFourNumbersAndThePortIfThereIsOne() throws WinsockException {
        assertThat(text(loopback(0))).isEqualTo("127.0.0.1");
        assertThat(text(loopback(8080))).isEqualTo("127.0.0.1:8080");
        assertThat(text(new InetSocketAddress(address("255.255.255.255"), 65_535))).isEqualTo("255.255.255.255:65535");
    }

    @Proves("address-to-string.v6")
    void anAddressOfIpv6StandsInBracketsWhereAPortFollows() throws WinsockException {
        assertThat(text(six("::1", 0))).isEqualTo("::1");
        assertThat(text(six("::1", 80))).isEqualTo("[::1]:80");
    }

    @Proves("address-to-string.v6")
    void theLongestRunOfZerosOfIpv6IsLeftOut() throws WinsockException {
        assertThat(text(six("::", 0))).isEqualTo("::");
        assertThat(text(six("2001:db8:0:0:1:0:0:0", 0))).isEqualTo("2001:db8:0:0:1::");
        assertThat(text(six("2001:db8:1:2:3:4:5:6", 0))).isEqualTo("2001:db8:1:2:3:4:5:6");
        assertThat(text(six("ff02:0:0:0:0:0:0:fb", 0))).isEqualTo("ff02::fb");
    }

    @Proves("address-to-string.v6")
    void theScopeOfIpv6FollowsThePercentSign() throws WinsockException {
        assertThat(text(scoped(3, 0))).isEqualTo("fe80::1%3");
        assertThat(text(scoped(3, 443))).isEqualTo("[fe80::1%3]:443");
    }

    @Proves("address-to-string.fault")
    void noAddressIsAFault() throws WinsockException {
        WsaProtocolInfo entry = entry(AF_INET);
        fails(WsaError.WSAEFAULT, () -> ws.wsaAddressToString(null, null));
        fails(WsaError.WSAEFAULT, () -> ws.wsaAddressToString(null, entry));
    }

    @Proves("address-to-string.inval")
    void anAddressOfNoFamilyOfTheCatalogIsInvalid() {
        fails(WsaError.WSAEINVAL, () -> ws.wsaAddressToString(UnixDomainSocketAddress.of("x"), null));
        fails(WsaError.WSAEINVAL, () -> ws.wsaAddressToString(InetSocketAddress.createUnresolved("x", 1), null));
    }

    @Proves({"address-to-string.info", "address-to-string.inval"})
    void anAddressOfAnotherFamilyThanTheEntryGivenIsInvalid() throws WinsockException {
        WsaProtocolInfo v4 = entry(AF_INET);
        WsaProtocolInfo v6 = entry(AF_INET6);
        assertThat(ws.wsaAddressToString(loopback(1), v4)).isEqualTo("127.0.0.1:1");
        fails(WsaError.WSAEINVAL, () -> ws.wsaAddressToString(loopback(1), v6));
        fails(WsaError.WSAEINVAL, () -> ws.wsaAddressToString(six("::1", 1), v4));
    }

    @Proves("address-to-string.info")
    void everyEntryOfAFamilyTurnsItsAddressesIntoText() throws WinsockException {
        for (WsaProtocolInfo entry : ws.wsaEnumProtocols()) {
            InetSocketAddress address = entry.addressFamily() == AF_INET ? loopback(7) : six("::1", 7);
            assertThat(ws.wsaAddressToString(address, entry)).isEqualTo(text(address));
        }
    }

    @Proves({"address-to-string.info", "string-to-address.inval"})
    void anEntryThatIsNotInTheCatalogIsInvalid() throws WinsockException {
        WsaProtocolInfo foreign = entry(AF_INET).toBuilder().catalogEntryId(0x7ffffff0).build();
        fails(WsaError.WSAEINVAL, () -> ws.wsaAddressToString(loopback(1), foreign));
        fails(WsaError.WSAEINVAL, () -> ws.wsaStringToAddress("127.0.0.1", AF_INET, foreign));
    }

    // ---- from text -------------------------------------------------------------------------------------------------

    @Proves("string-to-address.v4")
    void aTextOfIpv4HasPortZeroUnlessItSays() throws WinsockException {
        assertThat(parse("127.0.0.1", AF_INET)).isEqualTo(new InetSocketAddress(LOOPBACK, 0));
        assertThat(parse("127.0.0.1:8080", AF_INET)).isEqualTo(loopback(8080));
        assertThat(parse("255.255.255.255:65535", AF_INET))
                .isEqualTo(new InetSocketAddress(address("255.255.255.255"), 65_535));
    }

    @Proves("string-to-address.v6")
    void aTextOfIpv6MayStandInBrackets() throws WinsockException {
        assertThat(parse("::1", AF_INET6)).isEqualTo(six("::1", 0));
        assertThat(parse("[::1]", AF_INET6)).isEqualTo(six("::1", 0));
        assertThat(parse("[::1]:80", AF_INET6)).isEqualTo(six("::1", 80));
        assertThat(parse("2001:DB8::5", AF_INET6)).isEqualTo(six("2001:db8::5", 0));
    }

    @Proves("string-to-address.v6")
    void aTextOfIpv6MayHaveAScope() throws WinsockException {
        assertThat(parse("fe80::1%3", AF_INET6)).isEqualTo(scoped(3, 0));
        assertThat(parse("[fe80::1%3]:443", AF_INET6)).isEqualTo(scoped(3, 443));
    }

    @Proves("string-to-address.round-trip")
    void whatWasTurnedIntoTextComesBack() throws WinsockException {
        for (InetSocketAddress each : List.of(loopback(0), loopback(1), six("::", 0), six("::", 9), scoped(7, 99),
                six("2001:db8:0:0:1:0:0:1", 65_535), new InetSocketAddress(address("0.0.0.0"), 0))) {
            int family = each.getAddress().getAddress().length == 4 ? AF_INET : AF_INET6;
            assertThat(parse(text(each), family)).isEqualTo(each);
        }
    }

    @Proves("string-to-address.fault")
    void noTextIsAFault() throws WinsockException {
        WsaProtocolInfo entry = entry(AF_INET);
        fails(WsaError.WSAEFAULT, () -> ws.wsaStringToAddress(null, AF_INET, null));
        fails(WsaError.WSAEFAULT, () -> ws.wsaStringToAddress(null, AF_INET, entry));
    }

    @Proves("string-to-address.inval")
    void aTextThatIsNoAddressOfIpv4IsInvalid() {
        for (String bad : List.of("", "localhost", "256.0.0.1", "1.2.3.4.5", "127.0.0.1:", "127.0.0.1:65536",
                "127.0.0.1:-1", "127.0.0.1:x", " 127.0.0.1", "[127.0.0.1]:1")) {
            fails(WsaError.WSAEINVAL, () -> parse(bad, AF_INET));
        }
    }

    @Proves("string-to-address.inval")
    void aTextThatIsNoAddressOfIpv6IsInvalid() {
        for (String bad : List.of("", ":", "::1::2", "12345::", "[::1", "::1]", "[::1]80", "[::1]:", "[::1]:65536",
                "1:2:3:4:5:6:7:8:9", "host")) {
            fails(WsaError.WSAEINVAL, () -> parse(bad, AF_INET6));
        }
    }

    @Proves("string-to-address.inval")
    void aTextOfAnotherFamilyIsInvalid() {
        fails(WsaError.WSAEINVAL, () -> parse("::1", AF_INET));
        fails(WsaError.WSAEINVAL, () -> parse("127.0.0.1", AF_INET6));
    }

    @Proves("string-to-address.inval")
    void aFamilyThatNobodyHasIsInvalid() throws WinsockException {
        WsaProtocolInfo v4 = entry(AF_INET);
        fails(WsaError.WSAEINVAL, () -> parse("127.0.0.1", UNKNOWN));
        fails(WsaError.WSAEINVAL, () -> ws.wsaStringToAddress("::1", AF_INET6, v4));
        fails(WsaError.WSAEINVAL, () -> ws.wsaStringToAddress("127.0.0.1", UNKNOWN, v4));
    }

    private String text(InetSocketAddress address) throws WinsockException {
        return ws.wsaAddressToString(address, null);
    }

    private Object parse(String text, int family) throws WinsockException {
        return ws.wsaStringToAddress(text, family, null);
    }

    private WsaProtocolInfo entry(int family) throws WinsockException {
        return ws.wsaEnumProtocols().stream().filter(e -> e.addressFamily() == family).findFirst().orElseThrow();
    }

    private static InetSocketAddress six(String literal, int port) {
        return new InetSocketAddress(address(literal), port);
    }

    private static InetSocketAddress scoped(int scope, int port) {
        try {
            byte[] bytes = address("fe80::1").getAddress();
            return new InetSocketAddress(Inet6Address.getByAddress(null, bytes, scope), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
