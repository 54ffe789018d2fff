package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.conformance.Network.text;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.conformance.Attempt;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.BlockingHook;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;

/** The blocking hooks of a client of Winsock 1.1, and WSACancelBlockingCall. */
final class HooksSuite extends Suite {
    private static final int LARGE = 32 << 20;

    @Override
    protected WinsockVersion version() {
        return WinsockVersion.V1_1;
    }

    /** Installs a hook that counts, and after a few runs lets another thread send what the call waits for. */
    private AtomicInteger countingHook(SocketHandle sender) throws WinsockException {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(1);
        calls.start(() -> {
            enough.await();
            net.send(sender, "x");
            return null;
        });
        ws.wsaSetBlockingHook(() -> {
            if (runs.incrementAndGet() == 3) {
                enough.countDown();
            }
            return false;
        });
        return runs;
    }

    /** Installs a hook that does something, what happens there being the hook's own affair. */
    private void hook(Attempt attempt) throws WinsockException {
        ws.wsaSetBlockingHook(() -> {
            try {
                attempt.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return false;
        });
    }

    private void hookThatCancels() throws WinsockException {
        hook(ws::wsaCancelBlockingCall);
    }

    // ---- when a hook runs ------------------------------------------------------------------------------------------

    @Proves({"hook.runs", "wpuQueryBlockingCallback.hook"})
    void aHookRunsAgainAndAgainWhileAReceiveWaits() throws WinsockException {
        Connection c = net.connection();
        AtomicInteger runs = countingHook(c.client());

        assertThat(net.receive(c.server(), 1)).isEqualTo("x");
        assertThat(runs).hasValueGreaterThanOrEqualTo(3);
    }

    @Proves("hook.runs")
    void aHookRunsWhileASelectWaits() throws WinsockException {
        Connection c = net.connection();
        AtomicInteger runs = countingHook(c.client());

        assertThat(ws.select(FdSet.of(c.server()), null, null, null)).isEqualTo(1);
        assertThat(runs).hasValueGreaterThanOrEqualTo(3);
    }

    @Proves("hook.runs")
    void aHookRunsWhileADatagramIsWaitedFor() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        SocketHandle sender = net.datagram();
        ws.connect(sender, net.name(receiver));
        AtomicInteger runs = countingHook(sender);

        assertThat(net.receive(receiver, 1)).isEqualTo("x");
        assertThat(runs).hasValueGreaterThanOrEqualTo(3);
    }

