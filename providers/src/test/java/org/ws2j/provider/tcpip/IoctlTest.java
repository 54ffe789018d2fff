package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.TcpKeepalive;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** WSPIoctl: addresses, routes, keep-alive, and what there is no way to do. */
final class IoctlTest extends TcpIpTest {
    private Object ioctl(SocketHandle s, int code, Object in) throws WinsockException {
        IoctlResult out = new IoctlResult();
        winsock.wsaIoctl(s, code, in, out, null, null);
        return out.value();
    }

    private void keepAlive(SocketHandle s, boolean on, int time, int interval) throws WinsockException {
        ioctl(s, IoctlCode.SIO_KEEPALIVE_VALS, new TcpKeepalive(on, time, interval));
    }

    private Object tcpOption(SocketHandle s, int name) throws WinsockException {
        return winsock.getsockopt(s, IpProtocol.IPPROTO_TCP, name);
    }

    @Test
    void theAddressListHoldsWhatCanBeBoundTo() throws WinsockException {
        @SuppressWarnings("unchecked") // What the code is documented to answer.
        List<SocketAddress> list = (List<SocketAddress>) ioctl(tcp(), IoctlCode.SIO_ADDRESS_LIST_QUERY, null);

        assertThat(list).contains(loopback(0)).last().isEqualTo(loopback(0));
        for (SocketAddress each : list) {
            SocketHandle s = tcp();
            winsock.bind(s, each);
        }
        SocketHandle s = tcp();
        assertFails(WsaError.WSAEFAULT,
                () -> winsock.wsaIoctl(s, IoctlCode.SIO_ADDRESS_LIST_QUERY, null, null, null, null));
    }

    @Test
    void theRouteToLoopbackLeavesByLoopback() throws WinsockException {
        assertThat(ioctl(tcp(), IoctlCode.SIO_ROUTING_INTERFACE_QUERY, loopback(80))).isEqualTo(loopback(0));
        assertThat(ioctl(udp(), IoctlCode.SIO_ROUTING_INTERFACE_QUERY, loopback(0))).isEqualTo(loopback(0));
        assertThat(ioctl(tcp6(), IoctlCode.SIO_ROUTING_INTERFACE_QUERY, new InetSocketAddress(LOOPBACK6, 1)))
                .isEqualTo(new InetSocketAddress(LOOPBACK6, 0));
    }

    @Test
    void aRouteNeedsADestinationOfTheFamily() throws WinsockException {
        SocketHandle s = tcp();
        int code = IoctlCode.SIO_ROUTING_INTERFACE_QUERY;

        assertFails(WsaError.WSAEFAULT, () -> ioctl(s, code, null));
        assertFails(WsaError.WSAEFAULT, () -> ioctl(s, code, "somewhere"));
        assertFails(WsaError.WSAEINVAL, () -> ioctl(s, code, new InetSocketAddress(LOOPBACK6, 1)));
        assertFails(WsaError.WSAEFAULT, () -> winsock.wsaIoctl(s, code, loopback(1), null, null, null));
    }

    @Test
    void nearAddressesAreSortedBeforeFarOnes() throws WinsockException {
        InetSocketAddress far = new InetSocketAddress(address("203.0.113.1"), 80);
        InetSocketAddress near = loopback(80);

        assertThat(ioctl(tcp(), IoctlCode.SIO_ADDRESS_LIST_SORT, List.of(far, near))).isEqualTo(List.of(near, far));
        assertThat(ioctl(tcp(), IoctlCode.SIO_ADDRESS_LIST_SORT, List.of())).isEqualTo(List.of());
        assertFails(WsaError.WSAEFAULT, () -> ioctl(tcp(), IoctlCode.SIO_ADDRESS_LIST_SORT, List.of("x")));
        assertFails(WsaError.WSAEINVAL, () -> ioctl(tcp(), IoctlCode.SIO_ADDRESS_LIST_SORT,
                List.of(new InetSocketAddress(LOOPBACK6, 1))));
    }

