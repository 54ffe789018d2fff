package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.address;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.conformance.Network.text;

import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.List;
import org.ws2j.conformance.Attempt;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.PlainDatagram;
import org.ws2j.conformance.PlainListener;
import org.ws2j.conformance.PlainSocket;
import org.ws2j.conformance.PlainStream;
import org.ws2j.conformance.PlainSuite;
import org.ws2j.conformance.Proves;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** What every program with sockets relies on, whoever makes them. */
final class ControlGroupSuite extends PlainSuite {
    private static final int BLOCK = 64 << 10;

    /** More than the buffers of two sockets hold, and no multiple of anything. */
    private static final int MUCH = (16 << 20) + 7;

    /** Of the period of the pattern that is sent: a prime, so that no shift by a buffer's size looks the same. */
    private static final int PERIOD = 251;

    private record Pair(PlainStream client, PlainStream server) {}

    private Pair connection() throws WinsockException {
        PlainListener listener = sockets.listener();
        PlainStream client = sockets.stream();
        client.connect(listener.name());
        return new Pair(client, listener.accept());
    }

    private PlainDatagram boundDatagram() throws WinsockException {
        PlainDatagram s = sockets.datagram();
        s.bind(loopback(0));
        return s;
    }

    private static String receive(PlainSocket s, int room) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(room);
        s.receive(buffer);
        return text(buffer);
    }

    private static String receiveAll(PlainSocket s, int count) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        int n = 1;
        while (n > 0 && buffer.hasRemaining()) {
            n = s.receive(buffer);
        }
        return text(buffer);
    }

    private static void assertReset(Attempt call) {
        fails(WsaError.WSAECONNRESET, call);
    }

    // ---- streams ---------------------------------------------------------------------------------------------------

    @Proves({"recv.any", "send.in-order"})
    void aStreamKeepsTheOrderAndNoBoundaries() throws WinsockException {
        Pair c = connection();
        for (String part : List.of("one", "two", "three")) {
            assertThat(c.client().send(bytes(part))).isEqualTo(part.length());
        }

        assertThat(receiveAll(c.server(), 11)).isEqualTo("onetwothree");
    }

    @Proves("recv.any")
    void whatHasNoRoomComesWithTheNextReceive() throws WinsockException {
        Pair c = connection();
        c.client().send(bytes("abcd"));

        assertThat(receiveAll(c.server(), 3)).isEqualTo("abc");
        assertThat(receive(c.server(), 3)).isEqualTo("d");
    }

    @Proves("recv.any")
    void bothDirectionsAreIndependent() throws WinsockException {
        Pair c = connection();
        c.client().send(bytes("ask"));
        c.server().send(bytes("reply"));

        assertThat(receiveAll(c.client(), 5)).isEqualTo("reply");
        assertThat(receiveAll(c.server(), 3)).isEqualTo("ask");
    }

    @Proves({"send.all", "send.in-order", "recv.in-order"})
    void moreThanAllBuffersHoldArrivesByteForByte() throws Exception {
        Pair c = connection();
        Call<Void> sending = calls.start(() -> sendPattern(c.client()));

        assertThat(firstWrongByte(c.server())).as("the first byte that is wrong, missing or too much").isEqualTo(MUCH);
        sending.result();
    }

    private static Void sendPattern(PlainStream s) throws WinsockException {
        ByteBuffer data = ByteBuffer.allocate(BLOCK);
        int sent = 0;
        while (sent < MUCH) {
            data.clear().limit(Math.min(BLOCK, MUCH - sent));
            for (int i = 0; i < data.limit(); i++) {
                data.put(i, (byte) ((sent + i) % PERIOD));
            }
            sent += s.send(data);
        }
        s.endSending();
        return null;
    }

    /** {@return how many bytes were right; as many as were sent only if the stream ends right behind them} */
    private static int firstWrongByte(PlainStream s) throws WinsockException {
        ByteBuffer room = ByteBuffer.allocate(BLOCK);
        int received = 0;
        while (s.receive(room.clear()) > 0) {
            room.flip();
            while (room.hasRemaining()) {
                if (room.get() != (byte) (received % PERIOD)) {
                    return received;
                }
                received++;
            }
        }
        return received;
    }

    @Proves("recv.any")
    void aBlockingReceiveWaits() throws Exception {
        Pair c = connection();
        Call<String> receiving = calls.waiting(() -> receive(c.server(), 8));
        c.client().send(bytes("late"));

        assertThat(receiving.result()).isEqualTo("late");
    }

    @Proves("recv.wouldblock")
    void aNonBlockingReceiveFindsNothing() throws WinsockException {
        Pair c = connection();
        c.server().makeNonBlocking();

        wouldBlock(c.server().receive(ByteBuffer.allocate(1)));
    }

    @Proves("send.part")
    void aNonBlockingSendTakesWhatThereIsRoomForAndNoMore() throws WinsockException {
        Pair c = connection();
        c.client().makeNonBlocking();
        ByteBuffer data = ByteBuffer.allocate(BLOCK);
        long sent = 0;
        int n = c.client().send(data);
        while (n > 0) {
            sent += n;
            n = c.client().send(data.clear());
        }
        wouldBlock(n);
        c.client().close();
        long received = 0;
        for (n = c.server().receive(data.clear()); n > 0; n = c.server().receive(data.clear())) {
            received += n;
        }

        assertThat(received).as("bytes received of " + sent).isEqualTo(sent).isPositive();
    }

    // ---- the end of a stream ---------------------------------------------------------------------------------------

    @Proves({"shutdown.send", "recv.graceful-end"})
    void theEndOfAStreamComesAfterItsDataAndStays() throws WinsockException {
        Pair c = connection();
        c.client().send(bytes("last"));
        c.client().endSending();

        assertThat(receiveAll(c.server(), 8)).isEqualTo("last");
        assertThat(c.server().receive(ByteBuffer.allocate(1))).isZero();
        assertThat(c.server().receive(ByteBuffer.allocate(1))).isZero();
    }

    @Proves("shutdown.send")
    void whoHasEndedItsStreamGoesOnReceiving() throws WinsockException {
        Pair c = connection();
        c.client().endSending();
        assertThat(c.server().receive(ByteBuffer.allocate(1))).isZero();
        c.server().send(bytes("still"));

        assertThat(receiveAll(c.client(), 5)).isEqualTo("still");
    }

    @Proves({"shutdown.send", "send.shutdown"})
    void nothingIsSentBehindTheEnd() throws WinsockException {
        Pair c = connection();
        c.client().endSending();

        fails(WsaError.WSAESHUTDOWN, () -> c.client().send(bytes("x")));
    }

    @Proves("shutdown.notconn")
    void aStreamThatIsNotConnectedHasNoEnd() throws WinsockException {
        PlainStream s = sockets.stream();

        fails(WsaError.WSAENOTCONN, s::endSending);
    }

    @Proves("closesocket.graceful")
    void whatWasSentArrivesAfterTheClose() throws WinsockException {
        Pair c = connection();
        c.client().send(bytes("bye"));
        c.client().close();

        assertThat(receiveAll(c.server(), 8)).isEqualTo("bye");
    }

    @Proves({"closesocket.hard", "recv.connreset"})
    void aResetFailsThePeersReceive() throws WinsockException {
        Pair c = connection();
        c.client().reset();

        assertReset(() -> c.server().receive(ByteBuffer.allocate(1)));
    }

    @Proves("recv.connreset")
    void aResetFailsAReceiveThatWaits() throws Exception {
        Pair c = connection();
        Call<String> receiving = calls.waiting(() -> receive(c.server(), 1));
        c.client().reset();

        assertReset(receiving::result);
    }

    @Proves("closesocket.blocked")
    void aReceiveThatWaitsEndsWhenItsSocketIsClosed() throws Exception {
        Pair c = connection();
        Call<String> receiving = calls.waiting(() -> receive(c.server(), 1));
        c.server().close();

        fails(WsaError.WSAEINTR, receiving::result);
    }

    @Proves("closesocket.notsock")
    void aClosedSocketIsNone() throws WinsockException {
        Pair c = connection();
        c.client().close();

        fails(WsaError.WSAENOTSOCK, () -> c.client().send(bytes("x")));
        fails(WsaError.WSAENOTSOCK, () -> c.client().receive(ByteBuffer.allocate(1)));
        fails(WsaError.WSAENOTSOCK, () -> c.client().name());
    }

    // ---- names and connecting --------------------------------------------------------------------------------------

    @Proves({"getsockname.name", "getpeername.name", "connect.implicit-bind"})
    void eachEndHasTheOthersNameAsItsPeer() throws WinsockException {
        Pair c = connection();

        assertThat(c.client().peerName()).isEqualTo(c.server().name());
        assertThat(c.server().peerName()).isEqualTo(c.client().name());
    }

    @Proves({"getsockname.inval", "getpeername.notconn"})
    void aNewSocketHasNoName() throws WinsockException {
        PlainStream s = sockets.stream();

        fails(WsaError.WSAEINVAL, s::name);
        fails(WsaError.WSAENOTCONN, s::peerName);
    }

    @Proves("bind.port-zero")
    void portZeroIsAnyPortThatIsFree() throws WinsockException {
        PlainStream s = sockets.stream();
        s.bind(loopback(0));

        assertThat(s.name().getPort()).isPositive();
    }

    @Proves("bind.inval")
    void bindingTwiceIsInvalid() throws WinsockException {
        PlainStream s = sockets.stream();
        s.bind(loopback(0));

        fails(WsaError.WSAEINVAL, () -> s.bind(loopback(0)));
    }

    @Proves("bind.addrinuse")
    void anAddressIsTakenOnce() throws WinsockException {
        InetSocketAddress taken = boundDatagram().name();
        PlainDatagram other = sockets.datagram();

        fails(WsaError.WSAEADDRINUSE, () -> other.bind(taken));
    }

    @Proves("bind.addrnotavail")
    void anAddressOfNobodyHereCannotBeBound() throws WinsockException {
        skipIf(Flag.EVERY_ADDRESS_IS_LOCAL);
        PlainStream s = sockets.stream();

        fails(WsaError.WSAEADDRNOTAVAIL, () -> s.bind(new InetSocketAddress(address("192.0.2.1"), 0)));
    }

    @Proves("connect.connrefused")
    void whereNobodyListensAConnectIsRefused() throws WinsockException {
        PlainListener listener = sockets.listener();
        InetSocketAddress name = listener.name();
        listener.close();
        PlainStream s = sockets.stream();

        fails(WsaError.WSAECONNREFUSED, () -> s.connect(name));
    }

    @Proves("connect.isconn")
    void aConnectedSocketCannotBeConnected() throws WinsockException {
        Pair c = connection();
        InetSocketAddress elsewhere = sockets.listener().name();

        fails(WsaError.WSAEISCONN, () -> c.client().connect(elsewhere));
    }

    @Proves({"send.notconn", "recv.notconn"})
    void aStreamThatIsNotConnectedTransfersNothing() throws WinsockException {
        PlainStream s = sockets.stream();

        fails(WsaError.WSAENOTCONN, () -> s.send(bytes("x")));
        fails(WsaError.WSAENOTCONN, () -> s.receive(ByteBuffer.allocate(1)));
    }

    // ---- accepting -------------------------------------------------------------------------------------------------

    @Proves("connect.before-accept")
    void aConnectionTakesDataBeforeItIsAccepted() throws WinsockException {
        PlainListener listener = sockets.listener();
        PlainStream client = sockets.stream();
        client.connect(listener.name());
        client.send(bytes("early"));

        assertThat(receiveAll(listener.accept(), 5)).isEqualTo("early");
    }

    @Proves("accept.oldest")
    void connectionsAreAcceptedInTheirOrder() throws WinsockException {
        PlainListener listener = sockets.listener();
        PlainStream first = sockets.stream();
        PlainStream second = sockets.stream();
        first.connect(listener.name());
        second.connect(listener.name());

        assertThat(listener.accept().peerName()).isEqualTo(first.name());
        assertThat(listener.accept().peerName()).isEqualTo(second.name());
    }

    @Proves("accept.blocks")
    void aBlockingAcceptWaits() throws Exception {
        PlainListener listener = sockets.listener();
        Call<PlainStream> accepting = calls.waiting(listener::accept);
        PlainStream client = sockets.stream();
        client.connect(listener.name());

        assertThat(accepting.result().peerName()).isEqualTo(client.name());
    }

    @Proves("accept.wouldblock")
    void aNonBlockingAcceptFindsNothing() throws WinsockException {
        PlainListener listener = sockets.listener();
        listener.makeNonBlocking();

        assertThat(listener.accept()).isNull();
    }

    @Proves("closesocket.blocked")
    void anAcceptThatWaitsEndsWhenItsListenerIsClosed() throws Exception {
        PlainListener listener = sockets.listener();
        Call<PlainStream> accepting = calls.waiting(listener::accept);
        listener.close();

        fails(WsaError.WSAEINTR, accepting::result);
    }

    @Proves("accept.independent")
    void whatWasAcceptedOutlivesItsListener() throws WinsockException {
        PlainListener listener = sockets.listener();
        PlainStream client = sockets.stream();
        client.connect(listener.name());
        PlainStream server = listener.accept();
        listener.close();
        client.send(bytes("on"));

        assertThat(receiveAll(server, 2)).isEqualTo("on");
    }

    // ---- options ---------------------------------------------------------------------------------------------------

    @Proves({"so.default", "so.set-get", "so.keepalive", "so.reuseaddr", "tcp.nodelay"})
    void everySwitchOfAStreamIsOffUntilItIsSet() throws WinsockException {
        assertSwitches(sockets.stream(), List.of(StandardSocketOptions.SO_KEEPALIVE,
                StandardSocketOptions.SO_REUSEADDR, StandardSocketOptions.TCP_NODELAY));
    }

    @Proves({"so.default", "so.set-get", "so.broadcast"})
    void everySwitchOfADatagramSocketIsOffUntilItIsSet() throws WinsockException {
        assertSwitches(sockets.datagram(), List.of(StandardSocketOptions.SO_BROADCAST));
    }

    private static void assertSwitches(PlainSocket s, List<SocketOption<Boolean>> switches) throws WinsockException {
        for (SocketOption<Boolean> option : switches) {
            assertThat(s.get(option)).as(option.name()).isFalse();
            s.set(option, true);
            assertThat(s.get(option)).as(option.name()).isTrue();
        }
    }

    @Proves("so.buffers")
    void buffersHaveASizeThatCanBeChanged() throws WinsockException {
        PlainStream s = sockets.stream();
        for (SocketOption<Integer> option : List.of(StandardSocketOptions.SO_RCVBUF, StandardSocketOptions.SO_SNDBUF)) {
            s.set(option, BLOCK);

            assertThat(s.get(option)).as(option.name()).isGreaterThanOrEqualTo(BLOCK);
        }
    }

    // ---- datagrams -------------------------------------------------------------------------------------------------

    @Proves({"recvfrom.boundaries", "recvfrom.source"})
    void eachReceiveTakesOneDatagramAndTellsItsSource() throws WinsockException {
        PlainDatagram sender = boundDatagram();
        PlainDatagram receiver = boundDatagram();
        sender.sendTo(bytes("one"), receiver.name());
        sender.sendTo(bytes("three"), receiver.name());
        ByteBuffer room = ByteBuffer.allocate(16);

        assertThat(receiver.receiveFrom(room)).isEqualTo(sender.name());
        assertThat(text(room)).isEqualTo("one");
        receiver.receiveFrom(room.clear());
        assertThat(text(room)).isEqualTo("three");
    }

    @Proves("sendto.implicit-bind")
    void sendingBindsASocketThatIsNotBound() throws WinsockException {
        PlainDatagram sender = sockets.datagram();
        PlainDatagram receiver = boundDatagram();
        sender.sendTo(bytes("x"), receiver.name());

        assertThat(sender.name().getPort()).isPositive();
    }

    @Proves({"connect.datagram", "sendto.default-peer"})
    void aConnectedDatagramSocketSendsToItsPeer() throws WinsockException {
        PlainDatagram receiver = boundDatagram();
        PlainDatagram sender = sockets.datagram();
        sender.connect(receiver.name());
        sender.send(bytes("peer"));

        assertThat(sender.peerName()).isEqualTo(receiver.name());
        ByteBuffer room = ByteBuffer.allocate(8);
        assertThat(receiver.receiveFrom(room)).isEqualTo(sender.name());
        assertThat(text(room)).isEqualTo("peer");
    }

    @Proves("recvfrom.connected")
    void aConnectedDatagramSocketTakesItsPeersDatagramsAlone() throws WinsockException {
        PlainDatagram peer = boundDatagram();
        PlainDatagram stranger = boundDatagram();
        PlainDatagram receiver = boundDatagram();
        receiver.connect(peer.name());
        stranger.sendTo(bytes("strange"), receiver.name());
        peer.sendTo(bytes("known"), receiver.name());

        assertThat(receive(receiver, 16)).isEqualTo("known");
    }

    @Proves("recvfrom.connreset")
    void aConnectedDatagramSocketLearnsThatNobodyIsThere() throws WinsockException {
        PlainDatagram gone = boundDatagram();
        InetSocketAddress name = gone.name();
        gone.close();
        PlainDatagram sender = sockets.datagram();
        sender.connect(name);
        sender.send(bytes("anybody?"));

        assertReset(() -> sender.receive(ByteBuffer.allocate(1)));
    }

    @Proves("recvfrom.blocks")
    void aBlockingReceiveWaitsForADatagram() throws Exception {
        PlainDatagram receiver = boundDatagram();
        Call<String> receiving = calls.waiting(() -> receive(receiver, 8));
        sockets.datagram().sendTo(bytes("late"), receiver.name());

        assertThat(receiving.result()).isEqualTo("late");
    }

    @Proves("recv.wouldblock")
    void aNonBlockingReceiveFindsNoDatagram() throws WinsockException {
        PlainDatagram receiver = boundDatagram();
        receiver.makeNonBlocking();

        wouldBlock(receiver.receive(ByteBuffer.allocate(1)));
    }

    @Proves("closesocket.blocked")
    void aReceiveOfADatagramThatWaitsEndsWhenItsSocketIsClosed() throws Exception {
        PlainDatagram receiver = boundDatagram();
        Call<String> receiving = calls.waiting(() -> receive(receiver, 8));
        receiver.close();

        fails(WsaError.WSAEINTR, receiving::result);
    }

    @Proves("closesocket.address")
    void theAddressOfAClosedSocketIsFreeAgain() throws WinsockException {
        PlainDatagram first = boundDatagram();
        InetSocketAddress name = first.name();
        first.close();
        PlainDatagram second = sockets.datagram();
        second.bind(name);

        assertThat(second.name()).isEqualTo(name);
    }
}
