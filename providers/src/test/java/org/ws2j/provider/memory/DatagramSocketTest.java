package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.JoinLeafFlag;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** Datagrams: to one, to many, too long, and too many. */
final class DatagramSocketTest extends MemoryTest {
    private static final InetSocketAddress EVERYBODY = new InetSocketAddress(address("255.255.255.255"), 9);

    private void send(SocketHandle from, String text, InetSocketAddress to) throws WinsockException {
        assertThat(winsock.sendto(from, bytes(text), 0, to)).isEqualTo(text.length());
    }

    private SocketHandle boundTo(String address, int port) throws WinsockException {
        SocketHandle s = datagram();
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR, true);
        winsock.bind(s, new InetSocketAddress(address(address), port));
        return s;
    }

    private SocketHandle leaf(int port) throws WinsockException {
        SocketHandle s =
                winsock.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP, null, 0,
                        SocketFlag.WSA_FLAG_OVERLAPPED | SocketFlag.WSA_FLAG_MULTIPOINT_C_LEAF
                                | SocketFlag.WSA_FLAG_MULTIPOINT_D_LEAF);
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR, true);
        winsock.bind(s, new InetSocketAddress(address("0.0.0.0"), port));
        nonBlocking(s);
        return s;
    }

    @Test
    void boundariesAndSourcesAreKept() throws WinsockException {
        SocketHandle a = datagram();
        SocketHandle b = boundDatagram();
        send(a, "one", nameOf(b));
        send(a, "", nameOf(b));
        send(a, "three", nameOf(b));
        assertThat(winsock.ioctlsocket(b, IoctlCode.FIONREAD, 0)).isEqualTo(8);
        ReceiveResult result = new ReceiveResult();
        ByteBuffer room = ByteBuffer.allocate(16);
        assertThat(winsock.recvfrom(b, room, result)).isEqualTo(3);
        assertThat(result.from()).isEqualTo(loopback(nameOf(a).getPort()));
        assertThat(receive(b, 16)).isEmpty();
        assertThat(receive(b, 16)).isEqualTo("three");
        send(b, "back", (InetSocketAddress) result.from());
        assertThat(receive(a, 16)).isEqualTo("back");
    }

    @Test
    void aSocketAtTheWildcardAddressHasACompleteNameWhileItHasAPeer() throws WinsockException {
        SocketHandle s = datagram();
        winsock.connect(s, nameOf(boundDatagram()));
        int port = nameOf(s).getPort();
        assertThat(nameOf(s)).isEqualTo(loopback(port));
        winsock.connect(s, new InetSocketAddress("0.0.0.0", 0));
        assertThat(nameOf(s)).isEqualTo(new InetSocketAddress("0.0.0.0", port));
    }

    @Test
    void whatDoesNotFitIsCutAndTold() throws WinsockException {
        SocketHandle a = datagram();
        SocketHandle b = boundDatagram();
        send(a, "too long", nameOf(b));
        send(a, "next", nameOf(b));
        ByteBuffer room = ByteBuffer.allocate(3);
        assertFails(WsaError.WSAEMSGSIZE, () -> winsock.recv(b, room, 0));
        assertThat(whole(room)).isEqualTo("too");
        assertThat(receive(b, 16)).isEqualTo("next");
    }

    private static String whole(ByteBuffer room) {
        return text(room.duplicate().position(room.limit()));
    }

    @Test
    void theLargestDatagramGoesAndALargerOneDoesNot() throws WinsockException {
        SocketHandle a = datagram();
        SocketHandle b = boundDatagram();
        assertThat(winsock.sendto(a, ByteBuffer.allocate(65_507), 0, nameOf(b))).isEqualTo(65_507);
        assertThat(winsock.recv(b, ByteBuffer.allocate(70_000), 0)).isEqualTo(65_507);
        assertFails(WsaError.WSAEMSGSIZE, () -> winsock.sendto(a, ByteBuffer.allocate(65_508), 0, nameOf(b)));
    }

    @Test
    void aFullQueueDropsTheNewest() throws WinsockException {
        SocketHandle a = datagram();
        SocketHandle b = boundDatagram();
        winsock.setsockopt(b, SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, 4);
        send(a, "12", nameOf(b));
        send(a, "34", nameOf(b));
        send(a, "56", nameOf(b));
        nonBlocking(b);
        assertThat(receive(b, 9)).isEqualTo("12");
        assertThat(receive(b, 9)).isEqualTo("34");
        assertThat(winsock.recv(b, ByteBuffer.allocate(9), 0)).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void peekingLeavesTheDatagram() throws WinsockException {
        SocketHandle a = datagram();
        SocketHandle b = boundDatagram();
        send(a, "twice", nameOf(b));
        assertThat(winsock.recv(b, ByteBuffer.allocate(9), MessageFlag.MSG_PEEK)).isEqualTo(5);
        assertThat(receive(b, 9)).isEqualTo("twice");
    }

    @Test
    void aReceiveWaitsForADatagram() throws Exception {
        SocketHandle b = boundDatagram();
        CompletableFuture<String> received = waiting(() -> receive(b, 9));
        send(datagram(), "late", nameOf(b));
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo("late");
        assertFails(WsaError.WSAEINVAL, () -> receive(datagram(), 1));
    }

    @Test
    void aDefaultPeerFiltersAndIsDissolved() throws WinsockException {
        SocketHandle a = boundDatagram();
        SocketHandle b = boundDatagram();
        SocketHandle stranger = boundDatagram();
        send(stranger, "dropped", nameOf(b));
        winsock.connect(b, nameOf(a));
        send(stranger, "unheard", nameOf(b));
        send(a, "heard", nameOf(b));
        assertThat(receive(b, 9)).isEqualTo("heard");
        winsock.send(b, bytes("answer"), 0);
        assertThat(receive(a, 9)).isEqualTo("answer");
        assertThat(winsock.getpeername(b)).isEqualTo(nameOf(a));
        winsock.connect(b, new InetSocketAddress(address("0.0.0.0"), 0));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.send(b, bytes("x"), 0));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.getpeername(b));
        send(stranger, "now", nameOf(b));
        assertThat(receive(b, 9)).isEqualTo("now");
    }

    @Test
    void aBroadcastReachesAllAtThePort() throws WinsockException {
        SocketHandle one = boundTo("127.0.0.1", 9);
        SocketHandle two = boundTo("0.0.0.0", 9);
        SocketHandle elsewhere = boundTo("0.0.0.0", 10);
        SocketHandle from = datagram();
        assertFails(WsaError.WSAEACCES, () -> winsock.sendto(from, bytes("all"), 0, EVERYBODY));
        assertFails(WsaError.WSAEACCES, () -> winsock.connect(from, EVERYBODY));
        winsock.setsockopt(from, SocketOption.SOL_SOCKET, SocketOption.SO_BROADCAST, true);
        send(from, "all", EVERYBODY);
        send(from, "net", new InetSocketAddress(address("10.0.0.255"), 9));
        for (SocketHandle s : new SocketHandle[] {one, two}) {
            assertThat(receive(s, 9)).isEqualTo("all");
            assertThat(receive(s, 9)).isEqualTo("net");
        }
        nonBlocking(elsewhere);
        assertThat(winsock.recv(elsewhere, ByteBuffer.allocate(9), 0)).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void aMulticastReachesTheMembersOfTheGroup() throws WinsockException {
        InetSocketAddress group = new InetSocketAddress(address("239.1.2.3"), 9);
        SocketHandle member = leaf(9);
        SocketHandle sender = leaf(9);
        SocketHandle stranger = leaf(9);
        assertThat(winsock.wsaJoinLeaf(member, group, null, null, null, null, JoinLeafFlag.JL_BOTH)).isSameAs(member);
        winsock.wsaJoinLeaf(sender, group, null, null, null, null, JoinLeafFlag.JL_SENDER_ONLY);
        assertFails(WsaError.WSAEISCONN,
                () -> winsock.wsaJoinLeaf(member, group, null, null, null, null, JoinLeafFlag.JL_BOTH));
        assertFails(WsaError.WSAEADDRNOTAVAIL,
                () -> winsock.wsaJoinLeaf(stranger, loopback(9), null, null, null, null, JoinLeafFlag.JL_BOTH));
        send(sender, "group", group);
        assertThat(receive(member, 9)).isEqualTo("group");
        assertThat(winsock.recv(sender, ByteBuffer.allocate(9), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(winsock.recv(stranger, ByteBuffer.allocate(9), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        winsock.setsockopt(member, IpProtocol.IPPROTO_IP, SocketOption.IP_MULTICAST_LOOP, false);
        send(member, "others", group);
        assertThat(winsock.recv(member, ByteBuffer.allocate(9), 0)).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void shutDownDirectionsRefuse() throws WinsockException {
        SocketHandle b = boundDatagram();
        winsock.shutdown(b, ShutdownHow.SD_BOTH);
        assertFails(WsaError.WSAESHUTDOWN, () -> receive(b, 1));
        assertFails(WsaError.WSAESHUTDOWN, () -> winsock.sendto(b, bytes("x"), 0, loopback(5)));
    }

    @Test
    void aDatagramToNobodyIsLost() throws WinsockException {
        send(datagram(), "hello?", loopback(12));
        assertFails(WsaError.WSAEADDRNOTAVAIL, () -> send(datagram(), "x", loopback(0)));
        assertFails(WsaError.WSAEAFNOSUPPORT, () -> send(datagram(), "x", new InetSocketAddress(LOOPBACK6, 5)));
        assertFails(WsaError.WSAEDESTADDRREQ, () -> winsock.sendto(datagram(), bytes("x"), 0, null));
    }

    @Test
    void theNextReceiveTellsOfADatagramToNobody() throws WinsockException {
        SocketHandle s = boundDatagram();
        SocketHandle gone = boundDatagram();
        InetSocketAddress nobody = nameOf(gone);
        winsock.closesocket(gone);
        assertThat(winsock.sendto(s, bytes("x"), 0, nobody)).isEqualTo(1);
        assertThat(winsock.select(FdSet.of(s), null, null, Timeval.POLL)).isEqualTo(1);
        assertFails(WsaError.WSAECONNRESET, () -> receive(s, 1));
        winsock.sendto(s, bytes("y"), 0, nameOf(s));
        assertThat(receive(s, 1)).isEqualTo("y");
    }

    @Test
    void aWaitingReceiveIsToldOfADatagramToNobody() throws WinsockException {
        SocketHandle s = boundDatagram();
        SocketHandle taken = boundDatagram();
        winsock.connect(taken, loopback(9));
        HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
        assertThat(winsock.wsaRecv(s, ByteBuffer.allocate(1), null, block, null)).isEqualTo(WspResult.IO_PENDING);
        winsock.sendto(s, bytes("not from its peer"), 0, nameOf(taken));
        assertFails(WsaError.WSAECONNRESET, () -> winsock.wsaGetOverlappedResult(s, block, true, null));
    }

    @Test
    void nobodyIsToldOfADatagramToNobodyWhereThatIsTurnedOff() throws WinsockException {
        SocketHandle s = boundDatagram();
        winsock.ioctlsocket(s, IoctlCode.SIO_UDP_CONNRESET, false);
        nonBlocking(s);
        winsock.sendto(s, bytes("x"), 0, loopback(9));
        assertThat(winsock.recv(s, ByteBuffer.allocate(1), 0)).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void theInterfaceOfMulticastIsKept() throws Exception {
        SocketHandle s = datagram();
        NetworkInterface any = NetworkInterface.getNetworkInterfaces().nextElement();
        assertFails(WsaError.WSAEADDRNOTAVAIL,
                () -> winsock.getsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_MULTICAST_IF));
        winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_MULTICAST_IF, any);
        assertThat(winsock.getsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_MULTICAST_IF)).isEqualTo(any);
    }

    @Test
    void membershipsComeAndGo() throws WinsockException {
        SocketHandle s = boundDatagram();
        IpMreq group = new IpMreq(address("239.1.2.3"), null);
        InetSocketAddress to = new InetSocketAddress(group.group(), nameOf(s).getPort());
        winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_ADD_MEMBERSHIP, group);
        assertFails(WsaError.WSAEINVAL,
                () -> winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_ADD_MEMBERSHIP, group));
        winsock.sendto(s, bytes("in"), 0, to);
        assertThat(receive(s, 4)).isEqualTo("in");
        winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_DROP_MEMBERSHIP, group);
        winsock.sendto(s, bytes("out"), 0, to);
        nonBlocking(s);
        assertThat(winsock.recv(s, ByteBuffer.allocate(4), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        assertFails(WsaError.WSAEADDRNOTAVAIL,
                () -> winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_DROP_MEMBERSHIP, group));
        assertFails(WsaError.WSAENOPROTOOPT,
                () -> winsock.getsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_ADD_MEMBERSHIP));
        IpMreq noGroup = new IpMreq(LOOPBACK4, null);
        assertFails(WsaError.WSAEINVAL,
                () -> winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_ADD_MEMBERSHIP, noGroup));
    }
}
