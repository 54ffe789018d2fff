package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;

/** Network events by message. */
final class AsyncSelectTest extends TcpIpTest {
    private static final int NUMBER = Message.WM_USER + 1;

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private WindowHandle window;

    @BeforeEach
    void createWindow() throws WinsockException {
        window = winsock.windows().createWindow(Runnable::run, messages::add);
    }

    @AfterEach
    void destroyWindow() throws WinsockException {
        winsock.windows().destroyWindow(window);
    }

    private Message next() throws InterruptedException {
        Message message = messages.poll(20, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        assertThat(message.number()).isEqualTo(NUMBER);
        return message;
    }

    private void assertNext(SocketHandle s, int event, int error) throws InterruptedException {
        Message message = next();
        assertThat(message.wParam()).isSameAs(s);
        assertThat(NetworkEvent.selectEvent(message.lParam())).isEqualTo(event);
        assertThat(NetworkEvent.selectError(message.lParam())).isEqualTo(error);
    }

    @Test
    void eachEventIsAMessageOfItsOwn() throws Exception {
        SocketHandle listener = listener();
        SocketHandle s = tcp();
        winsock.wsaAsyncSelect(s, window, NUMBER, NetworkEvent.FD_CONNECT | NetworkEvent.FD_WRITE);
        winsock.connect(s, nameOf(listener));

        assertNext(s, NetworkEvent.FD_CONNECT, 0);
        assertNext(s, NetworkEvent.FD_WRITE, 0);
    }

    @Test
    void aConnectedSocketPostsThatItCanSendAndNotThatItIsConnected() throws Exception {
        Connection c = connection();
        winsock.wsaAsyncSelect(c.client(), window, NUMBER, NetworkEvent.FD_ALL_EVENTS);

        assertNext(c.client(), NetworkEvent.FD_WRITE, 0);
        assertThat(messages).isEmpty();
    }

    @Test
    void newDataPostsNoSecondMessageBeforeAReceive() throws Exception {
        Connection c = connection();
        winsock.wsaAsyncSelect(c.server(), window, NUMBER, NetworkEvent.FD_READ | NetworkEvent.FD_CLOSE);
        winsock.send(c.client(), bytes("ab"), 0);
        assertNext(c.server(), NetworkEvent.FD_READ, 0);
        winsock.send(c.client(), bytes("cd"), 0);
        winsock.closesocket(c.client());
        assertNext(c.server(), NetworkEvent.FD_CLOSE, 0);
        assertThat(receive(c.server(), 1)).isEqualTo("a");

        assertNext(c.server(), NetworkEvent.FD_READ, 0);
    }

    @Test
    void selectingAgainPostsAgain() throws Exception {
        Connection c = connection();
        winsock.wsaAsyncSelect(c.server(), window, NUMBER, NetworkEvent.FD_READ);
        winsock.send(c.client(), bytes("ab"), 0);
        assertNext(c.server(), NetworkEvent.FD_READ, 0);
        winsock.wsaAsyncSelect(c.server(), window, NUMBER, NetworkEvent.FD_READ);

        assertNext(c.server(), NetworkEvent.FD_READ, 0);
    }

    @Test
    void acceptedSocketsPostWithTheirOwnHandle() throws Exception {
        SocketHandle listener = listener();
        winsock.wsaAsyncSelect(listener, window, NUMBER, NetworkEvent.FD_ACCEPT | NetworkEvent.FD_READ);
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));
        assertNext(listener, NetworkEvent.FD_ACCEPT, 0);
        SocketHandle accepted = winsock.accept(listener, null);
        winsock.send(client, bytes("x"), 0);

        assertNext(accepted, NetworkEvent.FD_READ, 0);
    }

    @Test
    void aRefusedConnectIsPostedWithItsError() throws Exception {
        SocketHandle s = tcp();
        winsock.wsaAsyncSelect(s, window, NUMBER, NetworkEvent.FD_CONNECT);
        winsock.connect(s, nobody());

        assertNext(s, NetworkEvent.FD_CONNECT, WsaError.WSAECONNREFUSED.code());
    }

    @Test
    void aSelectionByEventReplacesOneByMessage() throws Exception {
        Connection c = connection();
        winsock.wsaAsyncSelect(c.server(), window, NUMBER, NetworkEvent.FD_READ);
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(c.server(), event, NetworkEvent.FD_READ);
        winsock.send(c.client(), bytes("x"), 0);

        assertThat(winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false)).isZero();
        assertThat(messages).isEmpty();
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aClosedSocketPostsNothing() throws Exception {
        Connection c = connection();
        winsock.wsaAsyncSelect(c.server(), window, NUMBER, NetworkEvent.FD_READ | NetworkEvent.FD_CLOSE);
        winsock.closesocket(c.server());
        winsock.closesocket(c.client());

        assertThat(messages).isEmpty();
    }
}
