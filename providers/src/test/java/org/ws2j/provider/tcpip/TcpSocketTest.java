package org.ws2j.provider.tcpip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WspResult;

/** Stream sockets in synchronous calls. */
final class TcpSocketTest extends TcpIpTest {
    @Test
    void bytesCrossBothWays() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("question"), 0);
        assertThat(receive(c.server(), 100)).isEqualTo("question");
        winsock.send(c.server(), bytes("answer"), 0);
        assertThat(receive(c.client(), 100)).isEqualTo("answer");
    }

    @Test
    void bytesCrossOverSix() throws WinsockException {
        SocketHandle listener = tcp6();
        winsock.bind(listener, new InetSocketAddress(LOOPBACK6, 0));
        winsock.listen(listener, 1);
        SocketHandle client = tcp6();
        winsock.connect(client, nameOf(listener));
        SocketHandle server = winsock.accept(listener, null);
        winsock.send(client, bytes("six"), 0);

        assertThat(receive(server, 3)).isEqualTo("six");
    }

    @Test
    void anAcceptTellsThePeer() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));
        AddressHolder peer = new AddressHolder();
        SocketHandle server = winsock.accept(listener, peer);

        assertThat(peer.address()).isEqualTo(nameOf(client));
        assertThat(winsock.getpeername(server)).isEqualTo(nameOf(client));
        assertThat(winsock.getpeername(client)).isEqualTo(nameOf(listener)).isEqualTo(nameOf(server));
    }

    @Test
    void jdkSocketsAreAnsweredAndAnswer() throws IOException {
        SocketHandle listener = listener();
        try (Socket plain = new Socket(LOOPBACK4, nameOf(listener).getPort())) {
            SocketHandle server = winsock.accept(listener, null);
            plain.getOutputStream().write('x');
            assertThat(receive(server, 1)).isEqualTo("x");
        }
        try (ServerSocket plain = new ServerSocket(0, 1, LOOPBACK4)) {
            SocketHandle client = tcp();
            winsock.connect(client, loopback(plain.getLocalPort()));
            try (Socket accepted = plain.accept()) {
                winsock.send(client, bytes("y"), 0);
                assertThat(accepted.getInputStream().read()).isEqualTo('y');
            }
        }
    }

    @Test
    void severalBuffersAreFilledInOrder() throws WinsockException {
        Connection c = connection();
        ByteBuffer[] source = {bytes("ab"), bytes("cde")};
        assertThat(winsock.wsaSend(c.client(), source, 0, null, null)).isEqualTo(5);
        ByteBuffer[] target = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(9)};
        long n = 0;
        while (n < 5) {
            n += winsock.wsaRecv(c.server(), target, null, null, null);
        }

        assertThat(text(target[0]) + "|" + text(target[1]) + "|" + text(target[2])).isEqualTo("a|bcd|e");
    }

    @Test
    void aPeersEndReadsAsNothingAgainAndAgain() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("last"), 0);
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(receive(c.server(), 9)).isEqualTo("last");
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(9), 0)).isZero();
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(9), 0)).isZero();
    }

    @Test
    void halfAConnectionGoesOn() throws WinsockException {
        Connection c = connection();
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        winsock.send(c.server(), bytes("late"), 0);

        assertThat(receive(c.client(), 9)).isEqualTo("late");
        assertFails(WsaError.WSAESHUTDOWN, () -> winsock.send(c.client(), bytes("no"), 0));
    }

    @Test
    void receivingAfterItsShutdownIsRefused() throws WinsockException {
        Connection c = connection();
        winsock.shutdown(c.client(), ShutdownHow.SD_RECEIVE);

        assertFails(WsaError.WSAESHUTDOWN, () -> receive(c.client(), 1));
        assertThat(winsock.send(c.client(), bytes("still"), 0)).isEqualTo(5);
    }

    @Test
    void shutdownNeedsAConnectionAndAWay() throws WinsockException {
        Connection c = connection();
        SocketHandle fresh = tcp();

        assertFails(WsaError.WSAENOTCONN, () -> winsock.shutdown(fresh, ShutdownHow.SD_BOTH));
        assertFails(WsaError.WSAEINVAL, () -> winsock.shutdown(c.client(), 3));
    }

    @Test
    void aDisconnectEndsTheStreamAndCarriesNoData() throws WinsockException {
        Connection c = connection();
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.wsaSendDisconnect(c.client(), bytes("bye")));
        winsock.wsaSendDisconnect(c.client(), null);

        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(1), 0)).isZero();
    }

    @Test
    void unconnectedSocketsTransferNothing() throws WinsockException {
        SocketHandle s = tcp();

        assertFails(WsaError.WSAENOTCONN, () -> winsock.send(s, bytes("x"), 0));
        assertFails(WsaError.WSAENOTCONN, () -> receive(s, 1));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.getpeername(s));
        assertFails(WsaError.WSAEINVAL, () -> winsock.getsockname(s));
    }

    @Test
    void aBoundSocketCannotBeBoundAgain() throws WinsockException {
        SocketHandle s = tcp();
        winsock.bind(s, loopback(0));

        assertFails(WsaError.WSAEINVAL, () -> winsock.bind(s, loopback(0)));
    }

    @Test
    void addressesInUseAreRefused() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle bound = tcp();
        winsock.bind(bound, loopback(0));
        SocketHandle third = tcp();

        assertFails(WsaError.WSAEADDRINUSE, () -> winsock.bind(third, nameOf(listener)));
        assertFails(WsaError.WSAEADDRINUSE, () -> winsock.bind(third, nameOf(bound)));
    }

    @Test
    void theAddressThatAConnectedSocketIsBoundToIsTaken() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle connected = tcp();
        winsock.bind(connected, loopback(0));
        winsock.connect(connected, nameOf(listener));
        SocketHandle another = tcp();

        assertFails(WsaError.WSAEADDRINUSE, () -> winsock.bind(another, nameOf(connected)));
    }

    @Test
    void addressesOfOthersAreRefused() throws WinsockException {
        SocketHandle s = tcp();

        assertFails(WsaError.WSAEADDRNOTAVAIL, () -> winsock.bind(s, new InetSocketAddress(address("192.0.2.1"), 0)));
        assertFails(WsaError.WSAEFAULT, () -> winsock.bind(s, new InetSocketAddress(LOOPBACK6, 0)));
        assertFails(WsaError.WSAEFAULT, () -> winsock.bind(s, null));
        assertFails(WsaError.WSAEAFNOSUPPORT, () -> winsock.connect(s, new InetSocketAddress(LOOPBACK6, 1)));
        assertFails(WsaError.WSAEFAULT, () -> winsock.connect(s, null));
        assertFails(WsaError.WSAEADDRNOTAVAIL, () -> winsock.connect(s, new InetSocketAddress("0.0.0.0", 1)));
    }

    @Test
    void aPortIsFreeWhenItsListenerIsClosed() throws WinsockException {
        SocketHandle first = listener();
        InetSocketAddress name = nameOf(first);
        SocketHandle client = tcp();
        winsock.connect(client, name);
        SocketHandle server = winsock.accept(first, null);
        winsock.closesocket(server); // The server closes first: the port has an ended connection on it.
        assertThat(winsock.recv(client, ByteBuffer.allocate(1), 0)).isZero();
        winsock.closesocket(client);
        winsock.closesocket(first);
        SocketHandle second = tcp();
        winsock.bind(second, name);
        winsock.listen(second, 1);

        assertThat(nameOf(second)).isEqualTo(name);
    }

    @Test
    void listeningKeepsTheAddress() throws WinsockException {
        SocketHandle s = tcp();
        winsock.bind(s, loopback(0));
        InetSocketAddress before = nameOf(s);
        winsock.listen(s, 5);
        winsock.listen(s, Integer.MAX_VALUE);

        assertThat(nameOf(s)).isEqualTo(before);
        assertThat(winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_ACCEPTCONN)).isEqualTo(true);
        assertFails(WsaError.WSAEINVAL, () -> winsock.connect(s, loopback(1)));
    }

    @Test
    void listeningNeedsABoundStream() throws WinsockException {
        Connection c = connection();

        assertFails(WsaError.WSAEINVAL, () -> winsock.listen(tcp(), 1));
        assertFails(WsaError.WSAEISCONN, () -> winsock.listen(c.client(), 1));
        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.listen(boundUdp(), 1));
        assertFails(WsaError.WSAEINVAL, () -> winsock.accept(c.client(), null));
        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.accept(boundUdp(), null));
    }

    @Test
    void aConnectedSocketCannotConnectAgain() throws WinsockException {
        Connection c = connection();

        assertFails(WsaError.WSAEISCONN, () -> winsock.connect(c.client(), nameOf(c.listener())));
    }

    @Test
    void aRefusedConnectCanBeRepeatedOnTheSameSocket() throws WinsockException {
        SocketHandle s = tcp();
        winsock.bind(s, loopback(0));
        InetSocketAddress bound = nameOf(s);
        winsock.setsockopt(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY, true);
        InetSocketAddress closed = nobody();
        assertFails(WsaError.WSAECONNREFUSED, () -> winsock.connect(s, closed));
        assertFails(WsaError.WSAECONNREFUSED, () -> winsock.connect(s, closed));
        winsock.connect(s, nameOf(listener()));

        assertThat(nameOf(s)).isEqualTo(bound);
        assertThat(winsock.getsockopt(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY)).isEqualTo(true);
    }

    @Test
    void aResetIsReportedToBothDirections() throws WinsockException {
        Connection c = connection();
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(c.client());

        assertFails(WsaError.WSAECONNRESET, () -> receive(c.server(), 1));
        assertFails(WsaError.WSAECONNRESET, () -> receive(c.server(), 1));
        assertFails(WsaError.WSAECONNRESET, () -> winsock.send(c.server(), bytes("x"), 0));
    }

    @Test
    void whatThePeerSentBeforeItWentIsReceivedAfterASendHasFailed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK4)) {
            SocketHandle s = tcp();
            winsock.connect(s, server.getLocalSocketAddress());
            winsock.send(s, bytes("unread, so that closing resets"), 0);
            try (Socket peer = server.accept()) {
                peer.getInputStream().read();
                peer.getOutputStream().write("413".getBytes(US_ASCII));
            }
            WinsockException failure = sendUntilItFails(s);
            assertThat(failure.is(WsaError.WSAECONNRESET) || failure.is(WsaError.WSAECONNABORTED))
                    .as(failure.getMessage())
                    .isTrue();
            assertThat(receive(s, 9)).isEqualTo("413");
            assertThat(catchThrowableOfType(WinsockException.class, () -> winsock.send(s, bytes("x"), 0))
                    .code())
                    .isEqualTo(failure.code());
        }
    }

    @Test
    void anOverlappedReceiveGetsWhatThePeerSentBeforeItWent() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK4)) {
            SocketHandle s = tcp();
            winsock.connect(s, server.getLocalSocketAddress());
            winsock.send(s, bytes("unread, so that closing resets"), 0);
            try (Socket peer = server.accept()) {
                peer.getInputStream().read();
                peer.getOutputStream().write("413".getBytes(US_ASCII));
            }
            sendUntilItFails(s);
            ByteBuffer buffer = ByteBuffer.allocate(9);
            WsaEvent event = winsock.wsaCreateEvent();
            assertThat(winsock.wsaRecv(s, buffer, null, new HeapOverlapped(event), null)).isEqualTo(3);
            winsock.wsaCloseEvent(event);
        }
    }

    private WinsockException sendUntilItFails(SocketHandle s) {
        ByteBuffer chunk = ByteBuffer.allocate(1_024);
        WinsockException failure = null;
        while (failure == null) {
            failure = catchThrowableOfType(WinsockException.class, () -> winsock.send(s, chunk.clear(), 0));
        }
        return failure;
    }

    @Test
    void closingWithoutMoreEndsGracefully() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("bye"), 0);
        winsock.closesocket(c.client());

        assertThat(receive(c.server(), 9)).isEqualTo("bye");
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(9), 0)).isZero();
    }

    @Test
    void aLingeringCloseOfABlockingSocketEndsWhenAllIsSent() throws WinsockException {
        Connection c = connection();
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 20));
        winsock.send(c.client(), bytes("bye"), 0);
        winsock.closesocket(c.client());

        assertThat(receive(c.server(), 9)).isEqualTo("bye");
        assertFails(WsaError.WSAENOTSOCK, () -> winsock.send(c.client(), bytes("x"), 0));
    }

    @Test
    void aLingeringCloseThatWouldBlockLeavesTheSocketAsItWas() throws WinsockException {
        Connection c = connection();
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 20));
        nonBlocking(c.client());
        long sent = fill(c.client());
        assertFails(WsaError.WSAEWOULDBLOCK, () -> winsock.closesocket(c.client()));
        drain(c.server(), sent);
        winsock.send(c.client(), bytes("on"), 0);

        assertThat(receive(c.server(), 9)).isEqualTo("on");
        winsock.closesocket(c.client());
    }

    @Test
    void aNonBlockingSendTakesWhatFits() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.client());

        long sent = fill(c.client()); // Ends when a send would block.
        assertThat(sent).isPositive();
        drain(c.server(), sent);
        assertThat(winsock.send(c.client(), bytes("x"), 0)).isEqualTo(1);
    }

    @Test
    void aNonBlockingReceiveOfNothingWouldBlock() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.client());
        nonBlocking(c.listener());

        assertThat(winsock.recv(c.client(), ByteBuffer.allocate(1), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(winsock.accept(c.listener(), null)).isNull();
    }

    @Test
    void badBuffersAreRefused() throws WinsockException {
        Connection c = connection();

        assertFails(WsaError.WSAEFAULT, () -> winsock.recv(c.client(), null, 0));
        assertFails(WsaError.WSAEFAULT, () -> winsock.send(c.client(), null, 0));
        assertFails(WsaError.WSAEFAULT,
                () -> winsock.recv(c.client(), ByteBuffer.allocate(1).asReadOnlyBuffer(), 0));
        assertFails(WsaError.WSAEINVAL, () -> winsock.wsaRecv(c.client(), new ByteBuffer[0], null, null, null));
    }

    @Test
    void flagsThatDoNotExistAreRefused() throws WinsockException {
        Connection c = connection();

        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.recv(c.client(), ByteBuffer.allocate(1), 0x40));
        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.send(c.client(), bytes("x"), 0x40));
    }

    @Test
    void thereAreNoTemplatesOfQualityOfService() throws WinsockException {
        SocketHandle s = tcp();
        TcpIpTable table = tableOf(s);
        List<String> names = new ArrayList<>();

        assertThat(table.wspGetQosByName(s, "", names)).isNull();
        assertThat(names).isEmpty();
        assertFails(WsaError.WSAEINVAL, () -> table.wspGetQosByName(s, "G711", names));
        assertFails(WsaError.WSAEFAULT, () -> table.wspGetQosByName(s, null, names));
        assertFails(WsaError.WSAENOTSOCK, () -> table.wspGetQosByName(null, "G711", names));
        assertFails(WsaError.WSAEOPNOTSUPP,
                () -> winsock.wsaConnect(s, loopback(1), null, null, new Qos(null, null), null));
        assertFails(WsaError.WSAEPROTONOSUPPORT,
                () -> winsock.wsaConnect(tcp(), loopback(1), bytes("data"), null, null, null));
    }

    @Test
    void positionsOfTheCallersBuffersStay() throws WinsockException {
        Connection c = connection();
        TcpIpTable table = tableOf(c.client());
        ByteBuffer source = bytes("--data--").position(2).limit(6);
        table.wspSend(c.client(), source, 0, null, null, null);
        ByteBuffer target = ByteBuffer.allocate(8).position(1).limit(7);
        assertThat(table.wspRecv(c.server(), target, null, null, null, null)).isEqualTo(4);

        assertThat(source.position()).isEqualTo(2);
        assertThat(source.limit()).isEqualTo(6);
        assertThat(target.position()).isEqualTo(1);
        assertThat(target.limit()).isEqualTo(7);
        assertThat(text(target.duplicate().position(5))).startsWith("\0data");
    }

    private TcpIpTable tableOf(SocketHandle s) throws WinsockException {
        return new TcpIpTable(inside(s).network, null);
    }

    @Test
    void theFileFunctionsReachTheStream() throws IOException {
        Connection c = connection();
        nonBlocking(c.server()); // They wait nevertheless.
        ByteChannel server = winsock.channel(c.server());
        var read = async(() -> {
            ByteBuffer target = ByteBuffer.allocate(9);
            server.read(target);
            return text(target);
        });
        awaitBlocked(c.server());
        winsock.channel(c.client()).write(bytes("file"));

        assertThat(read.join()).isEqualTo("file");
    }

    @Test
    void aClosedHandleIsNoSocket() throws WinsockException {
        SocketHandle s = tcp();
        winsock.closesocket(s);

        assertFails(WsaError.WSAENOTSOCK, () -> winsock.closesocket(s));
        assertFails(WsaError.WSAENOTSOCK, () -> winsock.send(s, bytes("x"), 0));
    }

    @Test
    void theBaseHandleIsTheSocketItself() throws WinsockException {
        SocketHandle s = tcp();
        for (int code : new int[] {IoctlCode.SIO_BASE_HANDLE, IoctlCode.SIO_BSP_HANDLE,
                IoctlCode.SIO_BSP_HANDLE_SELECT, IoctlCode.SIO_BSP_HANDLE_POLL}) {
            IoctlResult out = new IoctlResult();
            winsock.wsaIoctl(s, code, null, out, null, null);
            assertThat(out.value()).isSameAs(s);
            assertFails(WsaError.WSAEFAULT, () -> winsock.wsaIoctl(s, code, null, null, null, null));
        }
        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.wsaIoctl(s, 0x12345678, null, null, null, null));
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.wsaIoctl(s, IoctlCode.SIO_FLUSH, null, null, null, null));
    }

    @Test
    void socketsOfOtherKindsAreRefused() {
        assertFails(WsaError.WSAEAFNOSUPPORT, () -> winsock.socket(99, SocketType.SOCK_STREAM, 0));
        assertFails(WsaError.WSAESOCKTNOSUPPORT,
                () -> winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_RDM, 0));
        assertFails(WsaError.WSAEPROTONOSUPPORT,
                () -> winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_UDP));
    }
}
