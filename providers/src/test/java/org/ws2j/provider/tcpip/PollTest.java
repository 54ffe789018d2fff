package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Linger;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;
import org.ws2j.spi.WspResult;

/** SIO_EXT_POLL, which WSAPoll is made of. */
final class PollTest extends TcpIpTest {
    private static final int LONG = 20_000;
    private static final int BOTH = WsaPollFd.POLLRDNORM | WsaPollFd.POLLWRNORM;

    private int poll(int timeoutMillis, WsaPollFd... entries) throws WinsockException {
        WsaPollData data = new WsaPollData(entries, timeoutMillis);
        winsock.wsaIoctl(caller(), IoctlCode.SIO_EXT_POLL, data, null, null, null);
        return data.result();
    }

    private SocketHandle caller() throws WinsockException {
        return tcp();
    }

    private int answer(int timeoutMillis, SocketHandle s, int events) throws WinsockException {
        WsaPollFd entry = new WsaPollFd(s, events);
        int count = poll(timeoutMillis, entry);
        assertThat(count).isEqualTo(entry.revents() == 0 ? 0 : 1);
        return entry.revents();
    }

    @Test
    void aConnectedStreamCanBeSentToAndWithDataReceivedFrom() throws WinsockException {
        Connection c = connection();
        assertThat(answer(0, c.server(), BOTH)).isEqualTo(WsaPollFd.POLLWRNORM);
        assertThat(answer(0, c.server(), WsaPollFd.POLLIN)).isZero();
        winsock.send(c.client(), bytes("x"), 0);

        assertThat(answer(LONG, c.server(), WsaPollFd.POLLIN)).isEqualTo(WsaPollFd.POLLRDNORM);
        assertThat(receive(c.server(), 9)).isEqualTo("x");
    }

    @Test
    void whereNoEntryIsAnOpenSocketNobodyWaits() throws WinsockException {
        SocketHandle closed = tcp();
        winsock.closesocket(closed);

        assertThat(answer(-1, closed, BOTH)).isEqualTo(WsaPollFd.POLLNVAL);
    }

