package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WspResult;

/** Datagram sockets. */
final class UdpSocketTest extends TcpIpTest {
    @Test
    void datagramsKeepTheirBoundariesAndTellTheirSource() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        winsock.sendto(a, bytes("one"), 0, nameOf(b));
        winsock.sendto(a, bytes("second"), 0, nameOf(b));
        ReceiveResult result = new ReceiveResult();
        ByteBuffer first = ByteBuffer.allocate(100);
        winsock.recvfrom(b, first, result);

        assertThat(text(first)).isEqualTo("one");
        assertThat(result.from()).isEqualTo(nameOf(a));
        assertThat(receive(b, 100)).isEqualTo("second");
    }

    @Test
    void datagramsCrossOverSix() throws WinsockException {
        SocketHandle a = winsock.socket(AddressFamily.AF_INET6, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
        SocketHandle b = winsock.socket(AddressFamily.AF_INET6, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
        winsock.bind(b, new InetSocketAddress(LOOPBACK6, 0));
        winsock.sendto(a, bytes("six"), 0, nameOf(b));

        assertThat(receive(b, 9)).isEqualTo("six");
    }

    @Test
    void sendingBindsAnUnboundSocket() throws WinsockException {
        SocketHandle a = udp();
        SocketHandle b = boundUdp();
        assertFails(WsaError.WSAEINVAL, () -> receive(a, 1));
        winsock.sendto(a, bytes("x"), 0, nameOf(b));

        assertThat(nameOf(a).getPort()).isPositive();
    }

    @Test
    void aMessageTooLongForTheBufferLosesItsRest() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        winsock.sendto(a, bytes("abcdef"), 0, nameOf(b));
        winsock.sendto(a, bytes("next"), 0, nameOf(b));
        ByteBuffer small = ByteBuffer.allocate(4);
        assertFails(WsaError.WSAEMSGSIZE, () -> winsock.recv(b, small, 0));

        assertThat(text(small.duplicate().position(4))).isEqualTo("abcd");
        assertThat(receive(b, 100)).isEqualTo("next");
    }

    @Test
    void anOverlappedMessageTooLongCompletesWithTheError() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);
        ByteBuffer small = ByteBuffer.allocate(4);
        assertThat(winsock.wsaRecvFrom(b, small, new ReceiveResult(), block, null)).isEqualTo(WspResult.IO_PENDING);
        winsock.sendto(a, bytes("abcdef"), 0, nameOf(b));

        assertFails(WsaError.WSAEMSGSIZE, () -> winsock.wsaGetOverlappedResult(b, block, true, null));
        assertThat(block.internalHigh()).isEqualTo(4);
        winsock.wsaCloseEvent(event);
    }

    @Test
    void anEmptyDatagramIsAMessage() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        assertThat(winsock.sendto(a, ByteBuffer.allocate(0), 0, nameOf(b))).isZero();
        ReceiveResult result = new ReceiveResult();

        assertThat(winsock.recvfrom(b, ByteBuffer.allocate(9), result)).isZero();
        assertThat(result.from()).isEqualTo(nameOf(a));
    }

    @Test
    void aDefaultPeerFiltersAndCanBeChangedAndDissolved() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        SocketHandle stranger = boundUdp();
        winsock.connect(a, nameOf(b));
        winsock.sendto(stranger, bytes("spam"), 0, nameOf(a));
        winsock.sendto(b, bytes("peer"), 0, nameOf(a));
        assertThat(receive(a, 9)).isEqualTo("peer");
        assertThat(winsock.getpeername(a)).isEqualTo(nameOf(b));
        winsock.connect(a, nameOf(stranger));
        winsock.send(a, bytes("hi"), 0);
        assertThat(receive(stranger, 9)).isEqualTo("hi");
        winsock.connect(a, new InetSocketAddress("0.0.0.0", 0));

        assertFails(WsaError.WSAENOTCONN, () -> winsock.send(a, bytes("x"), 0));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.getpeername(a));
    }

    @Test
    void aDestinationOverridesTheDefaultPeer() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        SocketHandle other = boundUdp();
        winsock.connect(a, nameOf(b));
        InetSocketAddress name = nameOf(a);
        winsock.sendto(a, bytes("other"), 0, nameOf(other));
        winsock.send(a, bytes("peer"), 0);
        ReceiveResult result = new ReceiveResult();
        winsock.recvfrom(other, ByteBuffer.allocate(9), result);

        assertThat(result.from()).isEqualTo(name);
        assertThat(receive(b, 9)).isEqualTo("peer");
        winsock.sendto(b, bytes("back"), 0, name);
        assertThat(receive(a, 9)).isEqualTo("back");
    }

    @Test
    void severalBuffersMakeOneDatagram() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        ByteBuffer[] parts = {bytes("ab"), bytes("c")};
        winsock.wsaSendTo(a, parts, 0, nameOf(b), null, null);
        assertThat(receive(b, 9)).isEqualTo("abc");
        winsock.connect(a, nameOf(b));
        winsock.wsaSend(a, new ByteBuffer[] {bytes("de"), bytes("f")}, 0, null, null);

        assertThat(receive(b, 9)).isEqualTo("def");
    }

    @Test
    void theLargestDatagramPassesAndALargerOneIsRefused() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        assertThat(winsock.sendto(a, ByteBuffer.allocate(65_507), 0, nameOf(b))).isEqualTo(65_507);
        assertThat(winsock.recv(b, ByteBuffer.allocate(65_535), 0)).isEqualTo(65_507);

        assertFails(WsaError.WSAEMSGSIZE, () -> winsock.sendto(a, ByteBuffer.allocate(65_508), 0, nameOf(b)));
        assertThat(winsock.getsockopt(a, SocketOption.SOL_SOCKET, SocketOption.SO_MAX_MSG_SIZE)).isEqualTo(65_507);
    }

    @Test
    void aClosedPortIsReportedAsReset() throws WinsockException {
        SocketHandle gone = boundUdp();
        InetSocketAddress name = nameOf(gone);
        winsock.closesocket(gone);
        SocketHandle a = boundUdp();
        winsock.connect(a, name);
        winsock.send(a, bytes("x"), 0);

        assertFails(WsaError.WSAECONNRESET, () -> receive(a, 9));
    }

    @Test
    void broadcastNeedsItsOption() throws WinsockException {
        SocketHandle s = udp();

        assertFails(WsaError.WSAEACCES,
                () -> winsock.sendto(s, bytes("x"), 0, new InetSocketAddress(address("255.255.255.255"), 9)));
    }

    @Test
    void destinationsAreChecked() throws WinsockException {
        SocketHandle s = boundUdp();

        assertFails(WsaError.WSAEDESTADDRREQ, () -> winsock.sendto(s, bytes("x"), 0, null));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.send(s, bytes("x"), 0));
        assertFails(WsaError.WSAEADDRNOTAVAIL, () -> winsock.sendto(s, bytes("x"), 0, loopback(0)));
        assertFails(WsaError.WSAEAFNOSUPPORT,
                () -> winsock.sendto(s, bytes("x"), 0, new InetSocketAddress(LOOPBACK6, 9)));
    }

    @Test
    void shutDownDirectionsRefuse() throws WinsockException {
        SocketHandle s = boundUdp();
        winsock.shutdown(s, ShutdownHow.SD_BOTH);

        assertFails(WsaError.WSAESHUTDOWN, () -> receive(s, 1));
        assertFails(WsaError.WSAESHUTDOWN, () -> winsock.sendto(s, bytes("x"), 0, loopback(9)));
    }
}
