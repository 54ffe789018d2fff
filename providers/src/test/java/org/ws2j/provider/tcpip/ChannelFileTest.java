package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.GroupSourceReq;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WspResult;

/** What programs need that come to the channels behind the sockets, or mix families. */
class ChannelFileTest extends TcpIpTest {
    private ChannelFile file(SocketHandle s) throws WinsockException {
        return (ChannelFile) winsock.files().fileObject(s);
    }

    @Test
    void listeningPutsAnotherChannelIntoTheSlotWithTheSameOptions() throws IOException {
        SocketHandle s = tcp();
        ChannelFile file = file(s);
        file.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        assertThat(file.channel()).isInstanceOf(SocketChannel.class);
        winsock.bind(s, loopback(0));
        winsock.listen(s, 5);
        assertThat(file.channel()).isInstanceOf(ServerSocketChannel.class);
        assertThat(file.getOption(StandardSocketOptions.SO_REUSEPORT)).isTrue();
        assertThat(file.channel().isBlocking()).isFalse();
    }

    // Interrupts

    @Test
    void anInterruptRunsWhatIsSetForItAndIsKept() throws Exception {
        Connection c = connection();
        CompletableFuture<Boolean> wasClear = new CompletableFuture<>();
        file(c.server()).whenInterrupted(() -> wasClear.complete(!Thread.currentThread().isInterrupted()));
        AtomicReference<Thread> receiver = new AtomicReference<>();
        CompletableFuture<Boolean> received = async(() -> {
            receiver.set(Thread.currentThread());
            winsock.recv(c.server(), ByteBuffer.allocate(9), 0);
            return Thread.currentThread().isInterrupted();
        });
        awaitBlocked(c.server());
        receiver.get().interrupt();
        assertThat(wasClear.get()).isTrue();
        winsock.send(c.client(), bytes("goes on"), 0);
        assertThat(received.get()).isTrue();
    }

    @Test
    void whatIsThereIsReceivedBeforeAnInterruptCounts() throws Exception {
        Connection c = connection();
        AtomicInteger actions = new AtomicInteger();
        file(c.server()).whenVirtualThreadInterrupted(actions::incrementAndGet);
        CompletableFuture<String> first = new CompletableFuture<>();
        CountDownLatch isThere = new CountDownLatch(1);
        CompletableFuture<String> second = async(() -> {
            first.complete(receive(c.server(), 1));
            isThere.await();
            Thread.currentThread().interrupt();
            return receive(c.server(), 1) + Thread.interrupted();
        });
        awaitBlocked(c.server());
        winsock.send(c.client(), bytes("a"), 0);
        assertThat(first.get()).isEqualTo("a"); // It had to wait, as the next one is expected to.
        winsock.send(c.client(), bytes("b"), 0);
        isThere.countDown();
        assertThat(second.get()).isEqualTo("btrue");
        assertThat(actions).hasValue(0);
    }

    @Test
    void whatIsSetForAnInterruptMayThrowAndLeavesNothingBehind() throws Exception {
        Connection c = connection();
        file(c.server()).whenInterrupted(() -> {
            throw new IllegalStateException("not now");
        });
        AtomicReference<Thread> receiver = new AtomicReference<>();
        CompletableFuture<Integer> received = async(() -> {
            receiver.set(Thread.currentThread());
            return winsock.recv(c.server(), ByteBuffer.allocate(9), 0);
        });
        awaitBlocked(c.server());
        receiver.get().interrupt();
        assertFailsLater(WsaError.WSASYSCALLFAILURE, received);
        reported.clear(); // The host tells of it.
        winsock.send(c.client(), bytes("whole"), 0);
        assertThat(receive(c.server(), 9)).isEqualTo("whole");
    }

    @Test
    void whatIsSetForAnInterruptMayCloseTheSocket() throws Exception {
        Connection c = connection();
        file(c.server()).whenInterrupted(() -> closeQuietly(c.server()));
        AtomicReference<Thread> receiver = new AtomicReference<>();
        CompletableFuture<Integer> received = async(() -> {
            receiver.set(Thread.currentThread());
            return winsock.recv(c.server(), ByteBuffer.allocate(9), 0);
        });
        awaitBlocked(c.server());
        receiver.get().interrupt();
        assertFailsLater(WsaError.WSAEINTR, received);
    }