    @Test
    void whatWasPeekedAtCanBeReceived() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("x"), 0);
        winsock.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_PEEK);

        assertThat(answer(0, c.server(), WsaPollFd.POLLRDNORM)).isEqualTo(WsaPollFd.POLLRDNORM);
    }

    @Test
    void aPendingConnectionCanBeReceivedFromTheListener() throws WinsockException {
        SocketHandle listener = listener();
        var polled = async(() -> answer(-1, listener, BOTH));
        awaitBlocked(listener);
        winsock.connect(tcp(), nameOf(listener));

        assertThat(polled.join()).isEqualTo(WsaPollFd.POLLRDNORM);
    }

    @Test
    void aConnectThatSucceedsCanBeSentTo() throws WinsockException {
        SocketHandle s = tcp();
        nonBlocking(s);
        winsock.connect(s, nameOf(listener()));

        assertThat(answer(LONG, s, BOTH)).isEqualTo(WsaPollFd.POLLWRNORM);
    }

    @Test
    void aConnectThatFailsIsAnErrorAskedForOrNot() throws WinsockException {
        SocketHandle s = tcp();
        nonBlocking(s);
        winsock.connect(s, nobody());

        assertThat(answer(LONG, s, 0)).isEqualTo(WsaPollFd.POLLERR | WsaPollFd.POLLHUP);
        assertThat(answer(LONG, s, BOTH)).isEqualTo(WsaPollFd.POLLERR | WsaPollFd.POLLHUP | WsaPollFd.POLLWRNORM);
    }

    @Test
    void theEndOfAStreamIsAHangUpWhenAllIsRead() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("x"), 0);
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(answer(LONG, c.server(), WsaPollFd.POLLRDNORM)).isEqualTo(WsaPollFd.POLLRDNORM);
        assertThat(receive(c.server(), 1)).isEqualTo("x");

        assertThat(answer(LONG, c.server(), BOTH)).isEqualTo(BOTH | WsaPollFd.POLLHUP);
        assertThat(receive(c.server(), 1)).isEmpty();
    }

    @Test
    void aResetIsAHangUpAndAnError() throws WinsockException {
        Connection c = connection();
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(c.client());

        assertThat(answer(LONG, c.server(), WsaPollFd.POLLRDNORM))
                .isEqualTo(WsaPollFd.POLLRDNORM | WsaPollFd.POLLHUP | WsaPollFd.POLLERR);
    }

    @Test
    void datagramSocketsAreWritableAndReadableWithADatagram() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        assertThat(answer(0, b, BOTH)).isEqualTo(WsaPollFd.POLLWRNORM);
        winsock.sendto(a, bytes("x"), 0, nameOf(b));

        assertThat(answer(LONG, b, WsaPollFd.POLLRDNORM)).isEqualTo(WsaPollFd.POLLRDNORM);
    }

    @Test
    void closingAPolledSocketEndsThePoll() throws WinsockException {
        Connection c = connection();
        WsaPollFd closed = new WsaPollFd(c.server(), WsaPollFd.POLLRDNORM);
        WsaPollFd other = new WsaPollFd(c.client(), WsaPollFd.POLLRDNORM);
        var polled = async(() -> poll(-1, closed, other));
        awaitBlocked(c.server());
        winsock.closesocket(c.server());

        assertThat(polled.join()).isIn(1, 2); // Its peer notices, sooner or later.
        assertThat(closed.revents()).isEqualTo(WsaPollFd.POLLNVAL);
    }

    @Test
    void whatIsNoSocketIsAnsweredAtOnceAndWhatIsLeftOutIsNot() throws WinsockException {
        Connection c = connection();
        SocketHandle gone = tcp();
        winsock.closesocket(gone);
        WsaPollFd invalid = new WsaPollFd(gone, WsaPollFd.POLLRDNORM);
        WsaPollFd leftOut = new WsaPollFd(null, WsaPollFd.POLLRDNORM);
        leftOut.revents(WsaPollFd.POLLERR);
        WsaPollFd quiet = new WsaPollFd(c.server(), WsaPollFd.POLLRDNORM);

        assertThat(poll(-1, invalid, leftOut, quiet)).isEqualTo(1);
        assertThat(invalid.revents()).isEqualTo(WsaPollFd.POLLNVAL);
        assertThat(leftOut.revents()).isZero();
        assertThat(quiet.revents()).isZero();
    }

    @Test
    void theTimeOutAnswersNothing() throws WinsockException {
        Connection c = connection();

        assertThat(answer(1, c.server(), WsaPollFd.POLLRDNORM)).isZero();
        assertThat(answer(0, tcp(), BOTH)).isZero();
    }

    @Test
    void oneSocketMayStandInSeveralEntries() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(answer(LONG, c.server(), WsaPollFd.POLLRDNORM)).isEqualTo(WsaPollFd.POLLRDNORM);
        List<WsaPollFd> entries = new ArrayList<>();
        for (int events : new int[] {WsaPollFd.POLLRDNORM, WsaPollFd.POLLWRNORM}) {
            entries.add(new WsaPollFd(c.server(), events));
        }

        assertThat(poll(LONG, entries.toArray(WsaPollFd[]::new))).isEqualTo(2);
        assertThat(entries).extracting(WsaPollFd::revents)
                .containsExactly(WsaPollFd.POLLRDNORM, WsaPollFd.POLLWRNORM);
    }

    @Test
    void badParametersAreRefused() throws WinsockException {
        SocketHandle s = tcp();

        assertFails(WsaError.WSAEINVAL, () -> poll(0));
        assertFails(WsaError.WSAEFAULT, () -> winsock.wsaIoctl(s, IoctlCode.SIO_EXT_POLL, null, null, null, null));
        assertThat(winsock.wsaIoctl(s, IoctlCode.SIO_EXT_POLL, null, null, new HeapOverlapped(), null))
                .isEqualTo(WspResult.IO_PENDING);
    }
}
