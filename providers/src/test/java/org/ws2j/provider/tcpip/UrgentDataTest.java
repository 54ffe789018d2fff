package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WspResult;

/** MSG_OOB and SO_OOBINLINE. */
final class UrgentDataTest extends TcpIpTest {
    private void inline(SocketHandle s) throws WinsockException {
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_OOBINLINE, true);
    }

    private String receiveAll(SocketHandle s, int count) throws WinsockException {
        ByteBuffer target = ByteBuffer.allocate(count);
        winsock.recv(s, target, MessageFlag.MSG_WAITALL);
        return text(target);
    }

    @Test
    void urgentDataIsReceivedInLineAtItsPlace() throws WinsockException {
        Connection c = connection();
        inline(c.server());
        winsock.send(c.client(), bytes("ab"), 0);
        assertThat(winsock.send(c.client(), bytes("c"), MessageFlag.MSG_OOB)).isEqualTo(1);
        winsock.send(c.client(), bytes("de"), 0);

        assertThat(receiveAll(c.server(), 5)).isEqualTo("abcde");
    }

    @Test
    void theLastOfSeveralBytesIsTheUrgentOne() throws WinsockException {
        Connection c = connection();
        assertThat(winsock.send(c.client(), bytes("abc"), MessageFlag.MSG_OOB)).isEqualTo(3);
        winsock.send(c.client(), bytes("de"), 0);

        assertThat(receiveAll(c.server(), 4)).isEqualTo("abde"); // Out of line there is no way to it.
    }

    @Test
    void severalBuffersAreOneUrgentSend() throws WinsockException {
        Connection c = connection();
        ByteBuffer[] parts = {bytes("a"), bytes("bc"), ByteBuffer.allocate(0)};
        assertThat(winsock.wsaSend(c.client(), parts, MessageFlag.MSG_OOB, null, null)).isEqualTo(3);
        winsock.send(c.client(), bytes("d"), 0);

        assertThat(receiveAll(c.server(), 3)).isEqualTo("abd");
    }

    @Test
    void acceptedSocketsReceiveInLineAsTheirListenerDoes() throws WinsockException {
        SocketHandle listener = listener();
        inline(listener);
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));
        SocketHandle server = winsock.accept(listener, null);
        winsock.send(client, bytes("ab"), MessageFlag.MSG_OOB);

        assertThat(receiveAll(server, 2)).isEqualTo("ab");
        assertThat(winsock.getsockopt(server, SocketOption.SOL_SOCKET, SocketOption.SO_OOBINLINE)).isEqualTo(true);
    }

    @Test
    void anOverlappedUrgentSendWaitsForRoom() throws WinsockException {
        Connection c = connection();
        inline(c.server());
        nonBlocking(c.client());
        long filled = fill(c.client());
        assertThat(winsock.send(c.client(), bytes("x"), MessageFlag.MSG_OOB)).isEqualTo(WspResult.WOULD_BLOCK);
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);
        assertThat(winsock.wsaSend(c.client(), bytes("end"), MessageFlag.MSG_OOB, block, null))
                .isEqualTo(WspResult.IO_PENDING);
        drain(c.server(), filled);

        assertThat(receiveAll(c.server(), 3)).isEqualTo("end");
        assertThat(winsock.wsaGetOverlappedResult(c.client(), block, true, null)).isEqualTo(3);
        winsock.wsaCloseEvent(event);
    }

    @Test
    void nothingUrgentIsNothing() throws WinsockException {
        Connection c = connection();

        assertThat(winsock.send(c.client(), ByteBuffer.allocate(0), MessageFlag.MSG_OOB)).isZero();
    }

    @Test
    void thereIsNoWayToUrgentDataOutOfLine() throws WinsockException {
        Connection c = connection();
        ByteBuffer target = ByteBuffer.allocate(1);
        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.recv(c.server(), target, MessageFlag.MSG_OOB));
        inline(c.server());

        assertFails(WsaError.WSAEINVAL, () -> winsock.recv(c.server(), target, MessageFlag.MSG_OOB));
    }

    @Test
    void datagramsAreNeverUrgent() throws WinsockException {
        SocketHandle s = boundUdp();

        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.sendto(s, bytes("x"), MessageFlag.MSG_OOB, nameOf(s)));
        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.recv(s, ByteBuffer.allocate(1), MessageFlag.MSG_OOB));
    }
}
