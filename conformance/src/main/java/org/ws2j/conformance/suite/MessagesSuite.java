package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.spi.NetworkEvent.FD_ACCEPT;
import static org.ws2j.spi.NetworkEvent.FD_CLOSE;
import static org.ws2j.spi.NetworkEvent.FD_CONNECT;
import static org.ws2j.spi.NetworkEvent.FD_READ;
import static org.ws2j.spi.NetworkEvent.FD_WRITE;

import java.nio.ByteBuffer;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;

/** WSAAsyncSelect. */
final class MessagesSuite extends Suite {
    private static final int NUMBER = Message.WM_USER + 7;

    @Proves({"select-message.parts", "trap-45"})
    void aMessageHasTheClientsHandleAndTheEvent() throws WinsockException {
        Connection c = net.connection();
        WindowHandle window = signals.window();
        ws.wsaAsyncSelect(c.client(), window, NUMBER, FD_READ);
        net.send(c.server(), "x");
        Message message = signals.message();

        assertThat(message.window()).isSameAs(window);
        assertThat(message.number()).isEqualTo(NUMBER);
        assertThat(message.wParam()).isSameAs(c.client());
        assertThat(message.lParam()).isEqualTo(NetworkEvent.makeSelectReply(FD_READ, 0));
    }

    @Proves("select-message.parts")
    void theErrorIsTheHighHalf() throws WinsockException {
        SocketHandle s = net.stream();
        ws.wsaAsyncSelect(s, signals.window(), NUMBER, FD_CONNECT);
        wouldBlock(ws.connect(s, net.nobody()));
        Message message = signals.message();

        assertThat(NetworkEvent.selectEvent(message.lParam())).isEqualTo(FD_CONNECT);
        assertThat(NetworkEvent.selectError(message.lParam())).isEqualTo(WsaError.WSAECONNREFUSED.code());
    }

    @Proves("select-message.one-each")
    void eachMessageTellsOneEvent() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.stream();
        ws.wsaAsyncSelect(s, signals.window(), NUMBER, FD_CONNECT | FD_WRITE);
        ws.connect(s, net.name(listener));

