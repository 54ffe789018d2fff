package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.NetworkInterface;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** Socket options. */
final class SocketOptionsTest extends TcpIpTest {
    private static final int SOL = SocketOption.SOL_SOCKET;

    @ParameterizedTest
    @ValueSource(ints = {SocketOption.SO_DEBUG, SocketOption.SO_KEEPALIVE, SocketOption.SO_DONTROUTE,
            SocketOption.SO_BROADCAST, SocketOption.SO_OOBINLINE, SocketOption.SO_REUSEADDR,
            SocketOption.SO_EXCLUSIVEADDRUSE})
    void switchesAreOffAndCanBeTurnedOn(int name) throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {tcp(), udp()}) {
            assertThat(winsock.getsockopt(s, SOL, name)).isEqualTo(false);
            winsock.setsockopt(s, SOL, name, true);
            assertThat(winsock.getsockopt(s, SOL, name)).isEqualTo(true);
        }
    }

    @Test
    void sizesAndTimesAreKept() throws WinsockException {
        SocketHandle s = tcp();
        winsock.setsockopt(s, SOL, SocketOption.SO_RCVTIMEO, 1_234);
        winsock.setsockopt(s, SOL, SocketOption.SO_SNDTIMEO, 4_321);
        winsock.setsockopt(s, SOL, SocketOption.SO_SNDBUF, 50_000);
        winsock.setsockopt(s, SOL, SocketOption.SO_RCVBUF, 50_000);

        assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_RCVTIMEO)).isEqualTo(1_234);
        assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_SNDTIMEO)).isEqualTo(4_321);
        assertThat((Integer) winsock.getsockopt(s, SOL, SocketOption.SO_SNDBUF)).isGreaterThanOrEqualTo(50_000);
        assertThat((Integer) winsock.getsockopt(s, SOL, SocketOption.SO_RCVBUF)).isGreaterThanOrEqualTo(50_000);
        assertFails(WsaError.WSAEINVAL, () -> winsock.setsockopt(s, SOL, SocketOption.SO_RCVBUF, -1));
    }

    @Test
    void lingeringAndNotLingeringAreOneSwitch() throws WinsockException {
        SocketHandle s = tcp();
        assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_DONTLINGER)).isEqualTo(true);
        winsock.setsockopt(s, SOL, SocketOption.SO_LINGER, new Linger(true, 7));
        assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_DONTLINGER)).isEqualTo(false);
        winsock.setsockopt(s, SOL, SocketOption.SO_DONTLINGER, true);
        assertThat(((Linger) winsock.getsockopt(s, SOL, SocketOption.SO_LINGER)).onoff()).isFalse();
        winsock.setsockopt(s, SOL, SocketOption.SO_DONTLINGER, false);

        assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_LINGER)).isEqualTo(new Linger(true, 7));
        assertFails(WsaError.WSAEINVAL, () -> winsock.setsockopt(s, SOL, SocketOption.SO_LINGER,
                new Linger(true, 65_536)));
    }

    @Test
    void whatIsReadOnlyIsRead() throws WinsockException {
        SocketHandle s = tcp();
        assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_TYPE)).isEqualTo(SocketType.SOCK_STREAM);
        assertThat(winsock.getsockopt(udp(), SOL, SocketOption.SO_TYPE)).isEqualTo(SocketType.SOCK_DGRAM);
        assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_ACCEPTCONN)).isEqualTo(false);
        assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_ERROR)).isEqualTo(0);
        WsaProtocolInfo info = (WsaProtocolInfo) winsock.getsockopt(s, SOL, SocketOption.SO_PROTOCOL_INFOW);

        assertThat(info.providerId()).isEqualTo(TcpIpProtocols.PROVIDER_ID);
        assertThat(info.catalogEntryId()).isNotZero();
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.setsockopt(s, SOL, SocketOption.SO_TYPE, 1));
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.getsockopt(s, SOL, SocketOption.SO_MAX_MSG_SIZE));
    }

    @Test
    void theOptionsOfTcpAreThere() throws WinsockException {
        SocketHandle s = tcp();
        int tcp = IpProtocol.IPPROTO_TCP;
        winsock.setsockopt(s, tcp, SocketOption.TCP_NODELAY, true);
        winsock.setsockopt(s, tcp, SocketOption.TCP_KEEPIDLE, 11);
        winsock.setsockopt(s, tcp, SocketOption.TCP_KEEPCNT, 3);
        winsock.setsockopt(s, tcp, SocketOption.TCP_KEEPINTVL, 5);

        assertThat(winsock.getsockopt(s, tcp, SocketOption.TCP_NODELAY)).isEqualTo(true);
        assertThat(winsock.getsockopt(s, tcp, SocketOption.TCP_KEEPIDLE)).isEqualTo(11);
        assertThat(winsock.getsockopt(s, tcp, SocketOption.TCP_KEEPCNT)).isEqualTo(3);
        assertThat(winsock.getsockopt(s, tcp, SocketOption.TCP_KEEPINTVL)).isEqualTo(5);
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.getsockopt(udp(), tcp, SocketOption.TCP_NODELAY));
    }

    @Test
    void theOptionsOfMulticastAreThereForDatagrams() throws WinsockException, SocketException {
        SocketHandle s = udp();
        int ip = IpProtocol.IPPROTO_IP;
        assertFails(WsaError.WSAEADDRNOTAVAIL, () -> winsock.getsockopt(s, ip, SocketOption.IP_MULTICAST_IF));
        NetworkInterface lo = NetworkInterface.getByInetAddress(LOOPBACK4);
        winsock.setsockopt(s, ip, SocketOption.IP_MULTICAST_IF, lo);
        winsock.setsockopt(s, ip, SocketOption.IP_MULTICAST_TTL, 3);
        winsock.setsockopt(s, ip, SocketOption.IP_MULTICAST_LOOP, false);
        winsock.setsockopt(s, ip, SocketOption.IP_TOS, 8);

        assertThat(winsock.getsockopt(s, ip, SocketOption.IP_MULTICAST_IF)).isEqualTo(lo);
        assertThat(winsock.getsockopt(s, ip, SocketOption.IP_MULTICAST_TTL)).isEqualTo(3);
        assertThat(winsock.getsockopt(s, ip, SocketOption.IP_MULTICAST_LOOP)).isEqualTo(false);
        assertThat(winsock.getsockopt(s, ip, SocketOption.IP_TOS)).isEqualTo(8);
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.getsockopt(tcp(), ip, SocketOption.IP_MULTICAST_TTL));
    }

    @Test
    void sixIsForBothFamilies() throws WinsockException {
        SocketHandle s = winsock.socket(AddressFamily.AF_INET6, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
        int ip6 = IpProtocol.IPPROTO_IPV6;

        assertThat(winsock.getsockopt(s, ip6, SocketOption.IPV6_V6ONLY)).isEqualTo(false);
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.setsockopt(s, ip6, SocketOption.IPV6_V6ONLY, true));
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.getsockopt(udp(), ip6, SocketOption.IPV6_V6ONLY));
    }

    @Test
    void unknownLevelsNamesAndTypesAreRefused() throws WinsockException {
        SocketHandle s = tcp();

        assertFails(WsaError.WSAEINVAL, () -> winsock.getsockopt(s, 99, 1));
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.getsockopt(s, SOL, 0x7777));
        assertFails(WsaError.WSAENOPROTOOPT,
                () -> winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_TTL, 9));
        assertFails(WsaError.WSAEFAULT, () -> winsock.setsockopt(s, SOL, SocketOption.SO_KEEPALIVE, 1));
        assertFails(WsaError.WSAEFAULT, () -> winsock.setsockopt(s, SOL, SocketOption.SO_KEEPALIVE, null));
    }

    @Test
    void sharingAndNotSharingAnAddressExcludeEachOther() throws WinsockException {
        SocketHandle s = tcp();
        winsock.setsockopt(s, SOL, SocketOption.SO_REUSEADDR, true);

        assertFails(WsaError.WSAEINVAL, () -> winsock.setsockopt(s, SOL, SocketOption.SO_EXCLUSIVEADDRUSE, true));
    }

    @Test
    void optionsOutliveListeningAndReachAcceptedSockets() throws WinsockException {
        SocketHandle listener = tcp();
        winsock.setsockopt(listener, SOL, SocketOption.SO_KEEPALIVE, true);
        winsock.setsockopt(listener, SOL, SocketOption.SO_RCVTIMEO, 17);
        winsock.setsockopt(listener, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY, true);
        winsock.bind(listener, loopback(0));
        winsock.listen(listener, 1);
        winsock.connect(tcp(), nameOf(listener));
        SocketHandle accepted = winsock.accept(listener, null);
        for (SocketHandle s : new SocketHandle[] {listener, accepted}) {
            assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_KEEPALIVE)).isEqualTo(true);
            assertThat(winsock.getsockopt(s, SOL, SocketOption.SO_RCVTIMEO)).isEqualTo(17);
            assertThat(winsock.getsockopt(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY)).isEqualTo(true);
        }
        assertThat(winsock.getsockopt(listener, SOL, SocketOption.SO_REUSEADDR)).isEqualTo(false);
    }

    @Test
    void datagramsOfSixHaveATrafficClassAndNeedNotBeBroken() throws WinsockException {
        SocketHandle s = winsock.socket(AddressFamily.AF_INET6, SocketType.SOCK_DGRAM, 0);
        int six = IpProtocol.IPPROTO_IPV6;
        winsock.setsockopt(s, six, SocketOption.IPV6_TCLASS, 16);
        winsock.setsockopt(s, six, SocketOption.IP_DONTFRAGMENT, true);
        winsock.setsockopt(s, six, SocketOption.IP_MULTICAST_LOOP, false);

        assertThat(winsock.getsockopt(s, six, SocketOption.IPV6_TCLASS)).isEqualTo(16);
        assertThat(winsock.getsockopt(s, six, SocketOption.IP_DONTFRAGMENT)).isEqualTo(true);
        assertThat(winsock.getsockopt(s, six, SocketOption.IP_MULTICAST_LOOP)).isEqualTo(false);
        assertFails(WsaError.WSAENOPROTOOPT,
                () -> winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_TOS, 16));
        assertFails(WsaError.WSAENOPROTOOPT,
                () -> winsock.setsockopt(tcp(), IpProtocol.IPPROTO_IP, SocketOption.IP_DONTFRAGMENT, true));
    }
}
