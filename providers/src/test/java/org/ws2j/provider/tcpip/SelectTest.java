package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ws2j.host.Winsock;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WspResult;

/** WSPSelect. */
final class SelectTest extends TcpIpTest {
    private static final Timeval LONG = new Timeval(20, 0);

    @Test
    void aDatagramSocketThatWasShutForReceivingIsReadable() throws WinsockException {
        SocketHandle s = udp();
        winsock.bind(s, loopback(0));
        winsock.shutdown(s, ShutdownHow.SD_RECEIVE);
        assertThat(winsock.select(FdSet.of(s), null, null, Timeval.POLL)).isEqualTo(1);
        assertFails(WsaError.WSAESHUTDOWN, () -> winsock.recv(s, ByteBuffer.allocate(1), 0));
    }

    @Test
    void aReadySocketStaysInItsSetAndOthersLeaveIt() throws WinsockException {
        Connection a = connection();
        Connection b = connection();
        winsock.send(b.client(), bytes("x"), 0);
        FdSet read = FdSet.of(a.server(), b.server());

        assertThat(winsock.select(read, null, null, LONG)).isEqualTo(1);
        assertThat(read.fdCount()).isEqualTo(1);
        assertThat(read.get(0)).isSameAs(b.server());
    }

    @Test
    void aSocketCountsInEachSetThatItIsReadyIn() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("x"), 0);
        FdSet read = FdSet.of(c.server());
        FdSet write = FdSet.of(c.server(), c.client());
        awaitUntil(() -> isReadable(c.server()));

        assertThat(winsock.select(read, write, null, LONG)).isEqualTo(3);
    }

    @Test
    void aSelectFindsNothingOfWhatOneBeforeHasFound() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(winsock.select(FdSet.of(c.server()), FdSet.of(c.server()), null, LONG)).isPositive();
        awaitUntil(() -> isReadable(c.server()));
        winsock.recv(c.server(), ByteBuffer.allocate(1), 0);

        assertThat(winsock.select(FdSet.of(c.server()), null, null, Timeval.POLL)).isZero();
        assertThat(winsock.select(null, FdSet.of(c.server()), null, Timeval.POLL)).isEqualTo(1);
    }

    @Test
    void aSocketThatWasSelectedIsGoneForItsPeerWhenItIsClosed() throws WinsockException {
        Connection c = connection();
        assertThat(winsock.select(FdSet.of(c.server()), null, null, Timeval.POLL)).isZero();

        winsock.closesocket(c.server());

        assertThat(winsock.recv(c.client(), ByteBuffer.allocate(1), 0)).isZero();
    }

    @Test
    void oneSetInTwoPlacesKeepsWhatIsReadyForBoth() throws WinsockException {
        Connection a = connection();
        Connection b = connection();
        winsock.send(b.client(), bytes("x"), 0);
        awaitUntil(() -> isReadable(b.server()));
        FdSet both = FdSet.of(a.server(), b.server());

        assertThat(winsock.select(both, both, null, LONG)).isEqualTo(2);
        assertThat(both.fdCount()).isEqualTo(1);
        assertThat(both.get(0)).isSameAs(b.server());
    }

    private boolean isReadable(SocketHandle s) {
        try {
            return winsock.select(FdSet.of(s), null, null, Timeval.POLL) == 1;
        } catch (WinsockException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingReadyLeavesTheSetsEmptyAtTheTimeOut() throws WinsockException {
        Connection c = connection();
        FdSet read = FdSet.of(c.server());

        assertThat(winsock.select(read, null, null, Timeval.POLL)).isZero();
        assertThat(read.fdCount()).isZero();
        assertThat(winsock.select(FdSet.of(c.server()), null, null, new Timeval(0, 1_000))).isZero();
    }

    @Test
    void aPendingConnectionMakesAListenerReadable() throws WinsockException {
        SocketHandle listener = listener();
        var selected = async(() -> winsock.select(FdSet.of(listener), null, null, null));
        awaitBlocked(listener);
        winsock.connect(tcp(), nameOf(listener));

        assertThat(selected.join()).isEqualTo(1);
    }

    @Test
    void anEndedStreamIsReadable() throws WinsockException {
        Connection c = connection();
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(winsock.select(FdSet.of(c.server()), null, null, LONG)).isEqualTo(1);
    }

    @Test
    void whatWasReadAheadIsReadable() throws WinsockException {
        Connection c = connection();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(c.server(), event, NetworkEvent.FD_READ);
        winsock.send(c.client(), bytes("ahead"), 0);
        winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false);

        assertThat(winsock.select(FdSet.of(c.server()), null, null, Timeval.POLL)).isEqualTo(1);
        assertThat(receive(c.server(), 9)).isEqualTo("ahead");
        assertThat(winsock.select(FdSet.of(c.server()), null, null, Timeval.POLL)).isZero();
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aConnectThatSucceedsMakesTheSocketWritable() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle s = tcp();
        nonBlocking(s);
        winsock.connect(s, nameOf(listener));
        FdSet write = FdSet.of(s);
        FdSet except = FdSet.of(s);

        assertThat(winsock.select(null, write, except, LONG)).isEqualTo(1);
        assertThat(write.fdIsSet(s)).isTrue();
        assertFails(WsaError.WSAEISCONN, () -> winsock.connect(s, nameOf(listener)));
    }

    @Test
    void aConnectThatFailsPutsTheSocketIntoTheExceptSet() throws WinsockException {
        SocketHandle s = tcp();
        nonBlocking(s);
        assertThat(winsock.connect(s, nobody())).isEqualTo(WspResult.WOULD_BLOCK);
        FdSet write = FdSet.of(s);
        FdSet except = FdSet.of(s);

        assertThat(winsock.select(null, write, except, LONG)).isEqualTo(1);
        assertThat(except.fdIsSet(s)).isTrue();
        assertThat(winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_ERROR))
                .isEqualTo(WsaError.WSAECONNREFUSED.code());
        assertThat(winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_ERROR)).isEqualTo(0);
    }

    @Test
    void unconnectedStreamsAreNeverReady() throws WinsockException {
        SocketHandle s = tcp();

        assertThat(winsock.select(FdSet.of(s), FdSet.of(s), FdSet.of(s), Timeval.POLL)).isZero();
    }

    @Test
    void datagramSocketsAreWritableAndReadableWithADatagram() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        assertThat(winsock.select(FdSet.of(b), FdSet.of(b), null, Timeval.POLL)).isEqualTo(1);
        winsock.sendto(a, bytes("x"), 0, nameOf(b));

        assertThat(winsock.select(FdSet.of(a, b), null, null, LONG)).isEqualTo(1);
    }

    @Test
    void closingAMemberEndsTheCall() throws WinsockException {
        Connection c = connection();
        var selected = async(() -> winsock.select(FdSet.of(c.server(), c.client()), null, null, null));
        awaitBlocked(c.server());
        winsock.closesocket(c.server());

        assertFailsLater(WsaError.WSAENOTSOCK, selected);
    }

    @Test
    void badParametersAreRefused() throws WinsockException {
        SocketHandle s = tcp();
        SocketHandle closed = tcp();
        winsock.closesocket(closed);

        assertFails(WsaError.WSAEINVAL, () -> winsock.select(null, null, null, LONG));
        assertFails(WsaError.WSAEINVAL, () -> winsock.select(FdSet.of(), FdSet.of(), null, LONG));
        assertFails(WsaError.WSAEINVAL, () -> winsock.select(FdSet.of(s), null, null, new Timeval(-1, 0)));
        assertFails(WsaError.WSAEINVAL, () -> winsock.select(FdSet.of(s), null, null, new Timeval(0, 1_000_000)));
        assertFails(WsaError.WSAENOTSOCK, () -> winsock.select(FdSet.of(s, closed), null, null, LONG));
        TcpIpTable table = new TcpIpTable(inside(s).network, null);
        try (Winsock other = Winsock.builder().module(new TcpIpModule()).build()) {
            other.wsaStartup(version());
            SocketHandle foreign = other.socket(2, 1, 6);
            assertFails(WsaError.WSAENOTSOCK, () -> table.wspSelect(FdSet.of(s, foreign), null, null, LONG));
        }
    }

    @Test
    void aSetMayHoldMoreThanTheUsualNumber() throws WinsockException {
        List<SocketHandle> all = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            all.add(boundUdp());
        }
        winsock.sendto(all.get(0), bytes("x"), 0, nameOf(all.get(149)));
        FdSet read = FdSet.of(all.toArray(SocketHandle[]::new));

        assertThat(winsock.select(read, null, null, LONG)).isEqualTo(1);
        assertThat(read.get(0)).isSameAs(all.get(149));
    }
}
