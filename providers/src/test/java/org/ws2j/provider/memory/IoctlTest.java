package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.TcpKeepalive;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** Ioctls: what each answers, and how overlapped ones end. */
final class IoctlTest extends MemoryTest {
    private static final int UNKNOWN = 0x98000FFF;

    private Object control(SocketHandle s, int code, Object in) throws WinsockException {
        return winsock.ioctlsocket(s, code, in);
    }

    private long overlapped(SocketHandle s, int code, Object in, HeapOverlapped block) throws WinsockException {
        return winsock.wsaIoctl(s, code, in, new IoctlResult(), block, null);
    }

    private Object option(SocketHandle s, int level, int name) throws WinsockException {
        return winsock.getsockopt(s, level, name);
    }

    @Test
    void loopbackStandsForAllAddresses() throws WinsockException {
        InetSocketAddress loopback = loopback(0);
        InetSocketAddress loopback6 = new InetSocketAddress(LOOPBACK6, 0);
        SocketHandle s = stream();
        assertThat(control(s, IoctlCode.SIO_ADDRESS_LIST_QUERY, null)).isEqualTo(List.of(loopback));
        assertThat(control(stream6(), IoctlCode.SIO_ADDRESS_LIST_QUERY, null)).isEqualTo(List.of(loopback6));
        InetSocketAddress far = new InetSocketAddress(address("10.9.8.7"), 6);
        assertThat(control(s, IoctlCode.SIO_ROUTING_INTERFACE_QUERY, far)).isEqualTo(loopback);
        assertThat(control(s, IoctlCode.SIO_ADDRESS_LIST_SORT, List.of(far, loopback)))
                .isEqualTo(List.of(far, loopback));
        assertFails(WsaError.WSAEINVAL, () -> control(s, IoctlCode.SIO_ROUTING_INTERFACE_QUERY, loopback6));
        assertFails(WsaError.WSAEFAULT, () -> control(s, IoctlCode.SIO_ROUTING_INTERFACE_QUERY, null));
        assertFails(WsaError.WSAEINVAL, () -> control(s, IoctlCode.SIO_ADDRESS_LIST_SORT, List.of(loopback6)));
    }

    @Test
    void answersNeedRoom() throws WinsockException {
        SocketHandle s = stream();
        for (int code : new int[] {IoctlCode.FIONREAD, IoctlCode.SIOCATMARK, IoctlCode.SIO_BASE_HANDLE,
                IoctlCode.SIO_ADDRESS_LIST_QUERY}) {
            assertFails(WsaError.WSAEFAULT, () -> winsock.wsaIoctl(s, code, null, null, null, null));
        }
        assertFails(WsaError.WSAEFAULT, () -> control(s, IoctlCode.FIONBIO, 1));
    }

    @Test
    void keepAliveTimesAreKeptAsTheirOptions() throws WinsockException {
        SocketHandle s = stream();
        control(s, IoctlCode.SIO_KEEPALIVE_VALS, new TcpKeepalive(true, 30_000, 5_000));
        assertThat(option(s, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE)).isEqualTo(true);
        assertThat(option(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPIDLE)).isEqualTo(30);
        assertThat(option(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPINTVL)).isEqualTo(5);
        control(s, IoctlCode.SIO_KEEPALIVE_VALS, new TcpKeepalive(false, 0, 0));
        assertThat(option(s, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE)).isEqualTo(false);
        assertFails(WsaError.WSAEFAULT, () -> control(s, IoctlCode.SIO_KEEPALIVE_VALS, true));
        assertFails(WsaError.WSAEINVAL,
                () -> control(datagram(), IoctlCode.SIO_KEEPALIVE_VALS, new TcpKeepalive(true, 1, 1)));
    }

    @Test
    void broadcastIsForDatagramsOfIpv4() throws WinsockException {
        assertThat(control(datagram(), IoctlCode.SIO_GET_BROADCAST_ADDRESS, null))
                .isEqualTo(new InetSocketAddress(address("255.255.255.255"), 0));
        assertFails(WsaError.WSAEINVAL, () -> control(stream(), IoctlCode.SIO_GET_BROADCAST_ADDRESS, null));
    }

    @Test
    void multicastIoctlsAreTheOptions() throws WinsockException {
        SocketHandle s = datagram();
        control(s, IoctlCode.SIO_MULTIPOINT_LOOPBACK, false);
        control(s, IoctlCode.SIO_MULTICAST_SCOPE, 7);
        assertThat(option(s, IpProtocol.IPPROTO_IP, SocketOption.IP_MULTICAST_LOOP)).isEqualTo(false);
        assertThat(option(s, IpProtocol.IPPROTO_IP, SocketOption.IP_MULTICAST_TTL)).isEqualTo(7);
        assertFails(WsaError.WSAEINVAL, () -> control(s, IoctlCode.SIO_MULTICAST_SCOPE, 256));
        assertFails(WsaError.WSAEINVAL, () -> control(stream(), IoctlCode.SIO_MULTICAST_SCOPE, 1));
    }

    @Test
    void aCircularQueueDropsTheOldest() throws WinsockException {
        SocketHandle to = boundDatagram();
        SocketHandle from = boundDatagram();
        winsock.setsockopt(to, SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, 2);
        control(to, IoctlCode.SIO_ENABLE_CIRCULAR_QUEUEING, null);
        for (String each : List.of("1", "2", "3")) {
            winsock.sendto(from, bytes(each), 0, nameOf(to));
        }
        assertThat(receive(to, 4)).isEqualTo("2");
        assertThat(receive(to, 4)).isEqualTo("3");
        assertFails(WsaError.WSAENOPROTOOPT,
                () -> control(stream(), IoctlCode.SIO_ENABLE_CIRCULAR_QUEUEING, null));
    }

