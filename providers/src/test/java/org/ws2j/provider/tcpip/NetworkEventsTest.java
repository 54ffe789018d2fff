package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Linger;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WspResult;

/** Network events by event object: what is recorded, when, and what makes it recordable again. */
final class NetworkEventsTest extends TcpIpTest {
    private static final int READ = NetworkEvent.FD_READ;
    private static final int WRITE = NetworkEvent.FD_WRITE;
    private static final int CLOSE = NetworkEvent.FD_CLOSE;
    private static final int ACCEPT = NetworkEvent.FD_ACCEPT;
    private static final int CONNECT = NetworkEvent.FD_CONNECT;

    private WsaEvent event;
    private final WsaNetworkEvents record = new WsaNetworkEvents();

    @BeforeEach
    void createEvent() throws WinsockException {
        event = winsock.wsaCreateEvent();
    }

    @AfterEach
    void closeEvent() throws WinsockException {
        winsock.wsaCloseEvent(event);
    }

    private int next(SocketHandle s) throws WinsockException {
        winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false);
        return now(s);
    }

    private int now(SocketHandle s) throws WinsockException {
        winsock.wsaEnumNetworkEvents(s, event, record);
        return record.lNetworkEvents();
    }

    @Test
    void arrivingDataIsRecordedOnce() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.server(), event, READ);
        assertThat(now(c.server())).isZero();
        winsock.send(c.client(), bytes("abcd"), 0);

        assertThat(next(c.server())).isEqualTo(READ);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(READ))).isZero();
        assertThat(now(c.server())).isZero();
    }

    @Test
    void aReceiveThatLeavesDataRecordsAgain() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.server(), event, READ);
        winsock.send(c.client(), bytes("abcd"), 0);
        assertThat(next(c.server())).isEqualTo(READ);
        assertThat(receive(c.server(), 2)).isEqualTo("ab");
        assertThat(now(c.server())).isEqualTo(READ);
        assertThat(receive(c.server(), 2)).isEqualTo("cd");

        assertThat(now(c.server())).isZero();
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(1), 0)).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void newDataIsRecordedAgainWithoutAReceive() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.server(), event, READ);
        winsock.send(c.client(), bytes("ab"), 0);
        assertThat(next(c.server())).isEqualTo(READ);
        winsock.send(c.client(), bytes("cd"), 0);

        assertThat(next(c.server())).isEqualTo(READ);
        assertThat(receive(c.server(), 9)).isEqualTo("abcd");
    }

    @Test
    void dataThatIsThereIsRecordedAtTheSelection() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("x"), 0);
        winsock.wsaEventSelect(c.server(), event, READ | CLOSE);

        assertThat(next(c.server())).isEqualTo(READ);
    }

    @Test
    void selectingAgainDoesNotRecordWhatWasEnumerated() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.server(), event, READ);
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(next(c.server())).isEqualTo(READ);
        winsock.wsaEventSelect(c.server(), event, READ);

        assertThat(now(c.server())).isZero();
    }

    @Test
    void selectingAgainRecordsWhatWasNotEnumerated() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.server(), event, READ);
        winsock.send(c.client(), bytes("x"), 0);
        winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false);
        winsock.wsaEventSelect(c.server(), event, READ);

        assertThat(now(c.server())).isEqualTo(READ);
    }

    @Test
    void aPendingOverlappedReceiveSwallowsTheData() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.server(), event, READ);
        HeapOverlapped block = new HeapOverlapped();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, block, null);
        winsock.send(c.client(), bytes("mine"), 0);
        awaitUntil(block::isCompleted);
        assertThat(now(c.server())).isZero();
        winsock.send(c.client(), bytes("left"), 0);

        assertThat(next(c.server())).isEqualTo(READ);
    }

    @Test
    void aSelectionOnAConnectedSocketRecordsThatItIs() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.client(), event, NetworkEvent.FD_ALL_EVENTS);

        assertThat(next(c.client())).isEqualTo(CONNECT | WRITE);
    }

    @Test
    void roomIsRecordedAfterASendWouldBlock() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.client(), event, WRITE);
        assertThat(next(c.client())).isEqualTo(WRITE);
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(now(c.client())).isZero();
        long sent = fill(c.client());
        drain(c.server(), sent + 1);

        assertThat(next(c.client())).isEqualTo(WRITE);
    }

    @Test
    void connectionsAreRecordedOneByOne() throws WinsockException {
        SocketHandle listener = listener();
        winsock.wsaEventSelect(listener, event, ACCEPT);
        winsock.connect(tcp(), nameOf(listener));
        winsock.connect(tcp(), nameOf(listener));
        assertThat(next(listener)).isEqualTo(ACCEPT);
        assertThat(now(listener)).isZero();
        WsaEvent none = winsock.wsaCreateEvent();
        SocketHandle accepted = winsock.accept(listener, null);
        winsock.wsaEventSelect(accepted, none, 0);
        assertThat(next(listener)).isEqualTo(ACCEPT);
        assertThat(winsock.accept(listener, null)).isNotNull();

        assertThat(now(listener)).isZero();
        assertThat(winsock.accept(listener, null)).isNull();
        winsock.wsaCloseEvent(none);
    }

    @Test
    void aSelectionBeforeListeningHoldsAfterwards() throws WinsockException {
        SocketHandle s = tcp();
        winsock.wsaEventSelect(s, event, ACCEPT);
        winsock.bind(s, loopback(0));
        winsock.listen(s, 1);
        winsock.connect(tcp(), nameOf(s));

        assertThat(next(s)).isEqualTo(ACCEPT);
    }

    @Test
    void anAcceptedSocketInheritsTheSelection() throws WinsockException {
        SocketHandle listener = listener();
        winsock.wsaEventSelect(listener, event, ACCEPT | READ | WRITE);
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));
        assertThat(next(listener)).isEqualTo(ACCEPT);
        SocketHandle accepted = winsock.accept(listener, null);
        assertThat(next(accepted)).isEqualTo(WRITE);
        winsock.send(client, bytes("x"), 0);

        assertThat(next(accepted)).isEqualTo(READ);
    }

    @Test
    void anEndedConnectIsRecorded() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle s = tcp();
        winsock.wsaEventSelect(s, event, CONNECT | WRITE);
        winsock.connect(s, nameOf(listener));

        assertThat(next(s) | now(s)).isEqualTo(CONNECT | WRITE);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(CONNECT))).isZero();
    }

    @Test
    void aRefusedConnectIsRecordedWithItsErrorAndCanBeRepeated() throws WinsockException {
        SocketHandle s = tcp();
        winsock.wsaEventSelect(s, event, CONNECT | WRITE);
        assertThat(winsock.connect(s, nobody())).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(next(s)).isEqualTo(CONNECT);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(CONNECT))).isEqualTo(WsaError.WSAECONNREFUSED.code());
        winsock.connect(s, nameOf(listener()));

        assertThat(next(s) & CONNECT).isEqualTo(CONNECT);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(CONNECT))).isZero();
    }

    @Test
    void thePeersEndIsRecordedOnceAndNeverAsData() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.server(), event, READ | CLOSE);
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(next(c.server())).isEqualTo(CLOSE);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(CLOSE))).isZero();
        winsock.closesocket(c.client());
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(1), 0)).isZero();

        assertThat(now(c.server())).isZero();
    }

    @Test
    void dataBeforeTheEndIsRecordedToo() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.server(), event, READ | CLOSE);
        winsock.send(c.client(), bytes("last"), 0);
        winsock.closesocket(c.client());
        int seen = 0;
        while (seen != (READ | CLOSE)) {
            seen |= next(c.server());
        }

        assertThat(receive(c.server(), 9)).isEqualTo("last");
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(1), 0)).isZero();
    }

    @Test
    void aResetIsAnAbortedClose() throws WinsockException {
        Connection c = connection();
        winsock.wsaEventSelect(c.server(), event, READ | CLOSE);
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(c.client());

        assertThat(next(c.server())).isEqualTo(CLOSE);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(CLOSE))).isEqualTo(WsaError.WSAECONNABORTED.code());
        assertFails(WsaError.WSAECONNRESET, () -> receive(c.server(), 1));
    }

    @Test
    void datagramsAreRecordedAndSendingIsPossible() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        winsock.wsaEventSelect(b, event, READ | WRITE);
        assertThat(next(b)).isEqualTo(WRITE);
        winsock.sendto(a, bytes("one"), 0, nameOf(b));
        winsock.sendto(a, bytes("two"), 0, nameOf(b));
        assertThat(next(b)).isEqualTo(READ);
        assertThat(receive(b, 9)).isEqualTo("one");
        assertThat(next(b)).isEqualTo(READ);
        assertThat(receive(b, 9)).isEqualTo("two");

        assertThat(now(b)).isZero();
    }

    @Test
    void everyDatagramIsRecordedAlsoBehindOneThatIsUnread() throws WinsockException {
        SocketHandle receiver = boundUdp();
        SocketHandle sender = udp();
        winsock.wsaEventSelect(receiver, event, READ);
        for (String text : new String[] {"a", "b", "c"}) {
            winsock.sendto(sender, bytes(text), 0, nameOf(receiver));
            assertThat(next(receiver)).isEqualTo(READ);
        }

        assertThat(receive(receiver, 8)).isEqualTo("a");
        assertThat(now(receiver)).isEqualTo(READ);
        assertThat(receive(receiver, 8)).isEqualTo("b");
        assertThat(receive(receiver, 8)).isEqualTo("c");
        assertThat(winsock.recv(receiver, ByteBuffer.allocate(1), 0)).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void datagramsThatFoundNoRoomAreRecordedWhenThereIs() throws WinsockException {
        SocketHandle receiver = boundUdp();
        SocketHandle sender = udp();
        winsock.setsockopt(receiver, SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, 16_384);
        winsock.wsaEventSelect(receiver, event, READ);
        int count = 0;
        while (winsock.ioctlsocket(receiver, IoctlCode.FIONREAD, null).equals(count * 1_024)) {
            winsock.sendto(sender, ByteBuffer.allocate(1_024), 0, nameOf(receiver));
            count++;
        }
        winsock.sendto(sender, bytes("last"), 0, nameOf(receiver));
        int received = 0;
        String text = "";
        while (!text.equals("last")) {
            assertThat(next(receiver)).as("after " + received + " of " + count).isEqualTo(READ);
            text = receive(receiver, 2_048);
            received++;
        }

        assertThat(received).isEqualTo(count + 1);
    }

    @Test
    void aPortThatNobodyHasIsRecordedAndReceivedInItsTurn() throws WinsockException {
        SocketHandle receiver = boundUdp();
        InetSocketAddress gone = nobodysUdp();
        winsock.connect(receiver, gone);
        winsock.wsaEventSelect(receiver, event, READ);
        winsock.send(receiver, bytes("anybody?"), 0);

        assertThat(next(receiver)).isEqualTo(READ);
        assertFails(WsaError.WSAECONNRESET, () -> receive(receiver, 1));
        assertThat(now(receiver)).isZero();
        assertThat(winsock.recv(receiver, ByteBuffer.allocate(1), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        winsock.send(receiver, bytes("anybody?"), 0);
        assertThat(next(receiver)).isEqualTo(READ);
        assertFails(WsaError.WSAECONNRESET, () -> winsock.recv(receiver, ByteBuffer.allocate(1), MessageFlag.MSG_PEEK));
    }

    private InetSocketAddress nobodysUdp() throws WinsockException {
        SocketHandle s = boundUdp();
        InetSocketAddress name = nameOf(s);
        winsock.closesocket(s);
        return name;
    }

    @Test
    void enumeratingLeavesOtherErrorsAndANullEventAlone() throws WinsockException {
        Connection c = connection();
        record.iErrorCode(7, 4711);
        winsock.wsaEventSelect(c.client(), event, WRITE);
        winsock.wsaEnumNetworkEvents(c.client(), null, record);

        assertThat(record.lNetworkEvents()).isEqualTo(WRITE);
        assertThat(record.iErrorCode(7)).isEqualTo(4711);
        assertThat(winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 0, false)).isZero();
        assertFails(WsaError.WSAEFAULT, () -> winsock.wsaEnumNetworkEvents(c.client(), null, null));
    }

    @Test
    void aSelectedSocketStaysNonBlockingUntilTheSelectionEnds() throws WinsockException {
        SocketHandle s = tcp();
        winsock.wsaEventSelect(s, event, READ);
        assertFails(WsaError.WSAEINVAL, () -> winsock.ioctlsocket(s, IoctlCode.FIONBIO, false));
        winsock.wsaEventSelect(s, null, 0);
        winsock.ioctlsocket(s, IoctlCode.FIONBIO, false);

        assertThat(inside(s).nonBlocking).isFalse();
    }

    @Test
    void badSelectionsAreRefused() throws WinsockException {
        SocketHandle s = tcp();

        assertFails(WsaError.WSAEINVAL, () -> winsock.wsaEventSelect(s, event, 0x400));
        assertFails(WsaError.WSAEINVAL, () -> winsock.wsaEventSelect(s, null, READ));
    }

    @Test
    void everyByteOfManyIsSeenThroughEvents() throws WinsockException {
        Connection c = connection();
        int size = 4 << 20;
        var sent = async(() -> winsock.send(c.client(), ByteBuffer.allocateDirect(size), 0));
        winsock.wsaEventSelect(c.server(), event, READ | CLOSE);
        ByteBuffer target = ByteBuffer.allocateDirect(3_000);
        int received = 0;
        while (received < size) {
            if ((next(c.server()) & READ) != 0) {
                received += Math.max(0, winsock.recv(c.server(), target.clear(), 0));
            }
        }

        assertThat(received).isEqualTo(size);
        assertThat(sent.join()).isEqualTo(size);
    }
}
