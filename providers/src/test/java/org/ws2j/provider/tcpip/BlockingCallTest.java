package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Linger;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** Calls that wait, and what ends them. */
class BlockingCallTest extends TcpIpTest {
    /** So that some of them meet the waiting thread on its way in or out. */
    private static final int CLOSES = 500;

    @Test
    void aReceiveWaitsForData() throws WinsockException {
        Connection c = connection();
        var received = async(() -> receive(c.server(), 9));
        awaitBlocked(c.server());
        winsock.send(c.client(), bytes("late"), 0);

        assertThat(received.join()).isEqualTo("late");
    }

    @Test
    void anAcceptWaitsForAPeer() throws WinsockException {
        SocketHandle listener = listener();
        var accepted = async(() -> winsock.accept(listener, null));
        awaitBlocked(listener);
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));

        assertThat(winsock.getpeername(accepted.join())).isEqualTo(nameOf(client));
    }

    /** A listener whose queue is full: Linux leaves those who want to connect without an answer. */
    private SocketHandle fullListener() throws WinsockException {
        SocketHandle listener = tcp();
        winsock.bind(listener, loopback(0));
        winsock.listen(listener, 1);
        winsock.connect(tcp(), nameOf(listener)); // A queue for one holds two.
        winsock.connect(tcp(), nameOf(listener));
        return listener;
    }

    @Test
    void closingEndsAWaitingConnect() throws WinsockException {
        SocketHandle listener = fullListener();
        SocketHandle s = tcp();
        var connected = async(() -> winsock.connect(s, nameOf(listener)));
        awaitBlocked(s);
        winsock.closesocket(s);

        assertFailsLater(WsaError.WSAEINTR, connected);
    }

    @Test
    void aConnectUnderWayIsNotStartedAgain() throws WinsockException {
        SocketHandle listener = fullListener();
        SocketHandle s = tcp();
        nonBlocking(s);
        assertThat(winsock.connect(s, nameOf(listener))).isEqualTo(WspResult.WOULD_BLOCK);

        assertFails(WsaError.WSAEALREADY, () -> winsock.connect(s, nameOf(listener)));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.send(s, bytes("x"), 0));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.getpeername(s));
    }

    @Test
    void aSendWaitsUntilAllIsTaken() throws WinsockException {
        Connection c = connection();
        int size = 16 << 20;
        var sent = async(() -> winsock.send(c.client(), ByteBuffer.allocate(size), 0));
        awaitBlocked(c.client());
        drain(c.server(), size);

        assertThat(sent.join()).isEqualTo(size);
    }

    @Test
    void aReceiveAndASendOfOneSocketWaitSideBySide() throws WinsockException {
        Connection c = connection();
        int size = 16 << 20;
        var received = async(() -> receive(c.client(), 9));
        var sent = async(() -> winsock.send(c.client(), ByteBuffer.allocateDirect(size), 0));
        drain(c.server(), size);
        winsock.send(c.server(), bytes("done"), 0);

        assertThat(received.join()).isEqualTo("done");
        assertThat(sent.join()).isEqualTo(size);
    }

    @Test
    void closingEndsAWaitingReceive() throws WinsockException {
        Connection c = connection();
        var received = async(() -> receive(c.server(), 9));
        awaitBlocked(c.server());
        winsock.closesocket(c.server());

        assertFailsLater(WsaError.WSAEINTR, received);
    }

    @Test
    void closingEndsAWaitingAcceptAndFreesThePort() throws WinsockException {
        SocketHandle listener = listener();
        var name = nameOf(listener);
        var accepted = async(() -> winsock.accept(listener, null));
        awaitBlocked(listener);
        winsock.closesocket(listener);
        SocketHandle next = tcp();
        winsock.bind(next, name);
        winsock.listen(next, 1);

        assertFailsLater(WsaError.WSAEINTR, accepted);
    }

    @Test
    void noSelectorKeepsTheChannelOnceTheCloseReturnsWhereverTheWaitingThreadIs() throws WinsockException {
        for (int i = 0; i < CLOSES; i++) {
            SocketHandle listener = listener();
            var channel = inside(listener).channel();
            var accepted = async(() -> winsock.accept(listener, null));
            awaitBlocked(listener);
            winsock.closesocket(listener);
            assertThat(channel.isRegistered()).isFalse(); // It would listen on.
            assertFailsLater(WsaError.WSAEINTR, accepted);
        }
    }

    @Test
    void closingEndsAWaitingSend() throws WinsockException {
        Connection c = connection();
        var sent = async(() -> winsock.send(c.client(), ByteBuffer.allocateDirect(16 << 20), 0));
        awaitBlocked(c.client());
        winsock.closesocket(c.client());

        assertFailsLater(WsaError.WSAEINTR, sent);
    }

    @Test
    void shuttingDownEndsAWaitingReceive() throws WinsockException {
        Connection c = connection();
        var received = async(() -> receive(c.server(), 9));
        awaitBlocked(c.server());
        winsock.shutdown(c.server(), ShutdownHow.SD_RECEIVE);

        assertFailsLater(WsaError.WSAESHUTDOWN, received);
    }

    @Test
    void aResetEndsAWaitingReceive() throws WinsockException {
        Connection c = connection();
        var received = async(() -> receive(c.server(), 9));
        awaitBlocked(c.server());
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(c.client());

        assertFailsLater(WsaError.WSAECONNRESET, received);
    }

    @Test
    void cleaningUpEndsAWaitingReceive() throws WinsockException {
        Connection c = connection();
        var received = async(() -> receive(c.server(), 9));
        awaitBlocked(c.server());
        winsock.wsaCleanup();

        assertFailsLater(WsaError.WSAEINTR, received);
    }

    @Test
    void theTimeOutOptionsEndAWait() throws WinsockException {
        Connection c = connection();
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 20);
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_SNDTIMEO, 20);

        assertFails(WsaError.WSAETIMEDOUT, () -> receive(c.client(), 1));
        assertFails(WsaError.WSAETIMEDOUT,
                () -> winsock.send(c.client(), ByteBuffer.allocateDirect(16 << 20), 0));
    }

    @Test
    void anInterruptIsKeptForLater() throws Exception {
        Connection c = connection();
        CompletableFuture<Boolean> kept = new CompletableFuture<>();
        AtomicBoolean gotData = new AtomicBoolean();
        Thread thread = Thread.ofPlatform().start(() -> complete(kept, () -> {
            gotData.set(receive(c.server(), 9).equals("data"));
            return Thread.interrupted();
        }));
        awaitBlocked(c.server());
        thread.interrupt();
        winsock.send(c.client(), bytes("data"), 0);

        assertThat(kept.get()).isTrue();
        assertThat(gotData).isTrue();
        thread.join();
    }

    @Test
    void anInterruptedThreadSendsAndReceivesAsOthersDo() throws WinsockException {
        Connection c = connection();
        Thread.currentThread().interrupt();
        winsock.send(c.client(), bytes("on"), 0);
        String received = receive(c.server(), 9);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(received).isEqualTo("on");
    }

    @Test
    void aSynchronousReceiveWaitsItsTurnBehindOverlappedOnes() throws WinsockException {
        Connection c = connection();
        HeapOverlapped block = new HeapOverlapped();
        ByteBuffer first = ByteBuffer.allocate(2);
        assertThat(winsock.wsaRecv(c.server(), first, null, block, null)).isEqualTo(WspResult.IO_PENDING);
        var second = async(() -> receive(c.server(), 9));
        awaitBlocked(c.server());
        winsock.send(c.client(), bytes("abcd"), 0);

        assertThat(second.join()).isEqualTo("cd");
        awaitUntil(block::isCompleted); // Its indication may come a little later than the other's.
        assertThat(text(first.duplicate().position(2))).isEqualTo("ab");
        assertThat(block.internalHigh()).isEqualTo(2);
    }

    @Test
    void closingEndsAReceiveThatWaitsItsTurn() throws WinsockException {
        Connection c = connection();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(2), null, new HeapOverlapped(), null);
        var second = async(() -> receive(c.server(), 9));
        awaitBlocked(c.server());
        winsock.closesocket(c.server());

        assertFailsLater(WsaError.WSAEINTR, second);
    }

    @Test
    void modesSwitchBothWays() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.server());
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(1), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        winsock.ioctlsocket(c.server(), IoctlCode.FIONBIO, false);
        var received = async(() -> receive(c.server(), 9));
        awaitBlocked(c.server());
        winsock.send(c.client(), bytes("x"), 0);

        assertThat(received.join()).isEqualTo("x");
        assertFails(WsaError.WSAEFAULT, () -> winsock.ioctlsocket(c.server(), IoctlCode.FIONBIO, 1));
    }
}