    @Test
    void flushingAbortsTheSendsThatWait() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.client());
        fill(c.client());
        HeapOverlapped first = new HeapOverlapped(winsock.wsaCreateEvent());
        HeapOverlapped second = new HeapOverlapped(winsock.wsaCreateEvent());
        assertThat(winsock.wsaSend(c.client(), bytes("ab"), 0, first, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(winsock.wsaSend(c.client(), bytes("cd"), 0, second, null)).isEqualTo(WspResult.IO_PENDING);
        control(c.client(), IoctlCode.SIO_FLUSH, null);
        for (HeapOverlapped block : List.of(first, second)) {
            assertFails(WsaError.WSA_OPERATION_ABORTED,
                    () -> winsock.wsaGetOverlappedResult(c.client(), block, true, null));
        }
        drain(c.server(), 128 * 1_024);
        assertThat(winsock.send(c.client(), bytes("go on"), 0)).isEqualTo(5);
        assertThat(receive(c.server(), 8)).isEqualTo("go on");
        control(datagram(), IoctlCode.SIO_FLUSH, null);
    }

    @Test
    void whatSucceedsAtOnceIsIndicatedToo() throws WinsockException {
        SocketHandle s = stream();
        CompletionPort port = winsock.ports().createIoCompletionPort(1);
        winsock.ports().associate(s, port, "key");
        HeapOverlapped block = new HeapOverlapped();
        assertThat(overlapped(s, IoctlCode.SIO_ADDRESS_LIST_QUERY, null, block)).isZero();
        CompletionPacket packet = new CompletionPacket();
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 20_000)).isTrue();
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.bytesTransferred()).isZero();
        HeapOverlapped untouched = new HeapOverlapped();
        untouched.internal(77);
        assertFails(WsaError.WSAEFAULT, () -> overlapped(s, IoctlCode.FIONBIO, "no boolean", untouched));
        assertThat(untouched.internal()).isEqualTo(77);
    }

    @Test
    void whatIsNotKnownFailsAtOnceOrPendsAndFails() throws WinsockException {
        SocketHandle s = stream();
        assertFails(WsaError.WSAEOPNOTSUPP, () -> control(s, UNKNOWN, null));
        assertThat(control(s, IoctlCode.SIO_BASE_HANDLE, null)).isSameAs(s);
        for (int code : new int[] {UNKNOWN, IoctlCode.SIO_BASE_HANDLE}) {
            HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
            assertThat(overlapped(s, code, UUID.randomUUID(), block)).isEqualTo(WspResult.IO_PENDING);
            assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.wsaGetOverlappedResult(s, block, true, null));
        }
        assertFails(WsaError.WSAENOPROTOOPT, () -> control(s, IoctlCode.SIO_ASSOCIATE_HANDLE, null));
    }

    @Test
    void changesAreWaitedForUntilTheSocketIsClosed() throws WinsockException {
        SocketHandle s = stream();
        HeapOverlapped addresses = new HeapOverlapped(winsock.wsaCreateEvent());
        HeapOverlapped route = new HeapOverlapped(winsock.wsaCreateEvent());
        assertThat(overlapped(s, IoctlCode.SIO_ADDRESS_LIST_CHANGE, null, addresses)).isEqualTo(WspResult.IO_PENDING);
        assertThat(overlapped(s, IoctlCode.SIO_ROUTING_INTERFACE_CHANGE, loopback(0), route))
                .isEqualTo(WspResult.IO_PENDING);
        assertFails(WsaError.WSAEFAULT, () -> control(s, IoctlCode.SIO_ROUTING_INTERFACE_CHANGE, null));
        CompletableFuture<Object> waiting = waiting(() -> control(s, IoctlCode.SIO_ADDRESS_LIST_CHANGE, null));
        assertThat(waiting).isNotDone();
        nonBlocking(s);
        assertThat(winsock.wsaIoctl(s, IoctlCode.SIO_ADDRESS_LIST_CHANGE, null, null, null, null))
                .isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(addresses.isCompleted()).isFalse();
        winsock.closesocket(s);
        assertThat(addresses.offsetHigh()).isEqualTo(WsaError.WSA_OPERATION_ABORTED.code());
        assertThat(route.offsetHigh()).isEqualTo(WsaError.WSA_OPERATION_ABORTED.code());
        assertFailsLater(WsaError.WSAEINTR, waiting);
    }

    @Test
    void aLayerlessSocketStandsForItself() throws WinsockException {
        SocketHandle s = stream();
        for (int code : new int[] {IoctlCode.SIO_BSP_HANDLE, IoctlCode.SIO_BSP_HANDLE_SELECT,
                IoctlCode.SIO_BSP_HANDLE_POLL}) {
            assertThat(control(s, code, null)).isSameAs(s);
        }
    }

    @Test
    void readableBytesAreThoseOfAllDatagrams() throws WinsockException {
        SocketHandle to = boundDatagram();
        winsock.sendto(to, bytes("abc"), 0, nameOf(to));
        winsock.sendto(to, bytes("de"), 0, nameOf(to));
        assertThat(control(to, IoctlCode.FIONREAD, null)).isEqualTo(5);
        winsock.recv(to, ByteBuffer.allocate(8), 0);
        assertThat(control(to, IoctlCode.FIONREAD, null)).isEqualTo(2);
    }
}
