package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
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

/** SIO_EXT_POLL: what WSAPoll asks of a base provider. */
final class PollTest extends MemoryTest {
    private static final int ALL = WsaPollFd.POLLIN | WsaPollFd.POLLOUT;

    private int poll(SocketHandle asked, int timeoutMillis, WsaPollFd... fds) throws WinsockException {
        WsaPollData data = new WsaPollData(fds, timeoutMillis);
        winsock.ioctlsocket(asked, IoctlCode.SIO_EXT_POLL, data);
        return data.result();
    }

    private int state(SocketHandle s) throws WinsockException {
        WsaPollFd fd = new WsaPollFd(s, ALL);
        poll(s, 0, fd);
        return fd.revents();
    }

    @Test
    void aConnectionIsWritableAndReadableAsItIs() throws WinsockException {
        Connection c = connection();
        assertThat(state(c.server())).isEqualTo(WsaPollFd.POLLWRNORM);
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(state(c.server())).isEqualTo(WsaPollFd.POLLWRNORM | WsaPollFd.POLLRDNORM);
        winsock.send(c.client(), bytes("!"), MessageFlag.MSG_OOB);
        receive(c.server(), 1);
        assertThat(state(c.server())).isEqualTo(WsaPollFd.POLLWRNORM | WsaPollFd.POLLRDBAND);
        nonBlocking(c.client());
        fill(c.client());
        assertThat(state(c.client())).isZero();
        assertThat(state(stream())).isZero();
    }

    @Test
    void onlyWhatIsAskedForIsAnswered() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("x"), 0);
        WsaPollFd write = new WsaPollFd(c.server(), WsaPollFd.POLLOUT);
        WsaPollFd urgent = new WsaPollFd(c.server(), WsaPollFd.POLLRDBAND);
        WsaPollFd left = new WsaPollFd(null, ALL);
        left.revents(77);
        assertThat(poll(c.server(), 0, write, urgent, left)).isEqualTo(1);
        assertThat(write.revents()).isEqualTo(WsaPollFd.POLLWRNORM);
        assertThat(urgent.revents()).isZero();
        assertThat(left.revents()).isZero();
    }

    @Test
    void aListenerIsReadableWhenSomebodyWaits() throws WinsockException {
        SocketHandle listener = listener();
        assertThat(state(listener)).isZero();
        winsock.connect(stream(), nameOf(listener));
        assertThat(state(listener)).isEqualTo(WsaPollFd.POLLRDNORM);
    }

    @Test
    void anEndIsAHangUpAndAResetAnErrorToo() throws WinsockException {
        Connection c = connection();
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(state(c.server()))
                .isEqualTo(WsaPollFd.POLLHUP | WsaPollFd.POLLRDNORM | WsaPollFd.POLLWRNORM);
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(c.client());
        WsaPollFd nothing = new WsaPollFd(c.server(), 0);
        assertThat(poll(c.server(), 0, nothing)).isEqualTo(1);
        assertThat(nothing.revents()).isEqualTo(WsaPollFd.POLLHUP | WsaPollFd.POLLERR);
    }

    @Test
    void aFailedConnectIsAnError() throws WinsockException {
        SocketHandle s = stream();
        nonBlocking(s);
        winsock.connect(s, nobody());
        assertThat(state(s)).isEqualTo(WsaPollFd.POLLERR | WsaPollFd.POLLHUP);
    }

    @Test
    void aPollWaitsForTheFirstOfSeveral() throws Exception {
        Connection c = connection();
        SocketHandle d = boundDatagram();
        WsaPollFd first = new WsaPollFd(c.server(), WsaPollFd.POLLIN);
        WsaPollFd second = new WsaPollFd(d, WsaPollFd.POLLIN);
        CompletableFuture<Integer> ready = waiting(() -> poll(d, -1, first, second));
        assertThat(ready).isNotDone();
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(ready.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(first.revents()).isEqualTo(WsaPollFd.POLLRDNORM);
        assertThat(second.revents()).isZero();
    }

    @Test
    void aSocketThatIsClosedWhilePolledIsInvalid() throws Exception {
        Connection c = connection();
        WsaPollFd fd = new WsaPollFd(c.server(), WsaPollFd.POLLIN);
        CompletableFuture<Integer> ready = waiting(() -> poll(c.client(), -1, fd));
        winsock.closesocket(c.server());
        assertThat(ready.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(fd.revents()).isEqualTo(WsaPollFd.POLLNVAL);
        assertThat(poll(c.client(), 0, fd)).isEqualTo(1);
        assertThat(fd.revents()).isEqualTo(WsaPollFd.POLLNVAL);
    }

    @Test
    void aPollNeedsItsData() throws WinsockException {
        assertFails(WsaError.WSAEFAULT, () -> winsock.ioctlsocket(stream(), IoctlCode.SIO_EXT_POLL, null));
    }
}
