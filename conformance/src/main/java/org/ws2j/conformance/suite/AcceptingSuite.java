package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.LOOPBACK6;
import static org.ws2j.spi.SocketOption.SOL_SOCKET;
import static org.ws2j.spi.SocketOption.SO_CONDITIONAL_ACCEPT;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.ConditionProc.ConnectionRequest;
import org.ws2j.spi.ConditionProc.Decision;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.Linger;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/** accept, WSAAccept. */
final class AcceptingSuite extends Suite {
    // ---- taking connections ----------------------------------------------------------------------------------------

    @Proves("accept.oldest")
    void connectionsAreTakenInTheOrderOfTheirComing() throws WinsockException {
        SocketHandle listener = net.listener();
        List<SocketHandle> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(connected(listener));
        }
        for (SocketHandle client : clients) {
            assertThat(ws.getpeername(accepted(listener))).isEqualTo(ws.getsockname(client));
        }
    }

    @Proves("accept.address")
    void acceptTellsThePeersAddress() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle client = connected(listener);
        AddressHolder peer = new AddressHolder();
        net.own(ws.accept(listener, peer));

        assertThat(peer.address()).isEqualTo(ws.getsockname(client));
    }

    @Proves("accept.address")
    void overIpv6ThePeersAddressIsOneOfIpv6() throws WinsockException {
        SocketHandle listener = net.stream6();
        ws.bind(listener, new InetSocketAddress(LOOPBACK6, 0));
        ws.listen(listener, 1);
        SocketHandle client = net.stream6();
        ws.connect(client, net.name(listener));
        AddressHolder peer = new AddressHolder();
        net.own(ws.accept(listener, peer));

        assertThat(peer.address()).isEqualTo(ws.getsockname(client));
        assertThat(((InetSocketAddress) peer.address()).getAddress()).isEqualTo(LOOPBACK6);
    }

    @Proves("accept.blocks")
    void acceptWaitsForAConnection() throws Exception {
        SocketHandle listener = net.listener();
        Call<SocketHandle> call = calls.waiting(() -> accepted(listener));
        assertThat(call.isDone()).isFalse();
        SocketHandle client = connected(listener);

        assertThat(ws.getpeername(call.result())).isEqualTo(ws.getsockname(client));
    }

    @Proves("accept.blocks")
    void twoAcceptsThatWaitGetAConnectionEach() throws Exception {
        SocketHandle listener = net.listener();
        Call<SocketHandle> one = calls.waiting(() -> accepted(listener));
        Call<SocketHandle> other = calls.waiting(() -> accepted(listener));
        Object first = ws.getsockname(connected(listener));
        Object second = ws.getsockname(connected(listener));

        assertThat(List.<Object>of(ws.getpeername(one.result()), ws.getpeername(other.result())))
                .containsExactlyInAnyOrder(first, second);
    }

    @Proves("accept.wouldblock")
    void aNonBlockingAcceptDoesNotWait() throws WinsockException {
        SocketHandle listener = net.nonBlocking(net.listener());
        assertThat(ws.accept(listener, null)).isNull();
        SocketHandle client = connected(listener);
        net.awaitReadable(listener);

        assertThat(ws.getpeername(accepted(listener))).isEqualTo(ws.getsockname(client));
        assertThat(ws.accept(listener, null)).isNull();
    }

    @Proves("accept.inval")
    void aSocketThatDoesNotListenCannotAccept() throws WinsockException {
        Connection c = net.connection();
        for (SocketHandle s : List.of(net.stream(), net.boundStream(), c.client(), c.server())) {
            fails(WsaError.WSAEINVAL, () -> ws.accept(s, null));
            fails(WsaError.WSAEINVAL, () -> ws.wsaAccept(s, null, request -> Decision.CF_ACCEPT));
        }
    }

    @Proves("accept.opnotsupp")
    void aDatagramSocketCannotAccept() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.accept(s, null));
    }

    @Proves("accept.half-closed")
    void aConnectionThatThePeerHasEndedIsAcceptedWithItsData() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle client = connected(listener);
        net.send(client, "bye");
        ws.shutdown(client, ShutdownHow.SD_SEND);
        SocketHandle s = accepted(listener);

        assertThat(net.receiveAll(s, 8)).isEqualTo("bye");
    }

    @Proves("accept.independent")
    void anAcceptedSocketOutlivesItsListener() throws WinsockException {
        Connection c = net.connection();
        ws.closesocket(c.listener());
        net.send(c.client(), "still");

        assertThat(net.receiveAll(c.server(), 5)).isEqualTo("still");
    }

    // ---- what the new socket has of its listener -------------------------------------------------------------------

    @Proves("accept.properties")
    void theNewSocketHasTheOptionsOfItsListener() throws WinsockException {
        SocketHandle listener = net.listener();
        ws.setsockopt(listener, SOL_SOCKET, SocketOption.SO_KEEPALIVE, true);
        ws.setsockopt(listener, SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 7));
        ws.setsockopt(listener, SOL_SOCKET, SocketOption.SO_RCVTIMEO, 12_345);
        ws.setsockopt(listener, SOL_SOCKET, SocketOption.SO_SNDTIMEO, 54_321);
        ws.setsockopt(listener, SOL_SOCKET, SocketOption.SO_OOBINLINE, true);
        connected(listener);
        SocketHandle s = accepted(listener);

        for (int name : new int[] {SocketOption.SO_KEEPALIVE, SocketOption.SO_LINGER, SocketOption.SO_RCVTIMEO,
                SocketOption.SO_SNDTIMEO, SocketOption.SO_OOBINLINE}) {
            assertThat(ws.getsockopt(s, SOL_SOCKET, name)).as("option 0x%x", name)
                    .isEqualTo(ws.getsockopt(listener, SOL_SOCKET, name));
        }
    }

    @Proves("accept.properties")
    void theNewSocketOfANonBlockingListenerIsNonBlocking() throws WinsockException {
        SocketHandle listener = net.nonBlocking(net.listener());
        connected(listener);
        net.awaitReadable(listener);
        SocketHandle s = accepted(listener);

        wouldBlock(ws.recv(s, ByteBuffer.allocate(1), 0));
    }

    @Proves("accept.properties")
    void theNewSocketOfABlockingListenerBlocks() throws Exception {
        Connection c = net.connection();
        Call<String> call = calls.waiting(() -> net.receive(c.server(), 8));
        net.send(c.client(), "x");

        assertThat(call.result()).isEqualTo("x");
    }

    @Proves("accept.properties")
    void theNewSocketTakesOverlappedOperationsAsItsListenerDoes() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocateDirect(8), new ReceiveResult(), block, null));
        net.send(c.client(), "x");
        signals.await(block.hEvent());

        assertThat(ws.wsaGetOverlappedResult(c.server(), block, false, new ReceiveResult())).isEqualTo(1);
    }

    @Proves({"accept.properties", "so.acceptconn"})
    void theNewSocketDoesNotListen() throws WinsockException {
        Connection c = net.connection();
        assertThat(ws.getsockopt(c.server(), SOL_SOCKET, SocketOption.SO_ACCEPTCONN)).isEqualTo(false);
        fails(WsaError.WSAEISCONN, () -> ws.listen(c.server(), 1));
    }

    @Proves({"accept.properties", "fd-inherit", "trap-47", "fact-23"})
    void theNewSocketHasTheSelectionOfItsListenerAndReportsAtOnce() throws WinsockException {
        SocketHandle listener = net.listener();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(listener, event, NetworkEvent.FD_ACCEPT | NetworkEvent.FD_WRITE);
        connected(listener);
        signals.await(event);
        assertThat(events(listener, event).has(NetworkEvent.FD_ACCEPT)).isTrue();
        SocketHandle s = accepted(listener);
        signals.await(event);

        assertThat(events(s, event).lNetworkEvents()).isEqualTo(NetworkEvent.FD_WRITE);
    }

    @Proves({"fd-inherit", "trap-46", "trap-47"})
    void messagesForTheNewSocketNameTheHandleThatAcceptReturns() throws WinsockException {
        SocketHandle listener = net.listener();
        WindowHandle window = signals.window();
        ws.wsaAsyncSelect(listener, window, Message.WM_USER, NetworkEvent.FD_ACCEPT | NetworkEvent.FD_READ);
        SocketHandle client = connected(listener);
        assertThat(signals.message().wParam()).isSameAs(listener);
        SocketHandle s = accepted(listener);
        net.send(client, "x");
        Message message = signals.message();

        assertThat(message.wParam()).isSameAs(s);
        assertThat(NetworkEvent.selectEvent(message.lParam())).isEqualTo(NetworkEvent.FD_READ);
    }

    // ---- condition functions ---------------------------------------------------------------------------------------

    @Proves("accept.condition")
    void theConditionFunctionRunsOnTheCallingThreadAndSeesBothAddresses() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle client = connected(listener);
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicReference<ConnectionRequest> seen = new AtomicReference<>();
        SocketHandle s = net.own(ws.wsaAccept(listener, null, request -> {
            thread.set(Thread.currentThread());
            seen.set(request);
            return Decision.CF_ACCEPT;
        }));

        assertThat(thread).hasValue(Thread.currentThread());
        assertThat(seen.get().callerId()).isEqualTo(ws.getsockname(client));
        assertThat(seen.get().calleeId()).isEqualTo(ws.getsockname(listener));
        assertThat(ws.getpeername(s)).isEqualTo(ws.getsockname(client));
    }

    @Proves("accept.condition")
    void whereTheProtocolHasNoConnectDataTheConditionFunctionGetsNone() throws WinsockException {
        SocketHandle listener = net.listener();
        connected(listener);
        AtomicReference<ConnectionRequest> seen = new AtomicReference<>();
        net.own(ws.wsaAccept(listener, null, request -> {
            seen.set(request);
            return Decision.CF_ACCEPT;
        }));

        assertThat(seen.get().callerData()).isNull();
        assertThat(seen.get().sqos()).isNull();
    }

    @Proves("accept.condition")
    void theConditionFunctionIsNotAskedWhileNobodyWaits() throws WinsockException {
        SocketHandle listener = net.nonBlocking(net.listener());
        AtomicInteger asked = new AtomicInteger();
        assertThat(ws.wsaAccept(listener, null, counting(asked, Decision.CF_ACCEPT))).isNull();

        assertThat(asked).hasValue(0);
    }

    @Proves({"accept.condition", "accept.address"})
    void theAddressIsToldWithAConditionFunctionToo() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle client = connected(listener);
        AddressHolder peer = new AddressHolder();
        net.own(ws.wsaAccept(listener, peer, request -> Decision.CF_ACCEPT));

        assertThat(peer.address()).isEqualTo(ws.getsockname(client));
    }

    @Proves({"accept.condition", "accept.blocks"})
    void anAcceptThatWaitsAsksWhenAConnectionComes() throws Exception {
        SocketHandle listener = net.listener();
        AtomicInteger asked = new AtomicInteger();
        Call<SocketHandle> call =
                calls.waiting(() -> net.own(ws.wsaAccept(listener, null, counting(asked, Decision.CF_ACCEPT))));
        SocketHandle client = connected(listener);

        assertThat(ws.getpeername(call.result())).isEqualTo(ws.getsockname(client));
        assertThat(asked).hasValue(1);
    }

    @Proves("common.reentrancy")
    void theConditionFunctionMayCall() throws WinsockException {
        SocketHandle listener = net.listener();
        connected(listener);
        List<Object> seen = new ArrayList<>();
        net.own(ws.wsaAccept(listener, null, request -> {
            try {
                seen.add(ws.getsockname(listener));
                Connection inner = net.connection();
                net.send(inner.client(), "inner");
                seen.add(net.receiveAll(inner.server(), 5));
            } catch (WinsockException e) {
                seen.add(e);
            }
            return Decision.CF_ACCEPT;
        }));

        assertThat(seen).containsExactly(ws.getsockname(listener), "inner");
    }

    @Proves("accept.connrefused")
    void aPeerThatIsRejectedIsResetWhereItWasConnectedBefore() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle client = connected(listener);
        fails(WsaError.WSAECONNREFUSED, () -> ws.wsaAccept(listener, null, request -> Decision.CF_REJECT));

        fails(WsaError.WSAECONNRESET, () -> ws.recv(client, ByteBuffer.allocate(1), 0));
    }

    @Proves("accept.connrefused")
    void whatIsRejectedHasLeftTheQueue() throws WinsockException {
        SocketHandle listener = net.listener();
        connected(listener);
        SocketHandle second = connected(listener);
        fails(WsaError.WSAECONNREFUSED, () -> ws.wsaAccept(listener, null, request -> Decision.CF_REJECT));

        assertThat(ws.getpeername(accepted(listener))).isEqualTo(ws.getsockname(second));
    }

    @Proves("accept.try-again")
    void whatIsDeferredStaysFirstInTheQueue() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle first = connected(listener);
        SocketHandle second = connected(listener);
        fails(WsaError.WSATRY_AGAIN, () -> ws.wsaAccept(listener, null, request -> Decision.CF_DEFER));

        assertThat(ws.getpeername(accepted(listener))).isEqualTo(ws.getsockname(first));
        assertThat(ws.getpeername(accepted(listener))).isEqualTo(ws.getsockname(second));
    }

    @Proves("accept.try-again")
    void whatIsDeferredIsAskedAboutAgain() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle client = connected(listener);
        fails(WsaError.WSATRY_AGAIN, () -> ws.wsaAccept(listener, null, request -> Decision.CF_DEFER));
        fails(WsaError.WSATRY_AGAIN, () -> ws.wsaAccept(listener, null, request -> Decision.CF_DEFER));
        net.send(client, "patient");
        SocketHandle s = net.own(ws.wsaAccept(listener, null, request -> Decision.CF_ACCEPT));

        assertThat(net.receiveAll(s, 7)).isEqualTo("patient");
    }

    @Proves({"accept.try-again", "select.read-accept"})
    void whatIsDeferredKeepsTheListenerReadable() throws WinsockException {
        SocketHandle listener = net.nonBlocking(net.listener());
        connected(listener);
        net.awaitReadable(listener);
        fails(WsaError.WSATRY_AGAIN, () -> ws.wsaAccept(listener, null, request -> Decision.CF_DEFER));
        net.awaitReadable(listener);

        assertThat(accepted(listener)).isNotNull();
    }

    @Proves("accept.try-again")
    void whatIsDeferredAndThenRejectedIsReset() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle client = connected(listener);
        fails(WsaError.WSATRY_AGAIN, () -> ws.wsaAccept(listener, null, request -> Decision.CF_DEFER));
        fails(WsaError.WSAECONNREFUSED, () -> ws.wsaAccept(listener, null, request -> Decision.CF_REJECT));

        fails(WsaError.WSAECONNRESET, () -> ws.recv(client, ByteBuffer.allocate(1), 0));
    }

    @Proves("accept.condition-inval")
    void aDecisionThatIsNoneIsInvalid() throws WinsockException {
        SocketHandle listener = net.listener();
        connected(listener);
        fails(WsaError.WSAEINVAL, () -> ws.wsaAccept(listener, null, request -> null));
    }

    // ---- SO_CONDITIONAL_ACCEPT -------------------------------------------------------------------------------------

    @Proves("so.conditional-accept")
    void aConditionalListenerLetsThePeerWaitForTheAccept() throws Exception {
        SocketHandle listener = net.boundStream();
        if (refuses(Flag.NO_CONDITIONAL_ACCEPT, WsaError.WSAENOPROTOOPT, () -> beConditional(listener))) {
            return;
        }
        beConditional(listener);
        ws.listen(listener, 4);
        SocketHandle client = net.nonBlocking(net.stream());
        wouldBlock(ws.connect(client, net.name(listener)));
        net.awaitReadable(listener);
        fails(WsaError.WSAENOTCONN, () -> ws.getpeername(client));
        SocketHandle s = net.own(ws.wsaAccept(listener, null, request -> Decision.CF_ACCEPT));
        net.awaitWritable(client);

        assertThat(ws.getpeername(client)).isEqualTo(ws.getsockname(s));
    }

    @Proves({"so.conditional-accept", "accept.connrefused"})
    void aPeerThatAConditionalListenerRejectsIsRefused() throws Exception {
        SocketHandle listener = net.boundStream();
        if (refuses(Flag.NO_CONDITIONAL_ACCEPT, WsaError.WSAENOPROTOOPT, () -> beConditional(listener))) {
            return;
        }
        beConditional(listener);
        ws.listen(listener, 4);
        SocketHandle client = net.stream();
        Call<Integer> call = calls.waiting(() -> ws.connect(client, net.name(listener)));
        fails(WsaError.WSAECONNREFUSED, () -> ws.wsaAccept(listener, null, request -> Decision.CF_REJECT));

        fails(WsaError.WSAECONNREFUSED, call::result);
    }

    private void beConditional(SocketHandle listener) throws WinsockException {
        ws.setsockopt(listener, SOL_SOCKET, SO_CONDITIONAL_ACCEPT, true);
    }

    private SocketHandle connected(SocketHandle listener) throws WinsockException {
        SocketHandle client = net.stream();
        ws.connect(client, net.name(listener));
        return client;
    }

    private SocketHandle accepted(SocketHandle listener) throws WinsockException {
        return net.own(ws.accept(listener, null));
    }

    private WsaNetworkEvents events(SocketHandle s, WsaEvent event) throws WinsockException {
        WsaNetworkEvents events = new WsaNetworkEvents();
        ws.wsaEnumNetworkEvents(s, event, events);
        return events;
    }

    private static ConditionProc counting(AtomicInteger count, Decision decision) {
        return request -> {
            count.incrementAndGet();
            return decision;
        };
    }
}
