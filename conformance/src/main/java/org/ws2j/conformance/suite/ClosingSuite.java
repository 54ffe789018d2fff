package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.spi.SocketOption.SOL_SOCKET;
import static org.ws2j.spi.SocketOption.SO_DONTLINGER;
import static org.ws2j.spi.SocketOption.SO_LINGER;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ws2j.conformance.Attempt;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Linger;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/** closesocket. */
final class ClosingSuite extends Suite {
    /** Longer than any check takes: what lingers so long has not given up. */
    private static final Linger LONG = new Linger(true, 60);

    // ---- the handle ------------------------------------------------------------------------------------------------

    @Proves({"closesocket.notsock", "common.notsock", "trap-56"})
    void aClosedSocketIsNoSocketToAnyFunction() throws WinsockException {
        SocketHandle s = net.boundStream();
        ws.closesocket(s);
        for (Attempt call : everyFunction(s)) {
            fails(WsaError.WSAENOTSOCK, call);
        }
    }

    @Proves({"common.notsock", "trap-56"})
    void nothingIsNoSocketToAnyFunction() throws WinsockException {
        for (Attempt call : everyFunction(null)) {
            fails(WsaError.WSAENOTSOCK, call);
        }
    }

    @Proves("closesocket.notsock")
    void aNewSocketDoesNotBringAnOldHandleBack() throws WinsockException {
        SocketHandle old = net.stream();
        ws.closesocket(old);
        net.stream();
        fails(WsaError.WSAENOTSOCK, () -> ws.closesocket(old));
    }

    private List<Attempt> everyFunction(SocketHandle s) throws WinsockException {
        WsaEvent event = signals.event();
        InetSocketAddress name = loopback(9);
        List<Attempt> all = new ArrayList<>();
        all.add(() -> ws.bind(s, name));
        all.add(() -> ws.listen(s, 1));
        all.add(() -> ws.accept(s, null));
        all.add(() -> ws.connect(s, name));
        all.add(() -> ws.wsaJoinLeaf(s, name, null, null, null, null, 0));
        all.add(() -> ws.shutdown(s, 0));
        all.add(() -> ws.wsaSendDisconnect(s, null));
        all.add(() -> ws.wsaRecvDisconnect(s, null));
        all.add(() -> ws.getsockname(s));
        all.add(() -> ws.getpeername(s));
        all.add(() -> ws.getsockopt(s, SOL_SOCKET, SocketOption.SO_TYPE));
        all.add(() -> ws.setsockopt(s, SOL_SOCKET, SocketOption.SO_KEEPALIVE, true));
        all.add(() -> ws.ioctlsocket(s, IoctlCode.FIONBIO, true));
        all.add(() -> ws.wsaIoctl(s, IoctlCode.FIONBIO, true, null, null, null));
        all.add(() -> ws.wsaGetQosByName(s, "x", null));
        all.add(() -> ws.wsaDuplicateSocket(s, ws.processId()));
        all.add(() -> ws.wsaEventSelect(s, event, NetworkEvent.FD_READ));
        all.add(() -> ws.wsaEnumNetworkEvents(s, event, new WsaNetworkEvents()));
        all.add(() -> ws.wsaAsyncSelect(s, signals.window(), Message.WM_USER, NetworkEvent.FD_READ));
        all.add(() -> ws.closesocket(s));
        all.addAll(everyTransfer(s));
        return all;
    }

    private List<Attempt> everyTransfer(SocketHandle s) {
        ByteBuffer buffer = bytes("x");
        InetSocketAddress name = loopback(9);
        return List.of(
                () -> ws.send(s, buffer, 0),
                () -> ws.sendto(s, buffer, 0, name),
                () -> ws.recv(s, buffer, 0),
                () -> ws.recvfrom(s, buffer, new ReceiveResult()),
                () -> ws.wsaSend(s, buffer, 0, new HeapOverlapped(), null),
                () -> ws.wsaSendTo(s, buffer, 0, name, new HeapOverlapped(), null),
                () -> ws.wsaRecv(s, buffer, new ReceiveResult(), new HeapOverlapped(), null),
                () -> ws.wsaRecvFrom(s, buffer, new ReceiveResult(), new HeapOverlapped(), null),
                () -> ws.wsaGetOverlappedResult(s, new HeapOverlapped(), false, new ReceiveResult()));
    }