    private void closeQuietly(SocketHandle s) {
        try {
            winsock.closesocket(s);
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    // Connecting

    private InetSocketAddress refusing() throws WinsockException {
        SocketHandle s = tcp();
        winsock.bind(s, loopback(0));
        InetSocketAddress address = nameOf(s);
        winsock.closesocket(s);
        return address;
    }

    @Test
    void aRefusalIsTheErrorOfTheSocketWheneverItIsFound() throws WinsockException {
        InetSocketAddress nobody = refusing();
        SocketHandle s = tcp();
        nonBlocking(s);
        assertThat(winsock.connect(s, nobody)).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(winsock.select(null, null, FdSet.of(s), null)).isEqualTo(1);
        assertThat(winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_ERROR))
                .isEqualTo(WsaError.WSAECONNREFUSED.code());
    }

    @Test
    void aConnectThatNobodyWantsToHearOfDoesWithoutThePoller() throws WinsockException {
        SocketHandle listener = tcp();
        winsock.bind(listener, loopback(0));
        winsock.listen(listener, 1);
        SocketHandle s = tcp();
        nonBlocking(s);
        winsock.connect(s, nameOf(listener));
        FdSet writing = FdSet.of(s);
        assertThat(winsock.select(null, writing, null, null)).isEqualTo(1);
        assertThat(winsock.getpeername(s)).isEqualTo(nameOf(listener));
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .doesNotContain("ws2j-tcpip-poller");
    }

    @Test
    void aSelectionDuringAConnectTellsItsEnd() throws WinsockException {
        SocketHandle listener = tcp();
        winsock.bind(listener, loopback(0));
        winsock.listen(listener, 1);
        SocketHandle s = tcp();
        nonBlocking(s);
        winsock.connect(s, nameOf(listener));
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(s, event, NetworkEvent.FD_CONNECT);
        winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false);
        WsaNetworkEvents record = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(s, event, record);
        assertThat(record.lNetworkEvents()).isEqualTo(NetworkEvent.FD_CONNECT);
        winsock.wsaEventSelect(s, null, 0);
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aSelectionOfNothingIsFineAfterAllWasEnumerated() throws WinsockException {
        Connection c = connection();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(c.client(), event, NetworkEvent.FD_WRITE | NetworkEvent.FD_READ);
        WsaNetworkEvents record = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(c.client(), event, record);
        assertThat(record.lNetworkEvents()).isEqualTo(NetworkEvent.FD_WRITE);
        winsock.wsaEventSelect(c.client(), null, 0);
        winsock.wsaEnumNetworkEvents(c.client(), null, record);
        assertThat(record.lNetworkEvents()).isZero();
        winsock.wsaCloseEvent(event);
    }

    // Ends

    @Test
    void aCloseDuringASendLosesNothingThatWasSent() throws Exception {
        Connection c = connection();
        CompletableFuture<Integer> sent = async(() -> winsock.send(c.client(), ByteBuffer.allocateDirect(1 << 25), 0));
        awaitBlocked(c.client());
        winsock.closesocket(c.client());
        assertFailsLater(WsaError.WSAEINTR, sent);
        ByteBuffer room = ByteBuffer.allocateDirect(1 << 20);
        int n = 1;
        while (n > 0) {
            n = winsock.recv(c.server(), room.clear(), 0);
        }
        assertThat(n).isZero();
    }

    @Test
    void aReceiveFindsWhatCameBeforeItAlsoWhenTheLastOneHasWaited() throws Exception {
        Connection c = connection();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Integer> received = async(() -> winsock.recv(c.server(), ByteBuffer.allocate(9), 0));
            awaitBlocked(c.server());
            winsock.send(c.client(), bytes("late"), 0);
            assertThat(received.get()).isEqualTo(4);
            winsock.send(c.client(), bytes("early"), 0);
            ByteBuffer room = ByteBuffer.allocate(9);
            assertThat(winsock.recv(c.server(), room, 0)).isEqualTo(5);
        }
        winsock.shutdown(c.client(), 1);
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(9), 0)).isZero();
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(9), 0)).isZero();
    }

    // Both families

    private SocketHandle both(int type, int protocol) throws WinsockException {
        SocketHandle s = winsock.socket(AddressFamily.AF_INET6, type, protocol);
        winsock.setsockopt(s, IpProtocol.IPPROTO_IPV6, SocketOption.IPV6_V6ONLY, false);
        return s;
    }

    @Test
    void aStreamForBothFamiliesTakesAddressesOfBoth() throws WinsockException {
        SocketHandle listener = both(SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
        winsock.bind(listener, new InetSocketAddress("0.0.0.0", 0));
        winsock.listen(listener, 3);
        int port = nameOf(listener).getPort();
        for (String host : new String[] {"127.0.0.1", "::1"}) {
            SocketHandle s = both(SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
            winsock.connect(s, new InetSocketAddress(host, port));
            assertThat(winsock.getpeername(s)).isEqualTo(new InetSocketAddress(host, port));
            SocketHandle accepted = winsock.accept(listener, null);
            assertThat(winsock.getsockname(accepted)).isEqualTo(new InetSocketAddress(host, port));
        }
    }

    @Test
    void datagramsForBothFamiliesGoToBoth() throws WinsockException {
        SocketHandle s = both(SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
        SocketHandle four = boundUdp();
        assertThat(winsock.sendto(s, bytes("x"), 0, nameOf(four))).isEqualTo(1);
        ReceiveResult result = new ReceiveResult();
        winsock.recvfrom(four, ByteBuffer.allocate(9), result);
        InetSocketAddress from = (InetSocketAddress) result.from();
        winsock.sendto(four, bytes("back"), 0, from);
        result = new ReceiveResult();
        assertThat(winsock.recvfrom(s, ByteBuffer.allocate(9), result)).isEqualTo(4);
        assertThat(((InetSocketAddress) result.from()).getAddress()).isInstanceOf(Inet4Address.class);
        winsock.connect(s, nameOf(four));
        assertThat(winsock.getpeername(s)).isEqualTo(nameOf(four));
    }

    @Test
    void whoHasNotAskedForBothGetsOne() throws WinsockException {
        SocketHandle s = tcp6();
        assertFails(WsaError.WSAEFAULT, () -> winsock.bind(s, loopback(0)));
        assertFails(WsaError.WSAEAFNOSUPPORT, () -> winsock.connect(s, loopback(1)));
        SocketHandle both = both(SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
        assertFails(WsaError.WSAEFAULT, () -> winsock.bind(both, InetSocketAddress.createUnresolved("nowhere", 1)));
    }

    // Sources

    @Test
    void membershipsCanBeOfOneSourceOrOfAllButOne() throws Exception {
        SocketHandle s = udp();
        winsock.bind(s, new InetSocketAddress("0.0.0.0", 0));
        int ip = IpProtocol.IPPROTO_IP;
        NetworkInterface lo = NetworkInterface.getByInetAddress(LOOPBACK4);
        InetAddress group = address("239.255.74.9");
        GroupSourceReq one = new GroupSourceReq(group, lo, LOOPBACK4);
        winsock.setsockopt(s, ip, SocketOption.MCAST_JOIN_SOURCE_GROUP, one);
        assertFails(WsaError.WSAEADDRNOTAVAIL,
                () -> winsock.setsockopt(s, ip, SocketOption.MCAST_JOIN_SOURCE_GROUP, one));
        winsock.setsockopt(s, ip, SocketOption.MCAST_LEAVE_SOURCE_GROUP, one);
        assertFails(WsaError.WSAEADDRNOTAVAIL,
                () -> winsock.setsockopt(s, ip, SocketOption.MCAST_LEAVE_SOURCE_GROUP, one));
        assertFails(WsaError.WSAEADDRNOTAVAIL,
                () -> winsock.setsockopt(s, ip, SocketOption.MCAST_BLOCK_SOURCE, one));
        winsock.setsockopt(s, ip, SocketOption.IP_ADD_MEMBERSHIP, new IpMreq(group, lo));
        winsock.setsockopt(s, ip, SocketOption.MCAST_BLOCK_SOURCE, one);
        winsock.setsockopt(s, ip, SocketOption.MCAST_UNBLOCK_SOURCE, one);
        assertFails(WsaError.WSAEADDRNOTAVAIL,
                () -> winsock.setsockopt(s, ip, SocketOption.MCAST_UNBLOCK_SOURCE, one));
        assertFails(WsaError.WSAEINVAL, () -> winsock.setsockopt(s, ip, SocketOption.MCAST_JOIN_SOURCE_GROUP,
                new GroupSourceReq(group, lo, group)));
        assertFails(WsaError.WSAENOPROTOOPT,
                () -> winsock.getsockopt(s, ip, SocketOption.MCAST_JOIN_SOURCE_GROUP));
        SocketHandle both = both(SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
        winsock.setsockopt(both, ip, SocketOption.IP_ADD_MEMBERSHIP, new IpMreq(group, lo));
    }
}