    @ParameterizedTest
    @CsvSource({"5000,1000,5,1", "5001,999,6,1", "0,0,1,1", "-1,2147483647,32767,32767"})
    void keepAliveTimesBecomeWholeSeconds(int time, int interval, int idleSeconds, int intervalSeconds)
            throws WinsockException {
        SocketHandle s = tcp();
        keepAlive(s, true, time, interval);

        assertThat(winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE)).isEqualTo(true);
        assertThat(tcpOption(s, SocketOption.TCP_KEEPIDLE)).isEqualTo(idleSeconds);
        assertThat(tcpOption(s, SocketOption.TCP_KEEPINTVL)).isEqualTo(intervalSeconds);
    }

    @Test
    void keepAliveThatIsTurnedOffKeepsItsTimes() throws WinsockException {
        SocketHandle s = tcp();
        keepAlive(s, true, 7_000, 3_000);
        keepAlive(s, false, 1_000, 1_000);

        assertThat(winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE)).isEqualTo(false);
        assertThat(tcpOption(s, SocketOption.TCP_KEEPIDLE)).isEqualTo(7);
        assertFails(WsaError.WSAEINVAL, () -> keepAlive(udp(), true, 1_000, 1_000));
        assertFails(WsaError.WSAEFAULT, () -> ioctl(s, IoctlCode.SIO_KEEPALIVE_VALS, true));
    }

    @Test
    void acceptedSocketsInheritKeepAlive() throws WinsockException {
        SocketHandle listener = listener();
        keepAlive(listener, true, 9_000, 4_000);
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));
        SocketHandle server = winsock.accept(listener, null);

        assertThat(tcpOption(server, SocketOption.TCP_KEEPIDLE)).isEqualTo(9);
    }

    @Test
    void onlyDatagramsOfFourAreBroadcast() throws WinsockException {
        InetAddress everybody = address("255.255.255.255");
        SocketHandle six = winsock.socket(AddressFamily.AF_INET6, SocketType.SOCK_DGRAM, 0);

        assertThat(ioctl(udp(), IoctlCode.SIO_GET_BROADCAST_ADDRESS, null))
                .isEqualTo(new InetSocketAddress(everybody, 0));
        assertFails(WsaError.WSAEINVAL, () -> ioctl(tcp(), IoctlCode.SIO_GET_BROADCAST_ADDRESS, null));
        assertFails(WsaError.WSAEOPNOTSUPP, () -> ioctl(six, IoctlCode.SIO_GET_BROADCAST_ADDRESS, null));
    }

    @Test
    void multicastIoctlsAreItsOptions() throws WinsockException {
        SocketHandle s = udp();
        ioctl(s, IoctlCode.SIO_MULTIPOINT_LOOPBACK, false);
        ioctl(s, IoctlCode.SIO_MULTICAST_SCOPE, 3);

        int ip = IpProtocol.IPPROTO_IP;
        assertThat(winsock.getsockopt(s, ip, SocketOption.IP_MULTICAST_LOOP)).isEqualTo(false);
        assertThat(winsock.getsockopt(s, ip, SocketOption.IP_MULTICAST_TTL)).isEqualTo(3);
        assertFails(WsaError.WSAEINVAL, () -> ioctl(s, IoctlCode.SIO_MULTICAST_SCOPE, 256));
        assertFails(WsaError.WSAEFAULT, () -> ioctl(s, IoctlCode.SIO_MULTICAST_SCOPE, null));
        assertFails(WsaError.WSAEINVAL, () -> ioctl(tcp(), IoctlCode.SIO_MULTIPOINT_LOOPBACK, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {IoctlCode.SIOCATMARK, IoctlCode.SIO_ROUTING_INTERFACE_CHANGE,
            IoctlCode.SIO_ADDRESS_LIST_CHANGE, IoctlCode.SIO_FIND_ROUTE, IoctlCode.SIO_GET_QOS,
            IoctlCode.SIO_SET_QOS, IoctlCode.SIO_TRANSLATE_HANDLE})
    void whatTheSystemDoesNotTellIsNotSupported(int code) throws WinsockException {
        SocketHandle s = tcp();

        assertFails(WsaError.WSAEOPNOTSUPP, () -> ioctl(s, code, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {IoctlCode.SIO_ASSOCIATE_HANDLE, IoctlCode.SIO_ENABLE_CIRCULAR_QUEUEING, IoctlCode.SIO_FLUSH})
    void optionalIoctlsAreLeftOut(int code) throws WinsockException {
        SocketHandle s = tcp();

        assertFails(WsaError.WSAENOPROTOOPT, () -> ioctl(s, code, null));
    }

    @Test
    void addressesAndRoutesAlsoComeOverlapped() throws WinsockException {
        SocketHandle s = tcp();
        IoctlResult out = new IoctlResult();
        HeapOverlapped block = new HeapOverlapped();

        assertThat(winsock.wsaIoctl(s, IoctlCode.SIO_ROUTING_INTERFACE_QUERY, loopback(1), out, block, null)).isZero();
        assertThat(out.value()).isEqualTo(loopback(0));
        assertThat(block.isCompleted()).isTrue();
    }
}