    @Proves({"closesocket.address", "connect.connrefused"})
    void whereAListenerWasClosedNobodyIsAtHome() throws WinsockException {
        SocketHandle listener = net.listener();
        InetSocketAddress name = net.name(listener);
        ws.closesocket(listener);
        SocketHandle s = net.stream();
        fails(WsaError.WSAECONNREFUSED, () -> ws.connect(s, name));
    }

    @Proves("closesocket.address")
    void theAddressOfAClosedDatagramSocketIsFreeAgain() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        InetSocketAddress name = net.name(s);
        ws.closesocket(s);
        SocketHandle next = net.datagram();
        ws.bind(next, name);

        assertThat(net.name(next)).isEqualTo(name);
    }

    @Proves("closesocket.listener")
    void connectionsThatWaitWhenTheirListenerIsClosedAreReset() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle client = net.stream();
        ws.connect(client, net.name(listener));
        ws.closesocket(listener);

        fails(WsaError.WSAECONNRESET, () -> ws.recv(client, ByteBuffer.allocate(1), 0));
    }

    // ---- graceful, hard, lingering ---------------------------------------------------------------------------------

    @Proves("closesocket.graceful")
    void whatWasSentArrivesAfterTheClose() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "last words");
        ws.closesocket(c.client());

        assertThat(net.receiveAll(c.server(), 64)).isEqualTo("last words");
    }

    @Proves("closesocket.graceful")
    void aCloseDoesNotWaitForWhatWasSent() throws WinsockException {
        Connection c = net.connection();
        long sent = net.fill(net.nonBlocking(c.client()));
        ws.ioctlsocket(c.client(), IoctlCode.FIONBIO, false);
        ws.closesocket(c.client());

        net.drain(c.server(), sent);
        assertThat(net.receive(c.server(), 1)).isEmpty();
    }

    @Proves({"closesocket.graceful", "recv.graceful-end"})
    void thePeerSeesTheEndAgainAndAgain() throws WinsockException {
        Connection c = net.connection();
        ws.closesocket(c.client());
        for (int i = 0; i < 3; i++) {
            assertThat(net.receive(c.server(), 1)).isEmpty();
        }
    }

    @Proves({"closesocket.hard", "recv.connreset"})
    void aLingerTimeOfZeroResets() throws WinsockException {
        Connection c = net.connection();
        net.reset(c.client());

        fails(WsaError.WSAECONNRESET, () -> ws.recv(c.server(), ByteBuffer.allocate(1), 0));
    }

    @Proves("closesocket.hard")
    void aResetDoesNotWaitForWhatWasSent() throws WinsockException {
        Connection c = net.connection();
        net.fill(net.nonBlocking(c.client()));
        net.reset(c.client());

        fails(WsaError.WSAENOTSOCK, () -> ws.closesocket(c.client()));
    }

    @Proves("closesocket.hard")
    void theAcceptedEndCanResetToo() throws WinsockException {
        Connection c = net.connection();
        net.reset(c.server());

        fails(WsaError.WSAECONNRESET, () -> ws.recv(c.client(), ByteBuffer.allocate(1), 0));
    }

    @Proves("closesocket.linger")
    void aCloseThatLingersEndsWhenAllHasBeenSent() throws Exception {
        Connection c = net.connection();
        long sent = net.fill(net.nonBlocking(c.client()));
        ws.ioctlsocket(c.client(), IoctlCode.FIONBIO, false);
        ws.setsockopt(c.client(), SOL_SOCKET, SO_LINGER, LONG);
        Call<Boolean> close = closing(c.client());
        assertThat(close.isDone()).isFalse();
        net.drain(c.server(), sent);

        assertThat(close.result()).isTrue();
        assertThat(net.receive(c.server(), 1)).isEmpty();
    }

    @Proves("closesocket.linger")
    void aCloseThatLingersWithNothingLeftDoesNotWait() throws WinsockException {
        Connection c = net.connection();
        ws.setsockopt(c.client(), SOL_SOCKET, SO_LINGER, LONG);
        ws.closesocket(c.client());

        assertThat(net.receive(c.server(), 1)).isEmpty();
    }

    @Proves("closesocket.wouldblock")
    void aNonBlockingSocketThatWouldLingerIsNotClosed() throws WinsockException {
        Connection c = net.connection();
        net.send(c.server(), "x");
        fillAndRefuse(c.client());

        assertThat(net.receive(c.client(), 1)).isEqualTo("x");
        assertThat(ws.getpeername(c.client())).isEqualTo(ws.getsockname(c.server()));
    }

    @Proves("closesocket.wouldblock")
    void aRefusedCloseBeginsNoDisconnect() throws WinsockException {
        Connection c = net.connection();
        long sent = fillAndRefuse(c.client());
        net.drain(c.server(), sent);
        net.awaitWritable(c.client());
        assertThat(ws.send(c.client(), bytes("more"), 0)).isEqualTo(4);

        assertThat(net.receiveAll(c.server(), 4)).isEqualTo("more");
    }

    @Proves("closesocket.wouldblock")
    void afterARefusedCloseTheSocketCanBeClosedInTheBackground() throws WinsockException {
        Connection c = net.connection();
        long sent = fillAndRefuse(c.client());
        ws.setsockopt(c.client(), SOL_SOCKET, SO_DONTLINGER, true);
        ws.closesocket(c.client());
        net.drain(c.server(), sent);

        assertThat(net.receive(c.server(), 1)).isEmpty();
    }

    @Proves("closesocket.wouldblock")
    void afterARefusedCloseTheSocketCanBeReset() throws WinsockException {
        Connection c = net.connection();
        fillAndRefuse(c.client());
        net.reset(c.client());

        fails(WsaError.WSAENOTSOCK, () -> ws.getsockname(c.client()));
    }

    @Proves("closesocket.wouldblock")
    void aNonBlockingSocketWithNothingToLingerForIsClosed() throws WinsockException {
        Connection c = net.connection();
        ws.setsockopt(net.nonBlocking(c.client()), SOL_SOCKET, SO_LINGER, LONG);
        ws.closesocket(c.client());

        assertThat(net.receive(c.server(), 1)).isEmpty();
    }

    private long fillAndRefuse(SocketHandle s) throws WinsockException {
        long sent = net.fill(net.nonBlocking(s));
        ws.setsockopt(s, SOL_SOCKET, SO_LINGER, LONG);
        fails(WsaError.WSAEWOULDBLOCK, () -> ws.closesocket(s));
        return sent;
    }

    // ---- what is under way -----------------------------------------------------------------------------------------

    @Proves("closesocket.blocked")
    void aReceiveThatWaitsEndsWhenItsSocketIsClosed() throws Exception {
        Connection c = net.connection();
        assertEnds(c.client(), () -> ws.recv(c.client(), ByteBuffer.allocate(1), 0));
    }

    @Proves("closesocket.blocked")
    void aReceiveOfADatagramThatWaitsEndsWhenItsSocketIsClosed() throws Exception {
        SocketHandle s = net.boundDatagram();
        assertEnds(s, () -> ws.recvfrom(s, ByteBuffer.allocate(1), new ReceiveResult()));
    }

    @Proves("closesocket.blocked")
    void anAcceptThatWaitsEndsWhenItsSocketIsClosed() throws Exception {
        SocketHandle s = net.listener();
        assertEnds(s, () -> ws.accept(s, null));
    }

    @Proves("closesocket.blocked")
    void aSendThatWaitsEndsWhenItsSocketIsClosed() throws Exception {
        Connection c = net.connection();
        net.fill(net.nonBlocking(c.client()));
        ws.ioctlsocket(c.client(), IoctlCode.FIONBIO, false);
        assertEnds(c.client(), () -> ws.send(c.client(), ByteBuffer.allocate(1 << 20), 0));
    }

    @Proves("closesocket.blocked")
    void aSelectThatWaitsEndsWhenItsOnlySocketIsClosed() throws Exception {
        Connection c = net.connection();
        Timeval limit = Timeval.of(Duration.ofMinutes(1));
        assertEnds(c.client(), () -> ws.select(FdSet.of(c.client()), null, null, limit));
    }

    private void assertEnds(SocketHandle s, Callable<Object> waits) throws Exception {
        Call<Object> call = calls.waiting(waits);
        assertThat(call.isDone()).isFalse();
        ws.closesocket(s);
        WsaError error = failure(call);

        assertThat(error).isIn(WsaError.WSAEINTR, WsaError.WSAECONNABORTED, WsaError.WSAENOTSOCK);
    }

    private static WsaError failure(Call<Object> call) throws Exception {
        try {
            throw new AssertionError("the call that waited returned " + call.result());
        } catch (WinsockException e) {
            return WsaError.of(e.code()).orElseThrow();
        }
    }

    @Proves("closesocket.aborts")
    void aPendingReceiveEndsAsAbortedAndRunsItsRoutine() throws WinsockException {
        Connection c = net.connection();
        List<Integer> errors = new ArrayList<>();
        pends(ws.wsaRecv(c.client(), ByteBuffer.allocateDirect(1), new ReceiveResult(), new HeapOverlapped(),
                (error, n, block, flags) -> errors.add(error)));
        ws.closesocket(c.client());
        signals.awaitProcedures();

        assertThat(errors).containsExactly(WsaError.WSA_OPERATION_ABORTED.code());
    }

    @Proves("closesocket.aborts")
    void aPendingReceiveEndsAsAbortedAndSetsItsEvent() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(s, ByteBuffer.allocateDirect(1), new ReceiveResult(), block, null));
        ws.closesocket(s);
        signals.await(block.hEvent());

        assertThat(block.isCompleted()).isTrue();
        assertThat(block.internal()).isNotZero();
    }

    @Proves({"closesocket.aborts", "fact-14"})
    void aPendingReceiveEndsAsAbortedAndQueuesItsPacket() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = signals.port();
        ws.ports().associate(c.client(), port, "key");
        HeapOverlapped block = new HeapOverlapped();
        pends(ws.wsaRecv(c.client(), ByteBuffer.allocateDirect(1), new ReceiveResult(), block, null));
        ws.closesocket(c.client());
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.error()).isNotZero();
        assertThat(packet.bytesTransferred()).isZero();
    }

    @Proves("closesocket.aborts")
    void everyPendingOperationIsIndicatedOnce() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = signals.port();
        ws.ports().associate(c.client(), port, "key");
        List<Object> blocks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            HeapOverlapped block = new HeapOverlapped();
            pends(ws.wsaRecv(c.client(), ByteBuffer.allocateDirect(1), new ReceiveResult(), block, null));
            blocks.add(block);
        }
        ws.closesocket(c.client());
        List<Object> ended = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ended.add(signals.packet(port).overlapped());
        }

        assertThat(ended).containsExactlyInAnyOrderElementsOf(blocks);
        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves({"closesocket.no-close-event", "event.survives"})
    void noCloseEventFollowsAClose() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, NetworkEvent.FD_CLOSE | NetworkEvent.FD_READ);
        ws.closesocket(c.client());
        assertThat(net.receive(c.server(), 1)).as("the other end").isEmpty();

        assertThat(signals.isSet(event)).isFalse();
    }

    @Proves("closesocket.no-close-event")
    void noCloseMessageFollowsAClose() throws WinsockException {
        Connection c = net.connection();
        ws.wsaAsyncSelect(c.client(), signals.window(), Message.WM_USER, NetworkEvent.FD_CLOSE | NetworkEvent.FD_READ);
        ws.closesocket(c.client());
        assertThat(net.receive(c.server(), 1)).as("the other end").isEmpty();

        assertThat(signals.isQueueEmpty()).isTrue();
    }

    @Proves("closesocket.queued")
    void aMessageThatIsQueuedStaysWhenItsSocketIsClosed() throws WinsockException {
        Connection c = net.connection();
        net.send(c.server(), "x");
        net.awaitReadable(c.client());
        ws.wsaAsyncSelect(c.client(), signals.window(), Message.WM_USER, NetworkEvent.FD_READ);
        ws.closesocket(c.client());

        assertThat(NetworkEvent.selectEvent(signals.message().lParam())).isEqualTo(NetworkEvent.FD_READ);
    }

    private Call<Boolean> closing(SocketHandle s) {
        return calls.start(() -> {
            ws.closesocket(s);
            return true;
        });
    }
}
