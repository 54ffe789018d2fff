package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.wouldBlock;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.BlockingHook;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;

/** WSASetBlockingHook, WSAUnhookBlockingHook, WSAIsBlocking, WSACancelBlockingCall: a client of 1.1. */
final class HooksSuite extends Suite {
    private final AtomicInteger runs = new AtomicInteger();

    @Override
    protected WinsockVersion version() {
        return WinsockVersion.V1_1;
    }

    @Proves({"hook.runs", "wpuQueryBlockingCallback.hook"})
    void theHookRunsAgainAndAgainWhileAReceiveWaits() throws Exception {
        Connection c = net.connection();
        CountDownLatch seen = new CountDownLatch(3);
        Call<Void> sender = calls.start(() -> {
            seen.await();
            net.send(c.server(), "late");
            return null;
        });
        ws.wsaSetBlockingHook(() -> {
            seen.countDown();
            return false;
        });

        assertThat(net.receive(c.client(), 8)).isEqualTo("late");
        sender.result();
    }

    @Proves({"hook.runs", "cancel.intr"})
    void theHookOfEachKindOfCallRuns() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle datagram = net.boundDatagram();
        ws.wsaSetBlockingHook(this::cancel);

        fails(WsaError.WSAEINTR, () -> ws.accept(listener, null));
        fails(WsaError.WSAEINTR, () -> ws.recvfrom(datagram, ByteBuffer.allocate(4), null));
        fails(WsaError.WSAEINTR, () -> ws.select(FdSet.of(listener, datagram), null, null, null));
        assertThat(runs).hasValueGreaterThanOrEqualTo(3);
    }

    @Proves("hook.only-waiting")
    void theHookDoesNotRunWhereNothingHasToWait() throws WinsockException {
        Connection c = net.connection();
        net.send(c.server(), "here");
        net.awaitReadable(c.client());
        ws.wsaSetBlockingHook(this::count);

        assertThat(net.receive(c.client(), 8)).isEqualTo("here");
        assertThat(runs).hasValue(0);
    }

    @Proves("hook.only-waiting")
    void theHookDoesNotRunInANonBlockingCall() throws WinsockException {
        SocketHandle s = net.nonBlocking(net.connection().client());
        ws.wsaSetBlockingHook(this::count);

        wouldBlock(ws.recv(s, ByteBuffer.allocate(4), 0));
        assertThat(runs).hasValue(0);
    }

    @Proves("hook.only-waiting")
    void theHookDoesNotRunInAnOverlappedCall() throws WinsockException {
        SocketHandle s = net.connection().client();
        ws.wsaSetBlockingHook(this::count);

        pends(ws.wsaRecv(s, ByteBuffer.allocate(4), null, new HeapOverlapped(), null));
        assertThat(runs).hasValue(0);
    }

    @Proves("hook.only-waiting")
    void theHookOfAnotherThreadDoesNotRun() throws Exception {
        SocketHandle s = net.boundDatagram();
        ws.wsaSetBlockingHook(this::count);
        Call<Integer> call = calls.waiting(() -> ws.recv(s, ByteBuffer.allocate(4), 0));
        ws.sendto(net.datagram(), ByteBuffer.allocate(2), 0, net.name(s));

        assertThat(call.result()).isEqualTo(2);
        assertThat(runs).hasValue(0);
    }

    @Proves({"hook.inprogress", "common.inprogress"})
    void anotherCallInsideTheHookIsInProgress() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        ws.wsaSetBlockingHook(() -> {
            fails(WsaError.WSAEINPROGRESS, () -> ws.getsockname(s));
            fails(WsaError.WSAEINPROGRESS, () -> ws.socket(2, 1, 6));
            fails(WsaError.WSAEINPROGRESS, ws::wsaCleanup);
            return cancel();
        });

        fails(WsaError.WSAEINTR, () -> ws.recv(s, ByteBuffer.allocate(4), 0));
        assertThat(runs).as("hooks that came to their end").hasPositiveValue();
    }

    @Proves("hook.is-blocking")
    void aThreadIsBlockingInsideItsHookAlone() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        assertThat(ws.wsaIsBlocking()).isFalse();
        AtomicInteger blocking = new AtomicInteger();
        ws.wsaSetBlockingHook(() -> {
            blocking.addAndGet(isBlocking() ? 1 : 0);
            return cancel();
        });
        fails(WsaError.WSAEINTR, () -> ws.recv(s, ByteBuffer.allocate(4), 0));

        assertThat(blocking).hasPositiveValue();
        assertThat(ws.wsaIsBlocking()).isFalse();
    }

    @Proves("hook.unhook")
    void anUnhookedHookDoesNotRun() throws Exception {
        SocketHandle s = net.boundDatagram();
        Call<Integer> receive = calls.waiting(() -> {
            ws.wsaSetBlockingHook(this::count);
            ws.wsaUnhookBlockingHook();
            return ws.recv(s, ByteBuffer.allocate(4), 0);
        });
        ws.sendto(net.datagram(), ByteBuffer.allocate(2), 0, net.name(s));

        assertThat(receive.result()).isEqualTo(2);
        assertThat(runs).hasValue(0);
    }

    @Proves("hook.unhook")
    void settingAHookTellsTheFormerOne() throws WinsockException {
        BlockingHook first = this::count;
        assertThat(ws.wsaSetBlockingHook(first)).isNull();
        assertThat(ws.wsaSetBlockingHook(() -> false)).isSameAs(first);
        ws.wsaUnhookBlockingHook();

        assertThat(ws.wsaSetBlockingHook(first)).isNull();
        fails(WsaError.WSAEFAULT, () -> ws.wsaSetBlockingHook(null));
    }

    @Proves({"cancel.intr", "trap-58", "wpuQueryBlockingCallback.hook"})
    void aCancelledReceiveIsInterrupted() throws WinsockException {
        SocketHandle s = net.connection().client();
        ws.wsaSetBlockingHook(this::cancel);

        fails(WsaError.WSAEINTR, () -> ws.recv(s, ByteBuffer.allocate(4), 0));
        assertThat(runs).hasValue(1);
    }

    @Proves("cancel.unharmed")
    void aCancelledAcceptOrSelectLeavesTheListenerUnharmed() throws WinsockException {
        SocketHandle listener = net.listener();
        ws.wsaSetBlockingHook(this::cancel);
        fails(WsaError.WSAEINTR, () -> ws.accept(listener, null));
        fails(WsaError.WSAEINTR, () -> ws.select(FdSet.of(listener), null, null, null));
        ws.wsaUnhookBlockingHook();
        ws.connect(net.stream(), net.name(listener));

        net.awaitReadable(listener);
        assertThat(net.own(ws.accept(listener, null))).isNotNull();
    }

    @Proves("cancel.inval")
    void aThreadWithoutABlockingCallHasNothingToCancel() throws WinsockException {
        fails(WsaError.WSAEINVAL, ws::wsaCancelBlockingCall);
        ws.wsaSetBlockingHook(this::count);

        fails(WsaError.WSAEINVAL, ws::wsaCancelBlockingCall);
    }

    private boolean count() {
        runs.incrementAndGet();
        return true;
    }

    private boolean cancel() {
        try {
            ws.wsaCancelBlockingCall();
            return count();
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isBlocking() {
        try {
            return ws.wsaIsBlocking();
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }
}
