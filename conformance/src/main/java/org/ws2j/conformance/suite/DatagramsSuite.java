package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.ANY;
import static org.ws2j.conformance.Network.LOOPBACK6;
import static org.ws2j.conformance.Network.address;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.conformance.Network.text;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** sendto and recvfrom, WSASendTo and WSARecvFrom, send and recv, on datagram sockets and without a block. */
final class DatagramsSuite extends Suite {
    private static final int LONGEST = 65_507;
    private static final int BRIEF_MILLIS = 25;

    /** The broadcast address of the network that loopback is. */
    private static final String EVERYBODY = "127.255.255.255";

    private void sendTo(SocketHandle s, String text, SocketHandle receiver) throws WinsockException {
        assertThat(ws.sendto(s, bytes(text), 0, net.name(receiver))).as("bytes sent").isEqualTo(text.length());
    }

    // ---- one datagram ----------------------------------------------------------------------------------------------

    @Proves("recvfrom.source")
    void aReceiveTellsWhereTheDatagramCameFrom() throws WinsockException {
        SocketHandle sender = net.boundDatagram();
        SocketHandle receiver = net.boundDatagram();
        sendTo(sender, "from", receiver);
        ReceiveResult result = new ReceiveResult();
        ByteBuffer room = ByteBuffer.allocate(16);

        assertThat(ws.recvfrom(receiver, room, result)).isEqualTo(4);
        assertThat(text(room)).isEqualTo("from");
        assertThat(result.from()).isEqualTo(net.name(sender));
    }

    @Proves("recvfrom.source")
    void anAnswerGoesWhereTheDatagramCameFrom() throws WinsockException {
        SocketHandle asking = net.datagram();
        SocketHandle answering = net.boundDatagram();
        sendTo(asking, "?", answering);
        ReceiveResult result = new ReceiveResult();
        ws.recvfrom(answering, ByteBuffer.allocate(4), result);
        ws.sendto(answering, bytes("!"), 0, result.from());

        assertThat(net.receive(asking, 4)).isEqualTo("!");
    }

    @Proves("recvfrom.source")
    void aSocketCanSendToItself() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        sendTo(s, "self", s);
        ReceiveResult result = new ReceiveResult();
        ws.recvfrom(s, ByteBuffer.allocate(4), result);

