package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;

/** The blocking hook of a 1.1 client, and cancelling from inside it. */
final class BlockingHookTest extends TcpIpTest {
    @Override
    WinsockVersion version() {
        return WinsockVersion.V1_1;
    }

    @Test
    void theHookRunsAgainAndAgainWhileACallWaits() throws WinsockException {
        Connection c = connection();
        AtomicInteger runs = new AtomicInteger();
        TcpIpSocket client = inside(c.client());
        winsock.wsaSetBlockingHook(() -> {
            if (runs.incrementAndGet() == 3) {
                sendPast(client);
            }
            return false;
        });

        assertThat(receive(c.server(), 9)).isEqualTo("hook");
        assertThat(runs).hasValueGreaterThanOrEqualTo(3);
    }

    /** A client in its hook may call nothing but cancel; its provider is not concerned. */
    private static void sendPast(TcpIpSocket socket) {
        try {
            socket.write(bytes("hook"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theHookDoesNotRunForWhatFinishesAtOnce() throws WinsockException {
        Connection c = connection();
        AtomicInteger runs = new AtomicInteger();
        winsock.wsaSetBlockingHook(() -> {
            runs.incrementAndGet();
            return false;
        });
        winsock.send(c.client(), bytes("x"), 0);
        FdSet set = FdSet.of(c.client());
        winsock.select(set, null, null, Timeval.POLL);
        nonBlocking(c.client());
        winsock.recv(c.client(), ByteBuffer.allocate(1), 0);

        assertThat(runs).hasValue(0);
    }

    private void cancelAtOnce() throws WinsockException {
        winsock.wsaSetBlockingHook(() -> {
            try {
                winsock.wsaCancelBlockingCall();
            } catch (WinsockException e) {
                throw new IllegalStateException(e);
            }
            return false;
        });
    }

    @Test
    void aCancelledReceiveIsInterrupted() throws WinsockException {
        Connection c = connection();
        cancelAtOnce();

        assertFails(WsaError.WSAEINTR, () -> receive(c.server(), 1));
    }

    @Test
    void aCancelledAcceptLeavesTheListenerUnharmed() throws WinsockException {
        SocketHandle listener = listener();
        cancelAtOnce();
        assertFails(WsaError.WSAEINTR, () -> winsock.accept(listener, null));
        winsock.wsaUnhookBlockingHook();
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));

        assertThat(winsock.accept(listener, null)).isNotNull();
    }

    @Test
    void aCancelledSelectLeavesItsSocketsUnharmed() throws WinsockException {
        Connection c = connection();
        cancelAtOnce();
        assertFails(WsaError.WSAEINTR, () -> winsock.select(FdSet.of(c.server()), null, null, null));
        winsock.wsaUnhookBlockingHook();
        winsock.send(c.client(), bytes("x"), 0);

        assertThat(receive(c.server(), 1)).isEqualTo("x");
    }

    @Test
    void aCancelledPollLeavesItsSocketsUnharmed() throws WinsockException {
        Connection c = connection();
        WsaPollData poll = new WsaPollData(
                new WsaPollFd[] {new WsaPollFd(c.server(), WsaPollFd.POLLRDNORM)}, -1);
        cancelAtOnce();
        assertFails(WsaError.WSAEINTR,
                () -> winsock.wsaIoctl(c.server(), IoctlCode.SIO_EXT_POLL, poll, null, null, null));
        winsock.wsaUnhookBlockingHook();
        winsock.send(c.client(), bytes("x"), 0);

        assertThat(receive(c.server(), 1)).isEqualTo("x");
    }

    @Test
    void aCancelledAcceptAsksNoCondition() throws WinsockException {
        SocketHandle listener = listener();
        cancelAtOnce();

        assertFails(WsaError.WSAEINTR, () -> winsock.wsaAccept(listener, null, request -> {
            throw new AssertionError("asked");
        }));
    }

    @Test
    void aCancelledWaitForAllKeepsWhatCame() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("ab"), 0);
        winsock.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_PEEK);
        cancelAtOnce();

        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(9), MessageFlag.MSG_WAITALL)).isEqualTo(2);
        assertFails(WsaError.WSAEINTR, () -> receive(c.server(), 1));
    }

    @Test
    void aSendThatWasCutShortLeavesTheSocketGoodForClosingAlone() throws WinsockException {
        Connection c = connection();
        cancelAtOnce();
        assertFails(WsaError.WSAEINTR, () -> winsock.send(c.client(), ByteBuffer.allocateDirect(16 << 20), 0));
        winsock.wsaUnhookBlockingHook();

        assertFails(WsaError.WSAECONNABORTED, () -> winsock.send(c.client(), bytes("x"), 0));
        assertFails(WsaError.WSAECONNABORTED, () -> receive(c.client(), 1));
        winsock.closesocket(c.client());
    }

    @Test
    void withoutABlockingCallThereIsNothingToCancel() throws WinsockException {
        SocketHandle s = tcp();

        assertFails(WsaError.WSAEINVAL, () -> new TcpIpTable(inside(s).network, null).wspCancelBlockingCall());
    }
}
