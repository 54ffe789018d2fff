package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.spi.WsaPollFd.POLLERR;
import static org.ws2j.spi.WsaPollFd.POLLHUP;
import static org.ws2j.spi.WsaPollFd.POLLIN;
import static org.ws2j.spi.WsaPollFd.POLLNVAL;
import static org.ws2j.spi.WsaPollFd.POLLOUT;
import static org.ws2j.spi.WsaPollFd.POLLRDNORM;
import static org.ws2j.spi.WsaPollFd.POLLWRNORM;

import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaPollFd;

/** WSAPoll. */
final class PollSuite extends Suite {
    private static final int LONG_MILLIS = 10_000;

    @Proves("poll.ready")
    void dataMakesASocketReadable() throws WinsockException {
        Connection c = net.connection();
        net.send(c.server(), "x");
        assertThat(poll(new WsaPollFd(c.client(), POLLRDNORM))).isEqualTo(POLLRDNORM);
    }

    @Proves("poll.ready")
    void aDatagramMakesASocketReadable() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        ws.sendto(net.datagram(), bytes("x"), 0, net.name(receiver));
        assertThat(poll(new WsaPollFd(receiver, POLLIN))).isEqualTo(POLLRDNORM);
    }

    @Proves("poll.ready")
    void aConnectionThatWaitsMakesAListenerReadable() throws WinsockException {
        SocketHandle listener = net.listener();
        ws.connect(net.stream(), net.name(listener));
        assertThat(poll(new WsaPollFd(listener, POLLRDNORM))).isEqualTo(POLLRDNORM);
    }

    @Proves("poll.ready")
    void aConnectionWithRoomIsWritable() throws WinsockException {
        Connection c = net.connection();
        assertThat(poll(new WsaPollFd(c.client(), POLLOUT))).isEqualTo(POLLWRNORM);
    }

    @Proves("poll.ready")
    void aConnectThatSucceededMakesASocketWritable() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.nonBlocking(net.stream());
        ws.connect(s, net.name(listener));
        assertThat(poll(new WsaPollFd(s, POLLWRNORM))).isEqualTo(POLLWRNORM);
    }

    @Proves("poll.ready")
    void onlyWhatWasAskedForIsTold() throws WinsockException {
        Connection c = net.connection();
        net.send(c.server(), "x");
        net.awaitReadable(c.client());
        assertThat(poll(new WsaPollFd(c.client(), POLLWRNORM))).isEqualTo(POLLWRNORM);
        assertThat(poll(new WsaPollFd(c.client(), POLLWRNORM | POLLRDNORM))).isEqualTo(POLLWRNORM | POLLRDNORM);
    }

    @Proves("poll.ready")
    void eachSocketHasItsOwnAnswer() throws WinsockException {
        Connection busy = net.connection();
        Connection quiet = net.connection();
        net.send(busy.server(), "x");
        net.awaitReadable(busy.client());
        WsaPollFd[] fds = {
                new WsaPollFd(quiet.client(), POLLRDNORM),
                new WsaPollFd(busy.client(), POLLRDNORM),
                new WsaPollFd(quiet.server(), POLLRDNORM)
        };

        assertThat(ws.wsaPoll(fds, LONG_MILLIS)).isEqualTo(1);
        assertThat(fds).extracting(WsaPollFd::revents).containsExactly(0, POLLRDNORM, 0);
    }

    @Proves("poll.ready")
    void anEntryWithoutASocketIsLeftOut() throws WinsockException {
        Connection c = net.connection();
        WsaPollFd none = new WsaPollFd(null, POLLOUT);
        none.revents(POLLERR);
        WsaPollFd[] fds = {none, new WsaPollFd(c.client(), POLLOUT)};

        assertThat(ws.wsaPoll(fds, LONG_MILLIS)).isEqualTo(1);
        assertThat(none.revents()).isZero();
    }

    @Proves("poll.ready")
    void aPollWaitsUntilSomethingIsReady() throws Exception {
        Connection c = net.connection();
        WsaPollFd[] fds = {new WsaPollFd(c.client(), POLLRDNORM)};
        Call<Integer> waiting = calls.waiting(() -> ws.wsaPoll(fds, -1));
        assertThat(waiting.isDone()).isFalse();
        net.send(c.server(), "x");

        assertThat(waiting.result()).isEqualTo(1);
        assertThat(fds[0].revents()).isEqualTo(POLLRDNORM);
    }

    @Proves("poll.hup")
    void theEndOfThePeersStreamIsToldUnasked() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.server(), ShutdownHow.SD_SEND);
        net.awaitReadable(c.client());
        assertThat(poll(new WsaPollFd(c.client(), POLLRDNORM)) & POLLHUP).isEqualTo(POLLHUP);
    }

    @Proves("poll.hup")
    void aResetIsToldAsAHangUp() throws WinsockException {
        Connection c = net.connection();
        net.reset(c.server());
        net.awaitReadable(c.client());
        assertThat(poll(new WsaPollFd(c.client(), POLLRDNORM)) & POLLHUP).isEqualTo(POLLHUP);
    }

    @Proves("poll.err")
    void aConnectThatFailedIsAnError() throws WinsockException {
        SocketHandle s = net.nonBlocking(net.stream());
        wouldBlock(ws.connect(s, net.nobody()));
        assertThat(poll(new WsaPollFd(s, POLLWRNORM)) & POLLERR).isEqualTo(POLLERR);
    }

    @Proves("poll.nval")
    void aClosedSocketIsToldAsNoSocket() throws WinsockException {
        SocketHandle closed = net.stream();
        ws.closesocket(closed);
        SocketHandle open = net.boundDatagram();
        WsaPollFd[] fds = {new WsaPollFd(closed, POLLRDNORM), new WsaPollFd(open, POLLOUT)};

        assertThat(ws.wsaPoll(fds, LONG_MILLIS)).isEqualTo(2);
        assertThat(fds[0].revents()).isEqualTo(POLLNVAL);
        assertThat(fds[1].revents()).isEqualTo(POLLWRNORM);
    }

    @Proves({"poll.nval", "fact-6"})
    void closingThePolledSocketEndsThePoll() throws Exception {
        SocketHandle s = net.connection().client();
        WsaPollFd[] fds = {new WsaPollFd(s, POLLRDNORM)};
        Call<Integer> waiting = calls.waiting(() -> ws.wsaPoll(fds, LONG_MILLIS));
        ws.closesocket(s);

        assertThat(waiting.result()).isEqualTo(1);
        assertThat(fds[0].revents()).isEqualTo(POLLNVAL);
    }

    @Proves("poll.timeout")
    void nothingIsReadyAtTheTimeout() throws WinsockException {
        WsaPollFd[] fds = {new WsaPollFd(net.connection().client(), POLLRDNORM)};
        assertThat(ws.wsaPoll(fds, 1)).isZero();
        assertThat(ws.wsaPoll(fds, 0)).isZero();
        assertThat(fds[0].revents()).isZero();
    }

    @Proves("poll.inval")
    void noSocketAtAllIsInvalid() {
        fails(WsaError.WSAEINVAL, () -> ws.wsaPoll(new WsaPollFd[0], 0));
        fails(WsaError.WSAEFAULT, () -> ws.wsaPoll(null, 0));
    }

    @Proves("poll.inval")
    void whatIsOnlyAnsweredCannotBeAskedFor() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        for (int bit : new int[] {POLLERR, POLLHUP, POLLNVAL}) {
            fails(WsaError.WSAEINVAL, () -> ws.wsaPoll(new WsaPollFd[] {new WsaPollFd(s, bit)}, 0));
        }
    }

    @Proves({"poll.ready", "trap-50"})
    void streamsAndDatagramsMayBeMixed() throws WinsockException {
        WsaPollFd[] fds = {
                new WsaPollFd(net.connection().client(), POLLOUT), new WsaPollFd(net.boundDatagram(), POLLOUT)
        };
        assertThat(ws.wsaPoll(fds, LONG_MILLIS)).isEqualTo(2);
    }

    /** Polls one socket, which must be ready. {@return its answer} */
    private int poll(WsaPollFd fd) throws WinsockException {
        assertThat(ws.wsaPoll(new WsaPollFd[] {fd}, LONG_MILLIS)).as("sockets ready").isEqualTo(1);
        return fd.revents();
    }
}