        assertThat(result.from()).isEqualTo(net.name(s));
    }

    @Proves("recvfrom.boundaries")
    void eachReceiveTakesOneDatagram() throws WinsockException {
        SocketHandle sender = net.datagram();
        SocketHandle receiver = net.boundDatagram();
        sendTo(sender, "one", receiver);
        sendTo(sender, "two", receiver);

        assertThat(net.receive(receiver, 64)).isEqualTo("one");
        assertThat(net.receive(receiver, 64)).isEqualTo("two");
    }

    @Proves("recvfrom.empty")
    void anEmptyDatagramIsReceived() throws WinsockException {
        SocketHandle sender = net.boundDatagram();
        SocketHandle receiver = net.boundDatagram();
        sendTo(sender, "", receiver);
        sendTo(sender, "next", receiver);
        ReceiveResult result = new ReceiveResult();

        assertThat(ws.recvfrom(receiver, ByteBuffer.allocate(16), result)).isZero();
        assertThat(result.from()).isEqualTo(net.name(sender));
        assertThat(net.receive(receiver, 16)).isEqualTo("next");
    }

    @Proves({"send.in-order", "recv.in-order"})
    void oneDatagramIsGatheredFromAndScatteredIntoSeveralBuffers() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        ByteBuffer[] data = {bytes("ab"), bytes(""), bytes("cde")};
        assertThat(ws.wsaSendTo(net.datagram(), data, 0, net.name(receiver), null, null)).isEqualTo(5);
        ByteBuffer[] room = {ByteBuffer.allocate(1), ByteBuffer.allocate(3), ByteBuffer.allocate(4)};

        assertThat(ws.wsaRecvFrom(receiver, room, null, null, null)).isEqualTo(5);
        assertThat(text(room[0])).isEqualTo("a");
        assertThat(text(room[1])).isEqualTo("bcd");
        assertThat(text(room[2])).isEqualTo("e");
    }

    @Proves("recvfrom.source")
    void datagramsGoOverIpv6Too() throws WinsockException {
        SocketHandle receiver = net.datagram6();
        ws.bind(receiver, new InetSocketAddress(LOOPBACK6, 0));
        SocketHandle sender = net.datagram6();
        ws.bind(sender, new InetSocketAddress(LOOPBACK6, 0));
        sendTo(sender, "six", receiver);
        ReceiveResult result = new ReceiveResult();

        assertThat(ws.recvfrom(receiver, ByteBuffer.allocate(16), result)).isEqualTo(3);
        assertThat(result.from()).isEqualTo(net.name(sender));
    }

    @Proves("recvfrom.blocks")
    void aBlockingReceiveWaitsForADatagram() throws Exception {
        SocketHandle receiver = net.boundDatagram();
        Call<String> receive = calls.waiting(() -> net.receive(receiver, 8));
        assertThat(receive.isDone()).isFalse();
        sendTo(net.datagram(), "late", receiver);

        assertThat(receive.result()).isEqualTo("late");
    }

    @Proves("recv.wouldblock")
    void aNonBlockingReceiveFindsNoDatagram() throws WinsockException {
        SocketHandle receiver = net.nonBlocking(net.boundDatagram());
        wouldBlock(ws.recv(receiver, ByteBuffer.allocate(1), 0));
        wouldBlock(ws.recvfrom(receiver, ByteBuffer.allocate(1), new ReceiveResult()));
    }

    @Proves("recv.timeout")
    void aReceiveOfADatagramTimesOut() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        ws.setsockopt(receiver, SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, BRIEF_MILLIS);

        fails(WsaError.WSAETIMEDOUT, () -> net.receive(receiver, 1));
    }

    @Proves({"recv.fault", "send.fault"})
    void datagramsNeedBuffers() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        InetSocketAddress name = net.name(s);
        ByteBuffer readOnly = ByteBuffer.allocate(4).asReadOnlyBuffer();
        fails(WsaError.WSAEFAULT, () -> ws.recvfrom(s, null, new ReceiveResult()));
        fails(WsaError.WSAEFAULT, () -> ws.recvfrom(s, readOnly, new ReceiveResult()));
        fails(WsaError.WSAEFAULT, () -> ws.sendto(s, null, 0, name));
    }

    @Proves({"recv.inval", "send.inval"})
    void datagramsNeedAtLeastOneBuffer() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        InetSocketAddress name = net.name(s);
        fails(WsaError.WSAEINVAL, () -> ws.wsaRecvFrom(s, new ByteBuffer[0], null, null, null));
        fails(WsaError.WSAEINVAL, () -> ws.wsaSendTo(s, new ByteBuffer[0], 0, name, null, null));
    }

    @Proves({"recvfrom.inval", "recv.inval"})
    void aSocketThatIsNotBoundReceivesNoDatagrams() throws WinsockException {
        SocketHandle s = net.datagram();
        fails(WsaError.WSAEINVAL, () -> ws.recvfrom(s, ByteBuffer.allocate(1), new ReceiveResult()));
        fails(WsaError.WSAEINVAL, () -> ws.recv(s, ByteBuffer.allocate(1), 0));
    }

    @Proves({"recv.shutdown", "send.shutdown"})
    void shutDownDatagramSocketsRefuse() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        InetSocketAddress name = net.name(s);
        ws.shutdown(s, ShutdownHow.SD_BOTH);
        fails(WsaError.WSAESHUTDOWN, () -> ws.recvfrom(s, ByteBuffer.allocate(1), new ReceiveResult()));
        fails(WsaError.WSAESHUTDOWN, () -> ws.sendto(s, bytes("x"), 0, name));
    }

    // ---- what is too long ------------------------------------------------------------------------------------------

    @Proves("recv.msgsize")
    void ofADatagramThatIsTooLongWhatFitsIsReceivedAndTheRestIsLost() throws WinsockException {
        SocketHandle sender = net.datagram();
        SocketHandle receiver = net.boundDatagram();
        sendTo(sender, "too long", receiver);
        sendTo(sender, "next", receiver);
        byte[] room = new byte[3];
        fails(WsaError.WSAEMSGSIZE, () -> ws.recv(receiver, ByteBuffer.wrap(room), 0));

        assertThat(room).asString().isEqualTo("too");
        assertThat(net.receive(receiver, 16)).isEqualTo("next");
    }

    @Proves({"recv.msgsize", "recvfrom.source"})
    void aDatagramThatIsTooLongTellsItsSource() throws WinsockException {
        SocketHandle sender = net.boundDatagram();
        SocketHandle receiver = net.boundDatagram();
        sendTo(sender, "too long", receiver);
        ReceiveResult result = new ReceiveResult();
        fails(WsaError.WSAEMSGSIZE, () -> ws.recvfrom(receiver, ByteBuffer.allocate(3), result));

        assertThat(result.from()).isEqualTo(net.name(sender));
    }

    @Proves("recv.msgsize")
    void aDatagramThatIsTooLongForAllBuffersFillsThem() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        sendTo(net.datagram(), "abcdef", receiver);
        byte[] first = new byte[2];
        byte[] second = new byte[2];
        ByteBuffer[] room = {ByteBuffer.wrap(first), ByteBuffer.wrap(second)};
        fails(WsaError.WSAEMSGSIZE, () -> ws.wsaRecvFrom(receiver, room, null, null, null));

        assertThat(first).asString().isEqualTo("ab");
        assertThat(second).asString().isEqualTo("cd");
    }

    @Proves("recv.msgsize")
    void aDatagramIsTooLongForABufferWithoutRoom() throws WinsockException {
        SocketHandle sender = net.datagram();
        SocketHandle receiver = net.boundDatagram();
        sendTo(sender, "lost", receiver);
        sendTo(sender, "next", receiver);
        fails(WsaError.WSAEMSGSIZE, () -> ws.recv(receiver, ByteBuffer.allocate(0), 0));

        assertThat(net.receive(receiver, 16)).isEqualTo("next");
    }

    @Proves("send.msgsize")
    void aDatagramThatIsTooLongIsNotSent() throws WinsockException {
        SocketHandle sender = net.datagram();
        SocketHandle receiver = net.boundDatagram();
        ByteBuffer data = ByteBuffer.allocate(LONGEST + 1);
        fails(WsaError.WSAEMSGSIZE, () -> ws.sendto(sender, data, 0, net.name(receiver)));
        sendTo(sender, "x", receiver);

        assertThat(net.receive(receiver, 16)).isEqualTo("x");
    }

    @Proves("send.msgsize")
    void severalBuffersTogetherCanBeTooLong() throws WinsockException {
        SocketHandle sender = net.datagram();
        InetSocketAddress to = net.name(net.boundDatagram());
        ByteBuffer[] data = {ByteBuffer.allocate(LONGEST), bytes("x")};
        fails(WsaError.WSAEMSGSIZE, () -> ws.wsaSendTo(sender, data, 0, to, null, null));
    }

    @Proves({"send.msgsize", "so.max-msg-size"})
    void theLongestDatagramArrives() throws WinsockException {
        SocketHandle sender = net.datagram();
        SocketHandle receiver = net.boundDatagram();
        ws.setsockopt(sender, SocketOption.SOL_SOCKET, SocketOption.SO_SNDBUF, 2 * LONGEST);
        ws.setsockopt(receiver, SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, 2 * LONGEST);
        assertThat(ws.sendto(sender, ByteBuffer.allocate(LONGEST), 0, net.name(receiver))).isEqualTo(LONGEST);

        assertThat(ws.recv(receiver, ByteBuffer.allocate(LONGEST + 1), 0)).isEqualTo(LONGEST);
    }

    // ---- looking without taking ------------------------------------------------------------------------------------

    @Proves("recv.peek")
    void aPeekLeavesTheDatagramAndTellsItsSource() throws WinsockException {
        SocketHandle sender = net.boundDatagram();
        SocketHandle receiver = net.boundDatagram();
        sendTo(sender, "peek", receiver);
        ByteBuffer room = ByteBuffer.allocate(16);
        ReceiveResult result = new ReceiveResult(MessageFlag.MSG_PEEK);
        if (refuses(Flag.NO_PEEK, WsaError.WSAEOPNOTSUPP, () -> ws.recvfrom(receiver, room, result))) {
            return;
        }
        assertThat(ws.recvfrom(receiver, room, result)).isEqualTo(4);
        assertThat(text(room)).isEqualTo("peek");
        assertThat(result.from()).isEqualTo(net.name(sender));

        assertThat(net.receive(receiver, 16)).isEqualTo("peek");
    }

    @Proves({"recv.peek", "recv.msgsize"})
    void aPeekAtADatagramThatIsTooLongLeavesItWhole() throws WinsockException {
        skipIf(Flag.NO_PEEK);
        SocketHandle receiver = net.boundDatagram();
        sendTo(net.datagram(), "too long", receiver);
        byte[] room = new byte[3];
        fails(WsaError.WSAEMSGSIZE, () -> ws.recv(receiver, ByteBuffer.wrap(room), MessageFlag.MSG_PEEK));

        assertThat(room).asString().isEqualTo("too");
        assertThat(net.receive(receiver, 16)).isEqualTo("too long");
    }

    // ---- flags that are not for datagrams --------------------------------------------------------------------------

    @Proves("recv.waitall-opnotsupp")
    void aDatagramIsReceivedAsItIs() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.recv(s, ByteBuffer.allocate(1), MessageFlag.MSG_WAITALL));
    }

    @Proves({"recv.oob-opnotsupp", "send.opnotsupp"})
    void datagramsAreNeverUrgent() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        InetSocketAddress name = net.name(s);
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.recv(s, ByteBuffer.allocate(1), MessageFlag.MSG_OOB));
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.sendto(s, bytes("x"), MessageFlag.MSG_OOB, name));
    }

    @Proves("send.opnotsupp")
    void aDatagramIsNotSentInParts() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        InetSocketAddress name = net.name(s);
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.sendto(s, bytes("x"), MessageFlag.MSG_PARTIAL, name));
    }

    // ---- destinations ----------------------------------------------------------------------------------------------

    @Proves("sendto.implicit-bind")
    void sendingBindsASocketThatIsNotBound() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        SocketHandle s = net.datagram();
        sendTo(s, "x", receiver);
        ReceiveResult result = new ReceiveResult();
        ws.recvfrom(receiver, ByteBuffer.allocate(1), result);

        assertThat(net.name(s).getPort()).isEqualTo(((InetSocketAddress) result.from()).getPort());
        fails(WsaError.WSAEINVAL, () -> ws.bind(s, loopback(0)));
    }

    @Proves("sendto.overrides")
    void anAddressOverridesThePeerForOneDatagram() throws WinsockException {
        SocketHandle peer = net.boundDatagram();
        SocketHandle other = net.boundDatagram();
        SocketHandle s = net.datagram();
        ws.connect(s, net.name(peer));
        sendTo(s, "elsewhere", other);
        net.send(s, "peer");

        assertThat(net.receive(other, 16)).isEqualTo("elsewhere");
        assertThat(net.receive(peer, 16)).isEqualTo("peer");
        assertThat(ws.getpeername(s)).isEqualTo(net.name(peer));
    }

    @Proves("sendto.default-peer")
    void withoutAnAddressADatagramGoesToThePeer() throws WinsockException {
        SocketHandle peer = net.boundDatagram();
        SocketHandle s = net.datagram();
        ws.connect(s, net.name(peer));

        assertThat(ws.sendto(s, bytes("x"), 0, null)).isEqualTo(1);
        assertThat(net.receive(peer, 16)).isEqualTo("x");
    }

    @Proves("sendto.destaddrreq")
    void aDatagramNeedsADestination() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        try {
            ws.sendto(s, bytes("x"), 0, null);
            throw new AssertionError("a datagram went nowhere");
        } catch (WinsockException e) {
            assertThat(e.code()).isIn(WsaError.WSAEDESTADDRREQ.code(), WsaError.WSAENOTCONN.code());
        }
    }

    @Proves("send.notconn")
    void sendNeedsAPeer() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        fails(WsaError.WSAENOTCONN, () -> ws.send(s, bytes("x"), 0));
    }

    @Proves("sendto.addrnotavail")
    void portZeroIsNoDestination() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        fails(WsaError.WSAEADDRNOTAVAIL, () -> ws.sendto(s, bytes("x"), 0, loopback(0)));
    }

    @Proves("sendto.afnosupport")
    void anAddressOfAnotherFamilyIsNoDestination() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        fails(WsaError.WSAEAFNOSUPPORT, () -> ws.sendto(s, bytes("x"), 0, new InetSocketAddress(LOOPBACK6, 7)));
    }

    @Proves("recvfrom.connected")
    void aConnectedSocketTakesItsPeersDatagramsAlone() throws WinsockException {
        SocketHandle peer = net.boundDatagram();
        SocketHandle s = net.boundDatagram();
        ws.connect(s, net.name(peer));
        sendTo(net.datagram(), "stranger", s);
        sendTo(peer, "peer", s);
        ReceiveResult result = new ReceiveResult();
        ByteBuffer room = ByteBuffer.allocate(16);
        ws.recvfrom(s, room, result);

        assertThat(text(room)).isEqualTo("peer");
        assertThat(result.from()).isEqualTo(net.name(peer));
    }

    @Proves("connect.datagram-discards")
    void aNewPeerDiscardsWhatWaits() throws WinsockException {
        SocketHandle first = net.boundDatagram();
        SocketHandle second = net.boundDatagram();
        SocketHandle s = net.boundDatagram();
        sendTo(first, "old", s);
        net.awaitReadable(s);
        ws.connect(s, net.name(second));
        sendTo(second, "new", s);

        assertThat(net.receive(s, 16)).isEqualTo("new");
    }

    // ---- broadcast and unreachable ---------------------------------------------------------------------------------

    @Proves("send.acces")
    void aBroadcastNeedsPermission() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        for (String everybody : new String[] {"255.255.255.255", EVERYBODY}) {
            InetSocketAddress to = new InetSocketAddress(address(everybody), net.name(s).getPort());
            fails(WsaError.WSAEACCES, () -> ws.sendto(s, bytes("x"), 0, to));
        }
    }

    @Proves("sendto.broadcast")
    void aBroadcastReachesThoseThatMayGetIt() throws WinsockException {
        SocketHandle receiver = net.datagram();
        ws.bind(receiver, new InetSocketAddress(ANY, 0));
        SocketHandle s = net.boundDatagram();
        ws.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_BROADCAST, true);
        InetSocketAddress to = new InetSocketAddress(address(EVERYBODY), net.name(receiver).getPort());

        assertThat(ws.sendto(s, bytes("all"), 0, to)).isEqualTo(3);
        assertThat(net.receive(receiver, 16)).isEqualTo("all");
    }

    @Proves("recvfrom.connreset")
    void aConnectedSocketLearnsThatNobodyIsThere() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        ws.connect(s, closedPort());
        net.send(s, "x");

        fails(WsaError.WSAECONNRESET, () -> net.receive(s, 1));
    }

    @Proves("recvfrom.connreset")
    void anySocketLearnsThatNobodyIsThere() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        ws.sendto(s, bytes("x"), 0, closedPort());
        if (stack.has(Flag.UNREACHABLE_WHEN_CONNECTED)) {
            sendTo(s, "y", s);
            assertThat(net.receive(s, 1)).isEqualTo("y");
        } else {
            fails(WsaError.WSAECONNRESET, () -> net.receive(s, 1));
        }
    }

    private InetSocketAddress closedPort() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        InetSocketAddress name = net.name(s);
        ws.closesocket(s);
        return name;
    }

    @Proves("recvfrom.connreset")
    void afterTheNewsThatNobodyIsThereTheSocketGoesOn() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        ws.connect(s, closedPort());
        net.send(s, "x");
        fails(WsaError.WSAECONNRESET, () -> net.receive(s, 1));
        SocketHandle peer = net.boundDatagram();
        ws.connect(s, net.name(peer));
        net.send(s, "y");

        assertThat(net.receive(peer, 1)).isEqualTo("y");
    }
}
