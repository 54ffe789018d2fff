package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.starts;
import static org.ws2j.conformance.Network.bytes;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/** Completion routines. */
final class RoutinesSuite extends Suite {
    private static final int BRIEF_MILLIS = 25;

    /** What a routine was called with; it lives on one thread. */
    private static final class Recorder implements WsaCompletionRoutine {
        private final List<Integer> errors = new ArrayList<>();
        private int bytes = -1;
        private int flags = -1;
        private WsaOverlapped block;
        private Thread thread;

        @Override
        public void completed(int error, int bytesTransferred, WsaOverlapped overlapped, int resultFlags) {
            errors.add(error);
            bytes = bytesTransferred;
            flags = resultFlags;
            block = overlapped;
            thread = Thread.currentThread();
        }

        boolean isCalled() {
            return !errors.isEmpty();
        }
    }

    private void receive(SocketHandle s, ByteBuffer room, WsaCompletionRoutine routine) throws WinsockException {
        starts(ws.wsaRecv(s, room, null, new HeapOverlapped(), routine));
    }

    private void receive(SocketHandle s, WsaCompletionRoutine routine) throws WinsockException {
        receive(s, ByteBuffer.allocate(1), routine);
    }

    // ---- where and when --------------------------------------------------------------------------------------------

    @Proves("routine.thread")
    void aRoutineRunsOnTheThreadThatStartedItsOperation() throws Exception {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        receive(c.server(), routine);
        assertThat(calls.start(() -> ws.send(c.client(), bytes("x"), 0)).result()).isEqualTo(1);
        signals.awaitProcedures();

        assertThat(routine.thread).isSameAs(Thread.currentThread());
        assertThat(routine.errors).containsExactly(0);
    }

    @Proves("routine.thread")
    void aRoutineWaitsForItsOwnThread() throws Exception {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        CountDownLatch sent = new CountDownLatch(1);
        Call<Thread> other = calls.waiting(() -> {
            receive(c.server(), routine);
            sent.await();
            signals.awaitProcedures();
            return Thread.currentThread();
        });
        net.send(c.client(), "x");
        assertThat(signals.runProcedures()).as("on this thread").isFalse();
        sent.countDown();

        assertThat(other.result()).isSameAs(routine.thread);
    }

    @Proves("routine.thread")
    void aRoutineRunsInAnAlertableWaitAlone() throws WinsockException {
        Connection c = net.connection();
        Connection other = net.connection();
        Recorder routine = new Recorder();
        receive(c.server(), routine);
        net.send(c.client(), "x");
        HeapOverlapped block = new HeapOverlapped(signals.event());
        starts(ws.wsaRecv(other.server(), ByteBuffer.allocate(1), null, block, null));
        net.send(other.client(), "y");
        signals.await(block.hEvent());
        assertThat(ws.waits().sleepEx(0, false)).isZero();
        assertThat(routine.isCalled()).isFalse();
        signals.awaitProcedures();

        assertThat(routine.isCalled()).isTrue();
    }