    @Proves({"hook.only-waiting", "wpuQueryBlockingCallback.none"})
    void aHookDoesNotRunForWhatNeedNotWait() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "x");
        net.awaitReadable(c.server());
        AtomicInteger runs = new AtomicInteger();
        hook(runs::incrementAndGet);
        net.receive(c.server(), 1);
        net.send(c.server(), "y");
        ws.select(FdSet.of(c.server()), null, null, Timeval.POLL);
        net.nonBlocking(c.server());
        wouldBlock(ws.recv(c.server(), ByteBuffer.allocate(1), 0));

        assertThat(runs).hasValue(0);
    }

    @Proves("hook.only-waiting")
    void aHookDoesNotRunForOverlappedOperations() throws WinsockException {
        Connection c = net.connection();
        AtomicInteger runs = new AtomicInteger();
        hook(runs::incrementAndGet);
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null));
        net.send(c.client(), "x");
        signals.await(block.hEvent());

        assertThat(runs).hasValue(0);
    }

    @Proves("hook.thread")
    void aHookIsItsThreadsAlone() throws Exception {
        Connection c = net.connection();
        AtomicInteger runs = new AtomicInteger();
        hook(runs::incrementAndGet);
        Call<String> receive = calls.waiting(() -> net.receive(c.server(), 1));
        net.send(c.client(), "x");

        assertThat(receive.result()).isEqualTo("x");
        assertThat(runs).hasValue(0);
    }

    // ---- inside a hook ---------------------------------------------------------------------------------------------

    @Proves({"hook.inprogress", "common.inprogress"})
    void insideAHookOtherCallsAreRefused() throws WinsockException {
        Connection c = net.connection();
        SocketHandle other = net.stream();
        List<WsaError> refusals = new ArrayList<>();
        hook(() -> {
            refusals.clear();
            for (Attempt attempt : attempts(c.server(), other)) {
                refusals.add(refusal(attempt));
            }
            ws.wsaCancelBlockingCall();
        });
        fails(WsaError.WSAEINTR, () -> net.receive(c.server(), 1));

        assertThat(refusals).hasSize(attempts(c.server(), other).size()).containsOnly(WsaError.WSAEINPROGRESS);
    }

    private List<Attempt> attempts(SocketHandle waiting, SocketHandle other) {
        return List.of(
                () -> net.receive(waiting, 1),
                () -> ws.send(waiting, bytes("x"), 0),
                () -> ws.bind(other, loopback(0)),
                () -> ws.select(FdSet.of(other), null, null, Timeval.POLL),
                () -> ws.closesocket(other),
                net::stream);
    }

    /** {@return the error of a call; null if it succeeds, or fails with no error of Winsock's} */
    private static WsaError refusal(Attempt attempt) throws Exception {
        try {
            attempt.run();
            return null;
        } catch (WinsockException e) {
            return WsaError.of(e.code()).orElseThrow();
        }
    }

    @Proves("hook.is-blocking")
    void aThreadIsBlockingInsideItsHookAlone() throws WinsockException {
        Connection c = net.connection();
        List<Boolean> seen = new ArrayList<>();
        hook(() -> {
            seen.add(ws.wsaIsBlocking());
            ws.wsaCancelBlockingCall();
        });
        assertThat(ws.wsaIsBlocking()).isFalse();
        fails(WsaError.WSAEINTR, () -> net.receive(c.server(), 1));

        assertThat(seen).containsOnly(true);
        assertThat(ws.wsaIsBlocking()).isFalse();
    }

    @Proves("hook.unhook")
    void anUnhookedHookDoesNotRun() throws Exception {
        Connection c = net.connection();
        AtomicInteger runs = new AtomicInteger();
        hook(runs::incrementAndGet);
        ws.wsaUnhookBlockingHook();
        CountDownLatch started = new CountDownLatch(1);
        Call<Void> sender = calls.start(() -> {
            started.await();
            net.send(c.client(), "x");
            return null;
        });
        started.countDown();

        assertThat(net.receive(c.server(), 1)).isEqualTo("x");
        sender.result();
        assertThat(runs).hasValue(0);
    }

    @Proves("hook.former")
    void aNewHookTakesThePlaceOfTheFormer() throws WinsockException {
        BlockingHook first = () -> false;
        BlockingHook second = () -> false;

        assertThat(ws.wsaSetBlockingHook(first)).isNull();
        assertThat(ws.wsaSetBlockingHook(second)).isSameAs(first);
        assertThat(ws.wsaSetBlockingHook(first)).isSameAs(second);
    }

    @Proves("hook.fault")
    void noHookIsAFault() {
        fails(WsaError.WSAEFAULT, () -> ws.wsaSetBlockingHook(null));
    }

    // ---- cancelling ------------------------------------------------------------------------------------------------

    @Proves({"cancel.intr", "trap-58"})
    void aCancelledReceiveIsInterrupted() throws WinsockException {
        Connection c = net.connection();
        hookThatCancels();

        fails(WsaError.WSAEINTR, () -> net.receive(c.server(), 1));
    }

    @Proves("cancel.intr")
    void aCancelledReceiveOfADatagramIsInterrupted() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        hookThatCancels();

        fails(WsaError.WSAEINTR, () -> net.receive(s, 1));
    }

    @Proves("cancel.intr")
    void theCallGoesOnUntilItsHookHasReturned() throws WinsockException {
        Connection c = net.connection();
        List<String> steps = new ArrayList<>();
        hook(() -> {
            ws.wsaCancelBlockingCall();
            steps.add("hook");
        });
        fails(WsaError.WSAEINTR, () -> net.receive(c.server(), 1));
        steps.add("call");

        assertThat(steps).containsExactly("hook", "call");
    }

    @Proves({"cancel.intr", "cancel.damaged"})
    void aSendThatWasCutShortLeavesASocketGoodForClosingAlone() throws WinsockException {
        Connection c = net.connection();
        hookThatCancels();
        fails(WsaError.WSAEINTR, () -> ws.send(c.client(), ByteBuffer.allocate(LARGE), 0));
        ws.wsaUnhookBlockingHook();

        fails(WsaError.WSAECONNABORTED, () -> ws.send(c.client(), bytes("x"), 0));
        ws.closesocket(c.client());
    }

    @Proves("cancel.unharmed")
    void aCancelledAcceptLeavesTheListenerUnharmed() throws WinsockException {
        SocketHandle listener = net.listener();
        hookThatCancels();
        fails(WsaError.WSAEINTR, () -> ws.accept(listener, null));
        ws.wsaUnhookBlockingHook();
        ws.connect(net.stream(), net.name(listener));

        assertThat(net.own(ws.accept(listener, null))).isNotNull();
    }

    @Proves("cancel.unharmed")
    void aCancelledSelectLeavesItsSocketsUnharmed() throws WinsockException {
        Connection c = net.connection();
        hookThatCancels();
        fails(WsaError.WSAEINTR, () -> ws.select(FdSet.of(c.server()), null, null, null));
        ws.wsaUnhookBlockingHook();
        net.send(c.client(), "x");

        assertThat(net.receive(c.server(), 1)).isEqualTo("x");
    }

    @Proves("cancel.inval")
    void withoutABlockingCallThereIsNothingToCancel() {
        fails(WsaError.WSAEINVAL, ws::wsaCancelBlockingCall);
    }

    @Proves({"cancel.inval", "trap-58"})
    void theCallOfAnotherThreadCannotBeCancelled() throws Exception {
        Connection c = net.connection();
        Call<String> receive = calls.waiting(() -> net.receive(c.server(), 1));
        fails(WsaError.WSAEINVAL, ws::wsaCancelBlockingCall);
        net.send(c.client(), "x");

        assertThat(receive.result()).isEqualTo("x");
    }

    @Proves("hook.runs")
    void aCallThatWasNotCancelledSucceedsWhateverItsHookAnswered() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "abc");
        net.awaitReadable(c.server());
        hook(() -> {});
        ByteBuffer room = ByteBuffer.allocate(8);

        assertThat(ws.recv(c.server(), room, 0)).isEqualTo(3);
        assertThat(text(room)).isEqualTo("abc");
    }
}
