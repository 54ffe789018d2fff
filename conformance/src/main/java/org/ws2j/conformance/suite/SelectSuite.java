package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.bytes;

import java.nio.ByteBuffer;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** select. */
final class SelectSuite extends Suite {
    private static final Timeval LONG = new Timeval(10, 0);
    private static final Timeval SHORT = new Timeval(0, 1_000);

    @Proves("select.read-data")
    void dataMakesASocketReadable() throws WinsockException {
        Connection c = net.connection();
        net.send(c.server(), "x");
        FdSet read = FdSet.of(c.client());

        assertThat(ws.select(read, null, null, LONG)).isEqualTo(1);
        assertThat(read.fdIsSet(c.client())).isTrue();
    }

    @Proves("select.read-data")
    void aDatagramMakesASocketReadable() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        ws.sendto(net.datagram(), bytes("x"), 0, net.name(receiver));

        assertThat(ws.select(FdSet.of(receiver), null, null, LONG)).isEqualTo(1);
    }

    @Proves("select.read-end")
    void theEndOfAStreamMakesASocketReadable() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.server(), ShutdownHow.SD_SEND);

        assertThat(ws.select(FdSet.of(c.client()), null, null, LONG)).isEqualTo(1);
        assertThat(net.receive(c.client(), 1)).isEmpty();
    }

    @Proves("select.read-end")
    void aResetMakesASocketReadable() throws WinsockException {
        Connection c = net.connection();
        net.reset(c.server());

        assertThat(ws.select(FdSet.of(c.client()), null, null, LONG)).isEqualTo(1);
        fails(WsaError.WSAECONNRESET, () -> net.receive(c.client(), 1));
    }

    @Proves("select.read-accept")
    void aConnectionThatWaitsMakesAListenerReadable() throws WinsockException {
        SocketHandle listener = net.listener();
        ws.connect(net.stream(), net.name(listener));

        assertThat(ws.select(FdSet.of(listener), null, null, LONG)).isEqualTo(1);
        assertThat(net.own(ws.accept(listener, null))).isNotNull();
    }

    @Proves("select.write-connect")
    void aConnectThatSucceededMakesASocketWritable() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.nonBlocking(net.stream());
        ws.connect(s, net.name(listener));
        FdSet write = FdSet.of(s);
        FdSet except = FdSet.of(s);

        assertThat(ws.select(null, write, except, LONG)).isEqualTo(1);
        assertThat(write.fdIsSet(s)).isTrue();
        assertThat(except.fdIsSet(s)).isFalse();
    }

    @Proves("select.write-room")
    void aConnectionWithRoomIsWritable() throws WinsockException {
        Connection c = net.connection();
        assertThat(ws.select(null, FdSet.of(c.client(), c.server()), null, LONG)).isEqualTo(2);
    }

    @Proves("select.write-room")
    void aConnectionWithoutRoomIsNotWritable() throws WinsockException {
        Connection c = net.connection();
        long filled = net.fill(net.nonBlocking(c.client()));
        assertThat(ws.select(null, FdSet.of(c.client()), null, Timeval.POLL)).isZero();
        net.drain(c.server(), filled);

        assertThat(ws.select(null, FdSet.of(c.client()), null, LONG)).isEqualTo(1);
    }

    @Proves("select.write-room")
    void aDatagramSocketIsWritable() throws WinsockException {
        assertThat(ws.select(null, FdSet.of(net.boundDatagram()), null, LONG)).isEqualTo(1);
    }

    @Proves("select.except-oob")
    void urgentDataIsAnException() throws WinsockException {
        skipIf(Flag.NO_URGENT_RECEIVE);
        Connection c = net.connection();
        ws.send(c.server(), bytes("!"), MessageFlag.MSG_OOB);

        assertThat(ws.select(null, null, FdSet.of(c.client()), LONG)).isEqualTo(1);
    }

    @Proves("select.except-connect")
    void aConnectThatFailedIsAnExceptionAndNotWritable() throws WinsockException {
        SocketHandle s = net.nonBlocking(net.stream());
        wouldBlock(ws.connect(s, net.nobody()));
        FdSet write = FdSet.of(s);
        FdSet except = FdSet.of(s);

        assertThat(ws.select(null, write, except, LONG)).isEqualTo(1);
        assertThat(except.fdIsSet(s)).isTrue();
        assertThat(write.fdCount()).isZero();
    }

    @Proves({"select.count", "trap-49"})
    void aSocketThatIsReadyInTwoSetsCountsTwice() throws WinsockException {
        Connection c = net.connection();
        net.send(c.server(), "x");
        net.awaitReadable(c.client());

        assertThat(ws.select(FdSet.of(c.client()), FdSet.of(c.client()), FdSet.of(c.client()), LONG)).isEqualTo(2);
    }

    @Proves({"select.compact", "trap-49"})
    void theSetsHoldTheReadySocketsAlone() throws WinsockException {
        Connection quiet = net.connection();
        Connection busy = net.connection();
        net.send(busy.server(), "x");
        net.awaitReadable(busy.client());
        FdSet read = FdSet.of(quiet.client(), busy.client(), quiet.server());

        assertThat(ws.select(read, null, null, LONG)).isEqualTo(1);
        assertThat(read.fdCount()).isEqualTo(1);
        assertThat(read.get(0)).isSameAs(busy.client());
    }

    @Proves({"select.compact", "trap-49"})
    void setsOfAnySizeAreTaken() throws WinsockException {
        int count = 2 * FdSet.FD_SETSIZE;
        FdSet write = new FdSet(count);
        for (int i = 0; i < count; i++) {
            write.fdSet(net.boundDatagram());
        }

        assertThat(ws.select(null, write, null, LONG)).isEqualTo(count);
        assertThat(write.fdCount()).isEqualTo(count);
    }

    @Proves("select.timeout")
    void atTheTimeoutTheSetsAreEmpty() throws WinsockException {
        Connection c = net.connection();
        FdSet read = FdSet.of(c.client(), c.server());
        FdSet except = FdSet.of(c.client());

        assertThat(ws.select(read, null, except, SHORT)).isZero();
        assertThat(read.fdCount()).isZero();
        assertThat(except.fdCount()).isZero();
    }

    @Proves("select.poll")
    void aTimeOfZeroOnlyLooks() throws WinsockException {
        assertThat(ws.select(FdSet.of(net.connection().client()), null, null, Timeval.POLL)).isZero();
    }

    @Proves("select.poll")
    void withoutATimeSelectWaitsUntilSomethingIsReady() throws Exception {
        Connection c = net.connection();
        Call<Integer> waiting = calls.waiting(() -> ws.select(FdSet.of(c.client()), null, null, null));
        assertThat(waiting.isDone()).isFalse();
        net.send(c.server(), "x");

        assertThat(waiting.result()).isEqualTo(1);
    }

    @Proves("select.poll")
    void aWaitingSelectSeesEachOfItsSockets() throws Exception {
        Connection one = net.connection();
        Connection two = net.connection();
        FdSet read = FdSet.of(one.client(), two.client());
        Call<Integer> waiting = calls.waiting(() -> ws.select(read, null, null, LONG));
        net.send(two.server(), "x");

        assertThat(waiting.result()).isEqualTo(1);
        assertThat(read.get(0)).isSameAs(two.client());
    }

    @Proves("select.inval")
    void aTimeOutOfRangeIsInvalid() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        for (Timeval time : new Timeval[] {new Timeval(-1, 0), new Timeval(0, -1), new Timeval(0, 1_000_000)}) {
            fails(WsaError.WSAEINVAL, () -> ws.select(FdSet.of(s), null, null, time));
        }
    }

    @Proves("select.inval")
    void noSocketAtAllIsInvalid() {
        fails(WsaError.WSAEINVAL, () -> ws.select(null, null, null, Timeval.POLL));
        fails(WsaError.WSAEINVAL, () -> ws.select(new FdSet(), new FdSet(), null, Timeval.POLL));
    }

    @Proves("select.notsock")
    void aClosedSocketIsNoMember() throws WinsockException {
        SocketHandle closed = net.stream();
        ws.closesocket(closed);
        SocketHandle open = net.boundDatagram();

        fails(WsaError.WSAENOTSOCK, () -> ws.select(FdSet.of(open, closed), null, null, Timeval.POLL));
        fails(WsaError.WSAENOTSOCK, () -> ws.select(null, FdSet.of(open), FdSet.of(closed), Timeval.POLL));
    }

    @Proves({"select.count", "trap-50"})
    void streamsAndDatagramsMayBeMixed() throws WinsockException {
        Connection c = net.connection();
        SocketHandle datagram = net.boundDatagram();
        FdSet write = FdSet.of(c.client(), datagram);

        assertThat(ws.select(null, write, null, LONG)).isEqualTo(2);
        assertThat(write.fdIsSet(datagram)).isTrue();
    }

    @Proves("select.quiet")
    void selectTakesNoData() throws WinsockException {
        Connection c = net.connection();
        net.send(c.server(), "x");
        net.awaitReadable(c.client());
        net.awaitReadable(c.client());

        ByteBuffer room = ByteBuffer.allocate(8);
        assertThat(ws.recv(c.client(), room, 0)).isEqualTo(1);
    }
}