    @Proves({"routine.thread", "overlapped.at-once"})
    void evenWhatIsOverAtOnceCallsItsRoutineInAnAlertableWaitAlone() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "x");
        Recorder routine = new Recorder();
        receive(c.server(), routine);
        assertThat(routine.isCalled()).isFalse();
        signals.awaitProcedures();

        assertThat(routine.bytes).isEqualTo(1);
        assertThat(signals.runProcedures()).as("a second time").isFalse();
    }

    @Proves("routine.thread")
    void anAlertableWaitForEventsRunsRoutinesAndTakesNoEvent() throws WinsockException {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        receive(c.server(), routine);
        calls.start(() -> ws.send(c.client(), bytes("x"), 0));
        int result = ws.waits().waitForSingleEvent(signals.event(), Waits.WSA_INFINITE, true);

        assertThat(result).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(routine.isCalled()).isTrue();
    }

    // ---- with what -------------------------------------------------------------------------------------------------

    @Proves("routine.arguments")
    void aRoutineLearnsOfBytesBlockAndFlags() throws WinsockException {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        HeapOverlapped block = new HeapOverlapped();
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(8), null, block, routine));
        net.send(c.client(), "abc");
        signals.awaitProcedures();

        assertThat(routine.errors).containsExactly(0);
        assertThat(routine.bytes).isEqualTo(3);
        assertThat(routine.block).isSameAs(block);
        assertThat(routine.flags).isZero();
    }

    @Proves("routine.arguments")
    void theRoutineOfASendLearnsWhatWasSent() throws WinsockException {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        HeapOverlapped block = new HeapOverlapped();
        starts(ws.wsaSend(c.client(), bytes("four"), 0, block, routine));
        signals.awaitProcedures();

        assertThat(routine.bytes).isEqualTo(4);
        assertThat(routine.block).isSameAs(block);
        assertThat(routine.flags).isZero();
    }

    @Proves({"routine.arguments", "overlapped.datagram"})
    void theSourceOfADatagramIsKnownToItsRoutine() throws WinsockException {
        SocketHandle sender = net.boundDatagram();
        SocketHandle receiver = net.boundDatagram();
        ReceiveResult result = new ReceiveResult();
        List<Object> source = new ArrayList<>();
        pends(ws.wsaRecvFrom(receiver, ByteBuffer.allocate(4), result, new HeapOverlapped(),
                (error, n, block, flags) -> source.add(result.from())));
        ws.sendto(sender, bytes("x"), 0, net.name(receiver));
        signals.awaitProcedures();

        assertThat(source).containsExactly(net.name(sender));
    }

    @Proves("routine.arguments")
    void theEndOfTheStreamIsSuccessWithoutBytes() throws WinsockException {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        receive(c.server(), routine);
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);
        signals.awaitProcedures();

        assertThat(routine.errors).containsExactly(0);
        assertThat(routine.bytes).isZero();
    }

    @Proves("overlapped-result.done")
    void theResultCanBeAskedForInTheRoutine() throws WinsockException {
        Connection c = net.connection();
        List<Long> results = new ArrayList<>();
        receive(c.server(), ByteBuffer.allocate(8), (error, n, block, flags) -> {
            try {
                results.add(ws.wsaGetOverlappedResult(c.server(), block, false, null));
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        });
        net.send(c.client(), "abc");
        signals.awaitProcedures();

        assertThat(results).containsExactly(3L);
    }

    // ---- errors ----------------------------------------------------------------------------------------------------

    @Proves("routine.error")
    void aRoutineLearnsOfAReset() throws WinsockException {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        receive(c.server(), routine);
        net.reset(c.client());
        signals.awaitProcedures();

        assertThat(routine.errors).hasSize(1);
        assertThat(routine.errors.getFirst()).isIn(WsaError.WSAECONNRESET.code(), WsaError.WSAECONNABORTED.code());
    }

    @Proves({"routine.error", "closesocket.aborts"})
    void closingRunsTheRoutinesOfWhatItAborts() throws WinsockException {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        receive(c.server(), routine);
        receive(c.server(), routine);
        ws.closesocket(c.server());
        while (routine.errors.size() < 2) {
            signals.awaitProcedures();
        }

        assertThat(routine.errors).containsOnly(WsaError.WSA_OPERATION_ABORTED.code());
    }

    @Proves({"routine.error", "recv.msgsize"})
    void aRoutineLearnsOfADatagramThatIsTooLong() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        Recorder routine = new Recorder();
        receive(receiver, routine);
        ws.sendto(net.datagram(), bytes("too long"), 0, net.name(receiver));
        signals.awaitProcedures();

        assertThat(routine.errors).containsExactly(WsaError.WSAEMSGSIZE.code());
    }

    @Proves({"routine.failed-start", "overlapped.failed-start"})
    void aCallThatFailsCallsNoRoutine() throws WinsockException {
        SocketHandle s = net.stream();
        Recorder routine = new Recorder();
        fails(WsaError.WSAENOTCONN, () -> receive(s, routine));

        assertThat(signals.runProcedures()).isFalse();
        assertThat(routine.isCalled()).isFalse();
    }

    @Proves({"overlapped.cleanup", "cleanup.silent"})
    void theLastCleanUpCallsNoRoutine() throws WinsockException {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        receive(c.server(), routine);
        ws.wsaCleanup();

        assertThat(signals.runProcedures()).isFalse();
        assertThat(routine.isCalled()).isFalse();
    }

    // ---- instead of other indications ------------------------------------------------------------------------------

    @Proves({"routine.instead", "fact-7"})
    void aRoutineKeepsTheEventUnset() throws WinsockException {
        Connection c = net.connection();
        Recorder routine = new Recorder();
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, routine));
        net.send(c.client(), "x");
        signals.awaitProcedures();

        assertThat(routine.isCalled()).isTrue();
        assertThat(signals.isSet(block.hEvent())).isFalse();
    }

    @Proves({"routine.instead", "fact-8"})
    void aRoutineOnASocketWithAPortIsInvalid() throws WinsockException {
        Connection c = net.connection();
        ws.ports().associate(c.server(), signals.port(), "key");
        Recorder routine = new Recorder();
        fails(WsaError.WSAEINVAL, () -> receive(c.server(), routine));
        fails(WsaError.WSAEINVAL, () -> ws.wsaSend(c.server(), bytes("x"), 0, new HeapOverlapped(), routine));

        assertThat(signals.runProcedures()).isFalse();
        assertThat(routine.isCalled()).isFalse();
    }

    // ---- one after the other ---------------------------------------------------------------------------------------

    @Proves({"routine.not-nested", "trap-42"})
    void routinesOfOneSocketDoNotNest() throws WinsockException {
        Connection c = net.connection();
        List<String> steps = new ArrayList<>();
        WsaCompletionRoutine routine = (error, n, block, flags) -> {
            steps.add("in");
            ws.waits().sleepEx(BRIEF_MILLIS, true);
            steps.add("out");
        };
        receive(c.server(), routine);
        receive(c.server(), routine);
        net.send(c.client(), "xy");
        while (steps.size() < 4) {
            signals.awaitProcedures();
        }

        assertThat(steps).containsExactly("in", "out", "in", "out");
    }

    @Proves("trap-42")
    void aRoutineCanStartTheNextReceive() throws WinsockException {
        Connection c = net.connection();
        ByteBuffer room = ByteBuffer.allocate(1);
        StringBuilder received = new StringBuilder();
        receive(c.server(), room, new WsaCompletionRoutine() {
            @Override
            public void completed(int error, int n, WsaOverlapped block, int flags) {
                received.append((char) room.get(0));
                if (received.length() < 5) {
                    again(this);
                }
            }

            private void again(WsaCompletionRoutine routine) {
                try {
                    receive(c.server(), room, routine);
                } catch (WinsockException e) {
                    throw new AssertionError(e);
                }
            }
        });
        net.send(c.client(), "chain");
        while (received.length() < 5) {
            signals.awaitProcedures();
        }

        assertThat(received).hasToString("chain");
    }

    @Proves({"send.from-routine", "common.reentrancy"})
    void aRoutineMaySend() throws WinsockException {
        Connection c = net.connection();
        receive(c.server(), (error, n, block, flags) -> {
            try {
                net.send(c.server(), "answer");
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        });
        net.send(c.client(), "?");
        signals.awaitProcedures();

        assertThat(net.receiveAll(c.client(), 6)).isEqualTo("answer");
    }

    @Proves("common.reentrancy")
    void aRoutineMayCloseItsSocket() throws WinsockException {
        Connection c = net.connection();
        receive(c.server(), (error, n, block, flags) -> {
            try {
                ws.closesocket(c.server());
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        });
        net.send(c.client(), "x");
        signals.awaitProcedures();

        fails(WsaError.WSAENOTSOCK, () -> ws.getsockname(c.server()));
    }

    @Proves("routine.order")
    void routinesOfOneDirectionRunInTheOrderOfTheirOperations() throws WinsockException {
        Connection c = net.connection();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            receive(c.server(), (error, n, block, flags) -> order.add(number));
        }
        net.send(c.client(), "wxyz");
        while (order.size() < 4) {
            signals.awaitProcedures();
        }

        assertThat(order).containsExactly(0, 1, 2, 3);
    }
}
