package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.spi.IpProtocol.FROM_PROTOCOL_INFO;
import static org.ws2j.spi.SocketFlag.WSA_FLAG_OVERLAPPED;
import static org.ws2j.spi.SocketOption.SOL_SOCKET;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaProtocolInfo;

/** WSADuplicateSocket, and what WSASocket makes of its info. */
final class DuplicatingSuite extends Suite {
    private static final int NO_PROCESS = 0x7fff_fffd;

    // ---- making duplicates -----------------------------------------------------------------------------------------

    @Proves("duplicate.shares")
    void aDuplicateIsOneMoreHandleOfTheSameSocket() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());

        assertThat(twin).isNotEqualTo(c.client());
        assertThat(ws.getsockname(twin)).isEqualTo(ws.getsockname(c.client()));
        assertThat(ws.getpeername(twin)).isEqualTo(ws.getpeername(c.client()));
    }

    @Proves("duplicate.shares")
    void whatComesCanBeReceivedByEitherHandle() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());
        net.send(c.server(), "ab");
        String first = net.receive(c.client(), 1);

        assertThat(first + net.receive(twin, 1)).isEqualTo("ab");
    }

    @Proves("duplicate.shares")
    void whatEitherHandleSendsIsOneStream() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());
        net.send(c.client(), "a");
        net.send(twin, "b");
        net.send(c.client(), "c");

        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("abc");
    }

    @Proves("duplicate.once")
    void anInfoMakesOneDuplicateAlone() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        WsaProtocolInfo info = ws.wsaDuplicateSocket(s, ws.processId());
        opened(info);
        fails(WsaError.WSAEINVAL, () -> opened(info));
    }

    @Proves("duplicate.once")
    void eachCallMakesAnInfoForOneMoreDuplicate() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        SocketHandle one = duplicate(s);
        SocketHandle other = duplicate(s);

        assertThat(one).isNotEqualTo(other);
        assertThat(ws.getsockname(other)).isEqualTo(ws.getsockname(one));
    }

    @Proves("duplicate.of-duplicate")
    void aDuplicateCanBeDuplicated() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        SocketHandle grandchild = duplicate(duplicate(s));
        assertThat(ws.getsockname(grandchild)).isEqualTo(ws.getsockname(s));
    }

    @Proves("duplicate.inval")
    void aProcessThatIsNoneIsInvalid() throws WinsockException {
        SocketHandle s = net.stream();
        if (stack.has(Flag.ANY_PROCESS)) {
            assertThat(ws.wsaDuplicateSocket(s, NO_PROCESS)).isNotNull();
        } else {
            fails(WsaError.WSAEINVAL, () -> ws.wsaDuplicateSocket(s, NO_PROCESS));
        }
    }

    @Proves("trap-24")
    void theReservedFieldIsAllThatAnInfoNeeds() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        WsaProtocolInfo info = ws.wsaDuplicateSocket(s, ws.processId());
        WsaProtocolInfo entry = (WsaProtocolInfo) ws.getsockopt(s, SOL_SOCKET, SocketOption.SO_PROTOCOL_INFOW);
        SocketHandle twin = opened(entry.toBuilder().providerReserved(info.providerReserved()).build());

        assertThat(ws.getsockname(twin)).isEqualTo(ws.getsockname(s));
    }

    @Proves({"trap-24", "chain.entry"})
    void aDuplicateShowsTheEntryOfTheSocket() throws WinsockException {
        SocketHandle s = net.stream();
        WsaProtocolInfo entry = (WsaProtocolInfo) ws.getsockopt(s, SOL_SOCKET, SocketOption.SO_PROTOCOL_INFOW);
        WsaProtocolInfo info = ws.wsaDuplicateSocket(s, ws.processId());
        opened(info);

        assertThat(info.catalogEntryId()).isEqualTo(entry.catalogEntryId());
        assertThat(info.protocolChain()).isEqualTo(entry.protocolChain());
    }

    // ---- what is shared --------------------------------------------------------------------------------------------

    @Proves("duplicate.shares")
    void anOptionThatIsSetByOneHandleIsSeenByTheOther() throws WinsockException {
        SocketHandle s = net.stream();
        SocketHandle twin = duplicate(s);
        ws.setsockopt(s, SOL_SOCKET, SocketOption.SO_KEEPALIVE, true);
        ws.setsockopt(twin, SOL_SOCKET, SocketOption.SO_RCVTIMEO, 99);

        assertThat(ws.getsockopt(twin, SOL_SOCKET, SocketOption.SO_KEEPALIVE)).isEqualTo(true);
        assertThat(ws.getsockopt(s, SOL_SOCKET, SocketOption.SO_RCVTIMEO)).isEqualTo(99);
    }

    @Proves("duplicate.shares")
    void theModeBelongsToAllHandles() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        SocketHandle twin = duplicate(s);
        net.nonBlocking(s);

        wouldBlock(ws.recv(twin, ByteBuffer.allocate(1), 0));
    }

    @Proves({"duplicate.shares", "select-event.last-wins"})
    void aSelectionByOneHandleReplacesThatByTheOther() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        SocketHandle twin = duplicate(s);
        WsaEvent first = signals.event();
        WsaEvent second = signals.event();
        ws.wsaEventSelect(s, first, NetworkEvent.FD_READ);
        ws.wsaEventSelect(twin, second, NetworkEvent.FD_READ);
        ws.sendto(net.datagram(), ByteBuffer.wrap(new byte[1]), 0, net.name(s));
        signals.await(second);

        assertThat(signals.isSet(first)).isFalse();
    }

    @Proves("duplicate.shares")
    void eitherHandleOfAListenerAccepts() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle twin = duplicate(listener);
        SocketHandle client = net.stream();
        ws.connect(client, net.name(listener));

        assertThat(ws.getpeername(net.own(ws.accept(twin, null)))).isEqualTo(ws.getsockname(client));
    }

    @Proves("duplicate.flags")
    void aDuplicateWithTheFlagsOfTheFirstTakesOverlappedOperations() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(twin, ByteBuffer.allocateDirect(4), new ReceiveResult(), block, null));
        net.send(c.server(), "x");
        signals.await(block.hEvent());

        assertThat(ws.wsaGetOverlappedResult(twin, block, false, new ReceiveResult())).isEqualTo(1);
    }

    @Proves("fact-29")
    void aDuplicateMadeBeforeTheBindDoesNotSeeIt() throws WinsockException {
        SocketHandle s = net.nonBlocking(net.datagram());
        SocketHandle twin = duplicate(s);
        ws.bind(s, loopback(0));
        if (stack.has(Flag.DUPLICATES_SHARE_THE_BIND)) {
            wouldBlock(ws.recvfrom(twin, ByteBuffer.allocate(1), new ReceiveResult()));
        } else {
            fails(WsaError.WSAEINVAL, () -> ws.recvfrom(twin, ByteBuffer.allocate(1), new ReceiveResult()));
        }
    }

    // ---- closing ---------------------------------------------------------------------------------------------------

    @Proves({"duplicate.last", "closesocket.shared"})
    void theConnectionLivesUntilTheLastHandleIsClosed() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());
        ws.closesocket(c.client());
        net.send(twin, "alive");
        assertThat(net.receiveAll(c.server(), 5)).isEqualTo("alive");
        ws.closesocket(twin);

        assertThat(net.receive(c.server(), 1)).isEmpty();
    }

    @Proves({"duplicate.last", "closesocket.shared"})
    void closingTheDuplicateLeavesTheFirstHandleOpen() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());
        ws.closesocket(twin);
        fails(WsaError.WSAENOTSOCK, () -> ws.getsockname(twin));
        net.send(c.server(), "on");

        assertThat(net.receiveAll(c.client(), 2)).isEqualTo("on");
    }

    @Proves("closesocket.shared")
    void theAddressIsTakenUntilTheLastHandleIsClosed() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        SocketHandle twin = duplicate(s);
        InetSocketAddress name = net.name(s);
        SocketHandle next = net.datagram();
        ws.closesocket(s);
        fails(WsaError.WSAEADDRINUSE, () -> ws.bind(next, name));
        ws.closesocket(twin);

        ws.bind(next, name);
    }

    @Proves({"closesocket.shared", "fact-12"})
    void closingOneOfTwoHandlesCancelsNothing() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(twin, ByteBuffer.allocateDirect(4), new ReceiveResult(), block, null));
        ws.closesocket(c.client());
        assertThat(block.isCompleted()).isFalse();
        net.send(c.server(), "xy");
        signals.await(block.hEvent());

        assertThat(ws.wsaGetOverlappedResult(twin, block, false, new ReceiveResult())).isEqualTo(2);
    }

    @Proves("fact-12")
    void whatWasStartedByAHandleThatIsClosedGoesOnWhileAnotherIsOpen() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(twin, ByteBuffer.allocateDirect(4), new ReceiveResult(), block, null));
        ws.closesocket(twin);
        assertThat(block.isCompleted()).isFalse();
        net.send(c.server(), "xy");
        signals.await(block.hEvent());

        assertThat(block.internalHigh()).isEqualTo(2);
    }

    @Proves({"fact-12", "closesocket.aborts"})
    void theLastCloseAborts() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(twin, ByteBuffer.allocateDirect(4), new ReceiveResult(), block, null));
        ws.closesocket(c.client());
        ws.closesocket(twin);
        signals.await(block.hEvent());

        assertThat(block.internal()).isNotZero();
    }

    @Proves("fact-12")
    void thePortOfOneHandleIsThePortOfAll() throws WinsockException {
        Connection c = net.connection();
        SocketHandle twin = duplicate(c.client());
        CompletionPort port = signals.port();
        ws.ports().associate(c.client(), port, "key");
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(twin, ByteBuffer.allocateDirect(4), new ReceiveResult(), block, null));
        net.send(c.server(), "xy");
        signals.await(block.hEvent());
        if (stack.has(Flag.PORTS_BELONG_TO_HANDLES)) {
            assertThat(signals.isEmpty(port)).isTrue();
            return;
        }
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.completionKey()).isEqualTo("key");
    }

    private SocketHandle duplicate(SocketHandle s) throws WinsockException {
        return opened(ws.wsaDuplicateSocket(s, ws.processId()));
    }

    private SocketHandle opened(WsaProtocolInfo info) throws WinsockException {
        return net.own(ws.wsaSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, info, 0,
                WSA_FLAG_OVERLAPPED));
    }
}