        assertThat(event(signals.message())).isEqualTo(FD_CONNECT);
        assertThat(event(signals.message())).isEqualTo(FD_WRITE);
        assertThat(signals.isQueueEmpty()).isTrue();
    }

    @Proves({"select-message.inval", "trap-48"})
    void whatIsNoWindowCannotBeSelected() throws WinsockException {
        SocketHandle s = net.connection().client();
        WindowHandle gone = signals.window();
        ws.windows().destroyWindow(gone);

        fails(WsaError.WSAEINVAL, () -> ws.wsaAsyncSelect(s, null, NUMBER, FD_READ));
        fails(WsaError.WSAEINVAL, () -> ws.wsaAsyncSelect(s, gone, NUMBER, FD_READ));
    }

    @Proves("trap-48")
    void unknownEventsCannotBeSelected() throws WinsockException {
        SocketHandle s = net.connection().client();
        WindowHandle window = signals.window();
        fails(WsaError.WSAEINVAL, () -> ws.wsaAsyncSelect(s, window, NUMBER, NetworkEvent.FD_ALL_EVENTS + 1));
    }

    @Proves("select-message.cancel")
    void nothingIsPostedAfterTheSelectionEnded() throws WinsockException {
        Connection c = net.connection();
        WindowHandle window = signals.window();
        ws.wsaAsyncSelect(c.client(), window, NUMBER, FD_READ);
        ws.wsaAsyncSelect(c.client(), window, 0, 0);
        net.send(c.server(), "x");
        net.awaitReadable(c.client());

        assertThat(signals.isQueueEmpty()).isTrue();
    }

    @Proves("select-message.cancel")
    void theSocketCanBecomeBlockingWhenTheSelectionHasEnded() throws WinsockException {
        SocketHandle s = net.connection().client();
        WindowHandle window = signals.window();
        ws.wsaAsyncSelect(s, window, NUMBER, FD_READ);
        fails(WsaError.WSAEINVAL, () -> ws.ioctlsocket(s, IoctlCode.FIONBIO, false));
        ws.wsaAsyncSelect(s, window, 0, 0);

        ws.ioctlsocket(s, IoctlCode.FIONBIO, false);
    }

    @Proves("select-message.non-blocking")
    void selectingMakesTheSocketNonBlocking() throws WinsockException {
        SocketHandle s = net.connection().client();
        ws.wsaAsyncSelect(s, signals.window(), NUMBER, FD_CLOSE);
        wouldBlock(ws.recv(s, ByteBuffer.allocate(1), 0));
    }

    @Proves("select-message.non-blocking")
    void selectingNothingMakesTheSocketNonBlockingToo() throws WinsockException {
        SocketHandle s = net.connection().client();
        ws.wsaAsyncSelect(s, null, 0, 0);
        wouldBlock(ws.recv(s, ByteBuffer.allocate(1), 0));
    }

    @Proves("select-message.last-error")
    void aMessageLeavesTheThreadsErrorAlone() throws WinsockException {
        SocketHandle s = net.stream();
        ws.wsaAsyncSelect(s, signals.window(), NUMBER, FD_CONNECT);
        wouldBlock(ws.connect(s, net.nobody()));
        ws.wsaSetLastError(4711);
        signals.message();

        assertThat(ws.wsaGetLastError()).isEqualTo(4711);
    }

    @Proves("select-event.last-wins")
    void aSelectionByMessageEndsOneByEvent() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        ws.wsaAsyncSelect(c.client(), signals.window(), NUMBER, FD_READ);
        net.send(c.server(), "x");
        signals.message();

        assertThat(signals.isSet(event)).isFalse();
    }

    @Proves("select-event.last-wins")
    void theLastWindowAndNumberWin() throws WinsockException {
        Connection c = net.connection();
        WindowHandle second = signals.window();
        ws.wsaAsyncSelect(c.client(), signals.window(), NUMBER, FD_READ);
        ws.wsaAsyncSelect(c.client(), second, NUMBER + 1, FD_READ);
        net.send(c.server(), "x");
        Message message = signals.message();

        assertThat(message.window()).isSameAs(second);
        assertThat(message.number()).isEqualTo(NUMBER + 1);
        assertThat(signals.isQueueEmpty()).isTrue();
    }

    @Proves("fact-23")
    void selectingAgainTellsAnewWhatHolds() throws WinsockException {
        Connection c = net.connection();
        WindowHandle window = signals.window();
        net.send(c.server(), "x");
        net.awaitReadable(c.client());
        ws.wsaAsyncSelect(c.client(), window, NUMBER, FD_READ);
        assertThat(event(signals.message())).isEqualTo(FD_READ);
        ws.wsaAsyncSelect(c.client(), window, NUMBER, FD_READ);

        assertThat(event(signals.message())).isEqualTo(FD_READ);
    }

    @Proves("fact-24")
    void selectingOnAConnectionTellsThatItIsWritableAlone() throws WinsockException {
        Connection c = net.connection();
        ws.wsaAsyncSelect(c.client(), signals.window(), NUMBER, FD_CONNECT | FD_WRITE);

        assertThat(event(signals.message())).isEqualTo(FD_WRITE);
        assertThat(signals.isQueueEmpty()).isTrue();
    }

    @Proves("fact-24")
    void newDataPostsNoSecondMessage() throws WinsockException {
        Connection c = net.connection();
        ws.wsaAsyncSelect(c.client(), signals.window(), NUMBER, FD_READ);
        net.send(c.server(), "x");
        signals.message();
        net.send(c.server(), "y");
        net.awaitReadable(c.client());

        assertThat(signals.isQueueEmpty()).isTrue();
        assertThat(net.receiveAll(c.client(), 2)).isEqualTo("xy");
    }

    @Proves("fd-read.level")
    void aReceiveThatLeavesDataIsFollowedByAnotherMessage() throws WinsockException {
        Connection c = net.connection();
        ws.wsaAsyncSelect(c.client(), signals.window(), NUMBER, FD_READ);
        net.send(c.server(), "four");
        assertThat(event(signals.message())).isEqualTo(FD_READ);
        net.receive(c.client(), 2);

        assertThat(event(signals.message())).isEqualTo(FD_READ);
        assertThat(net.receive(c.client(), 2)).isEqualTo("ur");
    }

    @Proves({"fd-inherit", "trap-47"})
    void anAcceptedSocketPostsToItsListenersWindow() throws WinsockException {
        SocketHandle listener = net.listener();
        WindowHandle window = signals.window();
        ws.wsaAsyncSelect(listener, window, NUMBER, FD_ACCEPT | FD_READ);
        SocketHandle client = net.stream();
        ws.connect(client, net.name(listener));
        assertThat(signals.message().wParam()).isSameAs(listener);
        SocketHandle accepted = net.own(ws.accept(listener, null));
        net.send(client, "x");
        Message message = signals.message();

        assertThat(message.wParam()).isSameAs(accepted);
        assertThat(message.window()).isSameAs(window);
        assertThat(event(message)).isEqualTo(FD_READ);
    }

    @Proves("fd-close.graceful")
    void theEndOfThePeersStreamIsPosted() throws WinsockException {
        Connection c = net.connection();
        ws.wsaAsyncSelect(c.client(), signals.window(), NUMBER, FD_CLOSE);
        ws.shutdown(c.server(), ShutdownHow.SD_SEND);

        assertThat(signals.message().lParam()).isEqualTo(NetworkEvent.makeSelectReply(FD_CLOSE, 0));
    }

    @Proves({"fd-close.reset", "fact-25"})
    void aResetIsPostedAsAnAbort() throws WinsockException {
        Connection c = net.connection();
        ws.wsaAsyncSelect(c.client(), signals.window(), NUMBER, FD_CLOSE);
        net.reset(c.server());
        Message message = signals.message();

        assertThat(event(message)).isEqualTo(FD_CLOSE);
        assertThat(NetworkEvent.selectError(message.lParam())).isEqualTo(WsaError.WSAECONNABORTED.code());
    }

    @Proves("fact-14")
    void closingASocketPostsNothing() throws WinsockException {
        Connection c = net.connection();
        ws.wsaAsyncSelect(c.client(), signals.window(), NUMBER, FD_CLOSE | FD_READ);
        ws.closesocket(c.client());

        assertThat(signals.isQueueEmpty()).isTrue();
    }

    @Proves("trap-45")
    void aWindowThatIsGoneDisturbsNobody() throws WinsockException {
        Connection c = net.connection();
        WindowHandle window = signals.window();
        ws.wsaAsyncSelect(c.client(), window, NUMBER, FD_READ);
        ws.windows().destroyWindow(window);
        net.send(c.server(), "x");
        net.awaitReadable(c.client());

        assertThat(net.receive(c.client(), 8)).isEqualTo("x");
    }

    private static int event(Message message) {
        return NetworkEvent.selectEvent(message.lParam());
    }
}
