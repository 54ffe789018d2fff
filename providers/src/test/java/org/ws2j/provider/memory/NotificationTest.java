package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Linger;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/** Network events by event and by message, and select. */
final class NotificationTest extends MemoryTest {
    private final WsaNetworkEvents record = new WsaNetworkEvents();

    private int enumerate(SocketHandle s) throws WinsockException {
        winsock.wsaEnumNetworkEvents(s, null, record);
        return record.lNetworkEvents();
    }

    private WsaEvent select(SocketHandle s) throws WinsockException {
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(s, event, NetworkEvent.FD_ALL_EVENTS);
        return event;
    }

    private boolean isSet(WsaEvent event) throws WinsockException {
        return winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 0, false) == 0;
    }

    @Test
    void selectingOnAConnectedSocketRecordsConnectAndWrite() throws WinsockException {
        Connection c = connection();
        WsaEvent event = select(c.client());
        assertThat(isSet(event)).isTrue();
        assertThat(enumerate(c.client())).isEqualTo(NetworkEvent.FD_CONNECT | NetworkEvent.FD_WRITE);
        assertThat(enumerate(c.client())).isZero();
        select(c.client());
        assertThat(enumerate(c.client())).isZero();
        assertFails(WsaError.WSAEINVAL, () -> winsock.ioctlsocket(c.client(), IoctlCode.FIONBIO, false));
    }

    @Test
    void dataIsRecordedAgainAfterAReceiveThatLeavesSome() throws WinsockException {
        Connection c = connection();
        select(c.server());
        enumerate(c.server());
        winsock.send(c.client(), bytes("abcd"), 0);
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_READ);
        assertThat(enumerate(c.server())).isZero();
        receive(c.server(), 2);
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_READ);
        receive(c.server(), 2);
        assertThat(enumerate(c.server())).isZero();
    }

    @Test
    void newDataIsRecordedByEventWithoutAReceive() throws WinsockException {
        Connection c = connection();
        select(c.server());
        winsock.send(c.client(), bytes("a"), 0);
        enumerate(c.server());
        winsock.send(c.client(), bytes("b"), 0);
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_READ);
    }

    @Test
    void roomIsReportedAfterASendThatWouldBlock() throws WinsockException {
        Connection c = connection();
        select(c.client());
        enumerate(c.client());
        fill(c.client());
        assertThat(enumerate(c.client())).isZero();
        drain(c.server(), 10);
        assertThat(enumerate(c.client())).isEqualTo(NetworkEvent.FD_WRITE);
        drain(c.server(), 10);
        assertThat(enumerate(c.client())).isZero();
    }

    @Test
    void roomIsReportedAlsoIfNothingWasSentMeanwhile() throws WinsockException {
        Connection c = connection();
        select(c.client());
        enumerate(c.client());
        fill(c.client());
        assertThat(winsock.send(c.client(), bytes(""), 0)).isZero();
        drain(c.server(), 10);
        assertThat(enumerate(c.client())).isEqualTo(NetworkEvent.FD_WRITE);
    }

    @Test
    void aGracefulEndIsReportedOnce() throws WinsockException {
        Connection c = connection();
        select(c.server());
        enumerate(c.server());
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_CLOSE);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(NetworkEvent.FD_CLOSE))).isZero();
        winsock.closesocket(c.client());
        assertThat(enumerate(c.server())).isZero();
    }

    @Test
    void aResetIsReportedAsAborted() throws WinsockException {
        Connection c = connection();
        select(c.server());
        enumerate(c.server());
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(c.client());
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_CLOSE);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(NetworkEvent.FD_CLOSE)))
                .isEqualTo(WsaError.WSAECONNABORTED.code());
        assertThat(winsock.getsockopt(c.server(), SocketOption.SOL_SOCKET, SocketOption.SO_ERROR))
                .isEqualTo(WsaError.WSAECONNRESET.code());
    }

    @Test
    void aRefusedConnectIsReportedWithItsError() throws WinsockException {
        SocketHandle s = stream();
        select(s);
        winsock.connect(s, nobody());
        assertThat(enumerate(s)).isEqualTo(NetworkEvent.FD_CONNECT);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(NetworkEvent.FD_CONNECT)))
                .isEqualTo(WsaError.WSAECONNREFUSED.code());
    }

    @Test
    void eachConnectionIsReportedToTheListener() throws WinsockException {
        SocketHandle listener = listener();
        WsaEvent event = select(listener);
        winsock.connect(stream(), nameOf(listener));
        assertThat(isSet(event)).isTrue();
        winsock.connect(stream(), nameOf(listener));
        assertThat(enumerate(listener)).isEqualTo(NetworkEvent.FD_ACCEPT);
        SocketHandle accepted = winsock.accept(listener, null);
        assertThat(enumerate(listener)).isEqualTo(NetworkEvent.FD_ACCEPT);
        assertThat(enumerate(accepted)).isEqualTo(NetworkEvent.FD_WRITE);
        winsock.accept(listener, null);
        assertThat(enumerate(listener)).isZero();
    }

    @Test
    void messagesNameTheHandleAndComeOnceUntilAReceive() throws WinsockException {
        Connection c = connection();
        List<Message> messages = new ArrayList<>();
        WindowHandle window = winsock.windows().createWindow(messages::add);
        winsock.wsaAsyncSelect(c.server(), window, Message.WM_USER, NetworkEvent.FD_ALL_EVENTS);
        winsock.send(c.client(), bytes("a"), 0);
        winsock.send(c.client(), bytes("b"), 0);
        winsock.closesocket(c.client());
        for (int i = 0; i < 3; i++) {
            winsock.windows().dispatchMessage(winsock.windows().getMessage(20_000));
        }
        assertThat(messages).extracting(m -> NetworkEvent.selectEvent(m.lParam()))
                .containsExactly(NetworkEvent.FD_WRITE, NetworkEvent.FD_READ, NetworkEvent.FD_CLOSE);
        assertThat(messages).extracting(Message::wParam).containsOnly(c.server());
        winsock.windows().destroyWindow(window);
    }

    @Test
    void selectFindsWhoIsReady() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("x"), 0);
        FdSet read = FdSet.of(c.client(), c.server(), c.listener());
        FdSet write = FdSet.of(c.client(), c.server());
        assertThat(winsock.select(read, write, null, Timeval.POLL)).isEqualTo(3);
        assertThat(read.get(0)).isSameAs(c.server());
        FdSet except = FdSet.of(c.client());
        assertThat(winsock.select(null, null, except, new Timeval(0, 1))).isZero();
        assertFails(WsaError.WSAEINVAL, () -> winsock.select(null, null, null, Timeval.POLL));
    }

    @Test
    void selectWaitsForAChange() throws Exception {
        Connection c = connection();
        CompletableFuture<Integer> arrived = waiting(() -> winsock.select(FdSet.of(c.server()), null, null, null));
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(arrived.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        nonBlocking(c.client());
        fill(c.client());
        CompletableFuture<Integer> room = waiting(() -> winsock.select(null, FdSet.of(c.client()), null, null));
        winsock.recv(c.server(), ByteBuffer.allocate(5), 0);
        assertThat(room.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        CompletableFuture<Integer> knock = waiting(() -> winsock.select(FdSet.of(c.listener()), null, null, null));
        winsock.connect(stream(), nameOf(c.listener()));
        assertThat(knock.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void closingAMemberEndsTheSelect() throws WinsockException {
        Connection c = connection();
        CompletableFuture<Integer> waiting = waiting(() -> winsock.select(FdSet.of(c.server()), null, null, null));
        winsock.closesocket(c.server());
        assertFailsLater(WsaError.WSAENOTSOCK, waiting);
    }
}
