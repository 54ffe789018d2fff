package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.starts;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.bytes;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** Overlapped operations that are indicated by an event, and WSAGetOverlappedResult. */
final class OverlappedSuite extends Suite {
    private static final int LARGE = 2 << 20;
    private static final int BRIEF_MILLIS = 25;
    private static final Duration END_OF_THREAD = Duration.ofSeconds(10);

    private HeapOverlapped block() throws WinsockException {
        return new HeapOverlapped(signals.event());
    }

    /** Starts a receive that has to wait. */
    private HeapOverlapped receive(SocketHandle s, byte[] room) throws WinsockException {
        HeapOverlapped block = block();
        pends(ws.wsaRecv(s, ByteBuffer.wrap(room), null, block, null));
        return block;
    }

    /** Waits for the end of an operation that succeeds. */
    private long finished(SocketHandle s, HeapOverlapped block) throws WinsockException {
        signals.await(block.hEvent());
        return result(s, block);
    }

    private long result(SocketHandle s, WsaOverlapped block) throws WinsockException {
        return ws.wsaGetOverlappedResult(s, block, false, null);
    }

    // ---- when a call is overlapped ---------------------------------------------------------------------------------

    @Proves("overlapped.sync")
    void withoutABlockACallIsSynchronous() throws WinsockException {
        Connection c = net.connection();
        net.nonBlocking(c.server());
        wouldBlock(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, null, null));
        assertThat(ws.wsaSend(c.client(), bytes("x"), 0, null, null)).isEqualTo(1);
    }

    @Proves("overlapped.routine-alone")
    void aRoutineWithoutABlockIsNeverCalled() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "x");
        boolean[] called = new boolean[1];

        assertThat(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, null, (e, n, o, f) -> called[0] = true))
                .isEqualTo(1);
        assertThat(signals.runProcedures()).isFalse();
        assertThat(called[0]).isFalse();
    }

    @Proves({"overlapped.mode", "fact-19"})
    void anOverlappedReceivePendsOnANonBlockingSocketToo() throws WinsockException {
        Connection c = net.connection();
        net.nonBlocking(c.server());
        HeapOverlapped block = receive(c.server(), new byte[1]);
        net.send(c.client(), "x");

        assertThat(finished(c.server(), block)).isEqualTo(1);
    }

    @Proves("fact-19")
    void aSocketThatAllowsNoOverlappedOperationsReceivesSynchronously() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.own(
                ws.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP, null, 0, 0));
        ws.connect(s, net.name(listener));
        net.send(net.own(ws.accept(listener, null)), "x");
        ByteBuffer room = ByteBuffer.allocate(4);

        assertThat(ws.wsaRecv(s, room, null, block(), null)).isEqualTo(1);
    }

    // ---- the outcome of the call -----------------------------------------------------------------------------------

    @Proves({"overlapped.at-once", "overlapped.event"})
    void anOperationThatIsOverAtOnceHasSetItsEvent() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "now");
        HeapOverlapped block = block();
        long n = ws.wsaRecv(c.server(), ByteBuffer.allocate(8), null, block, null);
        if (n >= 0) {
            assertThat(n).isEqualTo(3);
            assertThat(signals.isSet(block.hEvent())).isTrue();
        } else {
            pends(n);
        }
        assertThat(finished(c.server(), block)).isEqualTo(3);
    }

    @Proves("overlapped.at-once")
    void anOverlappedSendIsIndicatedWhenItsDataIsTaken() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = block();
        starts(ws.wsaSend(c.client(), bytes("hello"), 0, block, null));

        assertThat(finished(c.client(), block)).isEqualTo(5);
        assertThat(net.receiveAll(c.server(), 5)).isEqualTo("hello");
    }

    @Proves("overlapped.pending")
    void anOperationThatPendsIsIndicatedWhenItIsOver() throws WinsockException {
        Connection c = net.connection();
        byte[] room = new byte[4];
        HeapOverlapped block = receive(c.server(), room);
        assertThat(signals.isSet(block.hEvent())).isFalse();
        net.send(c.client(), "data");

        assertThat(finished(c.server(), block)).isEqualTo(4);
        assertThat(room).asString().isEqualTo("data");
    }

    @Proves("overlapped.failed-start")
    void aCallThatFailsIsNotIndicated() throws WinsockException {
        SocketHandle s = net.stream();
        HeapOverlapped block = block();
        fails(WsaError.WSAENOTCONN, () -> ws.wsaRecv(s, ByteBuffer.allocate(1), null, block, null));
        fails(WsaError.WSAENOTCONN, () -> ws.wsaSend(s, bytes("x"), 0, block, null));

        assertThat(signals.isSet(block.hEvent())).isFalse();
    }

    @Proves({"overlapped.failed-start", "recv.inval", "send.inval", "fact-20"})
    void anOverlappedCallNeedsABuffer() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = block();
        fails(WsaError.WSAEINVAL, () -> ws.wsaRecv(c.server(), new ByteBuffer[0], null, block, null));
        fails(WsaError.WSAEINVAL, () -> ws.wsaSend(c.client(), new ByteBuffer[0], 0, block, null));
        fails(WsaError.WSAEFAULT, () -> ws.wsaRecv(c.server(), (ByteBuffer) null, null, block, null));

        assertThat(signals.isSet(block.hEvent())).isFalse();
    }

    @Proves("recv.peek-overlapped")
    void anOverlappedReceiveCannotPeek() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = block();
        ReceiveResult peek = new ReceiveResult(MessageFlag.MSG_PEEK);
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.wsaRecv(c.server(), ByteBuffer.allocate(1), peek, block, null));
    }

    @Proves("overlapped.event")
    void theStartOfAnOperationResetsItsEvent() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = block();
        ws.wsaSetEvent(block.hEvent());
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null));
        assertThat(signals.isSet(block.hEvent())).isFalse();
        net.send(c.client(), "x");

        assertThat(finished(c.server(), block)).isEqualTo(1);
    }

    @Proves({"overlapped.event", "trap-27"})
    void theFieldsAreFinalWhenTheEventIsSet() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[8]);
        assertThat(block.internal()).isEqualTo(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        net.send(c.client(), "bytes");
        signals.await(block.hEvent());

        assertThat(block.isCompleted()).isTrue();
        assertThat(block.internalHigh()).isEqualTo(5);
    }

    @Proves("overlapped.pending")
    void aBlockCanBeUsedAgainForTheNextOperation() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = block();
        for (int i = 1; i <= 3; i++) {
            pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(8), null, block, null));
            net.send(c.client(), "x".repeat(i));
            assertThat(finished(c.server(), block)).isEqualTo(i);
        }
    }

    // ---- buffers and results ---------------------------------------------------------------------------------------

    @Proves("overlapped.buffers")
    void theArrayOfBuffersIsFreeWhenTheCallReturns() throws WinsockException {
        Connection c = net.connection();
        byte[] first = new byte[2];
        byte[] second = new byte[2];
        ByteBuffer[] room = {ByteBuffer.wrap(first), ByteBuffer.wrap(second)};
        HeapOverlapped block = block();
        pends(ws.wsaRecv(c.server(), room, null, block, null));
        room[0] = null;
        room[1] = null;
        net.send(c.client(), "abcd");

        assertThat(finished(c.server(), block)).isEqualTo(4);
        assertThat(first).asString().isEqualTo("ab");
        assertThat(second).asString().isEqualTo("cd");
    }

    @Proves({"overlapped.result-late", "overlapped.datagram"})
    void aDatagramsSourceIsToldAtTheEnd() throws WinsockException {
        SocketHandle sender = net.boundDatagram();
        SocketHandle receiver = net.boundDatagram();
        HeapOverlapped block = block();
        ReceiveResult result = new ReceiveResult();
        byte[] room = new byte[4];
        pends(ws.wsaRecvFrom(receiver, ByteBuffer.wrap(room), result, block, null));
        assertThat(result.from()).isNull();
        ws.sendto(sender, bytes("late"), 0, net.name(receiver));

        assertThat(finished(receiver, block)).isEqualTo(4);
        assertThat(result.from()).isEqualTo(net.name(sender));
        assertThat(room).asString().isEqualTo("late");
    }

    @Proves("overlapped.datagram")
    void overlappedDatagramsAreSent() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        SocketHandle s = net.datagram();
        HeapOverlapped block = block();
        starts(ws.wsaSendTo(s, new ByteBuffer[] {bytes("da"), bytes("ta")}, 0, net.name(receiver), block, null));

        assertThat(finished(s, block)).isEqualTo(4);
        assertThat(net.receive(receiver, 8)).isEqualTo("data");
    }

    @Proves("overlapped.datagram")
    void anEmptyDatagramEndsAReceiveWithSuccess() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        HeapOverlapped block = receive(receiver, new byte[4]);
        ws.sendto(net.datagram(), bytes(""), 0, net.name(receiver));

        assertThat(finished(receiver, block)).isZero();
    }

    @Proves({"overlapped.datagram", "recv.msgsize"})
    void aDatagramThatIsTooLongFailsTheReceiveThatWaits() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        byte[] room = new byte[3];
        HeapOverlapped block = receive(receiver, room);
        ws.sendto(net.datagram(), bytes("too long"), 0, net.name(receiver));
        signals.await(block.hEvent());

        fails(WsaError.WSAEMSGSIZE, () -> result(receiver, block));
        assertThat(room).asString().isEqualTo("too");
    }

    @Proves("overlapped.order")
    void postedReceivesAreFilledInTheirOrder() throws WinsockException {
        Connection c = net.connection();
        byte[][] room = new byte[3][2];
        HeapOverlapped[] blocks = new HeapOverlapped[3];
        for (int i = 0; i < 3; i++) {
            blocks[i] = receive(c.server(), room[i]);
        }
        net.send(c.client(), "aabbcc");
        for (int i = 0; i < 3; i++) {
            assertThat(finished(c.server(), blocks[i])).isEqualTo(2);
            assertThat(room[i]).asString().isEqualTo(i == 0 ? "aa" : i == 1 ? "bb" : "cc");
        }
    }

    @Proves("overlapped.order")
    void postedReceivesTakeOneDatagramEachInTheirOrder() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        byte[] first = new byte[8];
        byte[] second = new byte[8];
        HeapOverlapped one = receive(receiver, first);
        HeapOverlapped other = receive(receiver, second);
        SocketHandle sender = net.datagram();
        ws.sendto(sender, bytes("one"), 0, net.name(receiver));
        ws.sendto(sender, bytes("other"), 0, net.name(receiver));

        assertThat(finished(receiver, one)).isEqualTo(3);
        assertThat(finished(receiver, other)).isEqualTo(5);
        assertThat(second).asString().startsWith("other");
    }

    @Proves({"overlapped.send-order", "send.in-order"})
    void postedSendsArriveInTheirOrder() throws WinsockException {
        Connection c = net.connection();
        net.nonBlocking(c.client());
        long before = net.fill(c.client());
        HeapOverlapped large = block();
        HeapOverlapped small = block();
        pends(ws.wsaSend(c.client(), ByteBuffer.allocate(LARGE), 0, large, null));
        starts(ws.wsaSend(c.client(), bytes("end"), 0, small, null));
        net.drain(c.server(), before + LARGE);

        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("end");
        assertThat(finished(c.client(), large)).isEqualTo(LARGE);
        assertThat(finished(c.client(), small)).isEqualTo(3);
    }

    // ---- special receives ------------------------------------------------------------------------------------------

    @Proves("fact-20")
    void aReceiveWithoutRoomWaitsForDataAndTakesNone() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[0]);
        net.send(c.client(), "kept");

        assertThat(finished(c.server(), block)).isZero();
        assertThat(net.receiveAll(c.server(), 4)).isEqualTo("kept");
    }

    @Proves("fact-20")
    void theTimeOutOfReceivesDoesNotConcernOverlappedOnes() throws WinsockException {
        Connection c = net.connection();
        Connection clock = net.connection();
        ws.setsockopt(c.server(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 1);
        HeapOverlapped block = receive(c.server(), new byte[1]);
        ws.setsockopt(clock.server(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, BRIEF_MILLIS);
        fails(WsaError.WSAETIMEDOUT, () -> net.receive(clock.server(), 1));
        assertThat(result(c.server(), block)).isEqualTo(WspResult.IO_INCOMPLETE);
        net.send(c.client(), "x");

        assertThat(finished(c.server(), block)).isEqualTo(1);
    }

    @Proves("recv.graceful-end")
    void theEndOfTheStreamEndsAnOverlappedReceiveWithSuccess() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[1]);
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(finished(c.server(), block)).isZero();
    }

    // ---- the end of operations -------------------------------------------------------------------------------------

    @Proves("overlapped.reset")
    void aResetEndsWhatIsUnderWay() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[1]);
        net.reset(c.client());
        signals.await(block.hEvent());

        assertEndedByReset(c.server(), block);
    }

    private void assertEndedByReset(SocketHandle s, WsaOverlapped block) {
        try {
            throw new AssertionError("the operation succeeded with " + result(s, block));
        } catch (WinsockException e) {
            assertThat(e.code()).isIn(WsaError.WSAECONNRESET.code(), WsaError.WSAECONNABORTED.code());
        }
    }

    @Proves("trap-28")
    void theErrorOfAnOperationStandsInItsBlock() throws WinsockException {
        onlyIf(!stack.isIfs(), "providers with handles of their own");
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[1]);
        net.reset(c.client());
        signals.await(block.hEvent());

        assertThat(block.isCompleted()).isTrue();
        assertThat(block.offsetHigh()).isIn(WsaError.WSAECONNRESET.code(), WsaError.WSAECONNABORTED.code());
    }

    @Proves({"recv.aborted", "closesocket.aborts"})
    void closingEndsEveryOperationWithAnIndication() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped one = receive(c.server(), new byte[1]);
        HeapOverlapped other = receive(c.server(), new byte[1]);
        ws.closesocket(c.server());
        signals.await(one.hEvent());
        signals.await(other.hEvent());

        assertThat(one.isCompleted()).isTrue();
        assertThat(other.isCompleted()).isTrue();
    }

    @Proves("overlapped.cancel")
    void aCancelledOperationIsAborted() throws WinsockException {
        onlyIf(stack.isIfs(), "handles of the file system");
        Connection c = net.connection();
        HeapOverlapped one = receive(c.server(), new byte[1]);
        HeapOverlapped other = receive(c.server(), new byte[1]);
        ws.files().cancelIoEx(c.server(), one);
        signals.await(one.hEvent());
        fails(WsaError.WSA_OPERATION_ABORTED, () -> result(c.server(), one));
        assertThat(result(c.server(), other)).isEqualTo(WspResult.IO_INCOMPLETE);
        net.send(c.client(), "x");

        assertThat(finished(c.server(), other)).isEqualTo(1);
    }

    @Proves("overlapped.cancel")
    void allOperationsOfASocketCanBeCancelledTogether() throws WinsockException {
        onlyIf(stack.isIfs(), "handles of the file system");
        Connection c = net.connection();
        HeapOverlapped one = receive(c.server(), new byte[1]);
        HeapOverlapped other = receive(c.server(), new byte[1]);
        ws.files().cancelIoEx(c.server(), null);
        signals.await(one.hEvent());
        signals.await(other.hEvent());

        fails(WsaError.WSA_OPERATION_ABORTED, () -> result(c.server(), one));
        fails(WsaError.WSA_OPERATION_ABORTED, () -> result(c.server(), other));
    }

    @Proves("overlapped.cancel-nothing")
    void whatIsNotUnderWayCannotBeCancelled() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.ERROR_NOT_FOUND, () -> ws.files().cancelIoEx(c.server(), null));
        fails(WsaError.ERROR_NOT_FOUND, () -> ws.files().cancelIoEx(c.server(), new HeapOverlapped()));
        ws.closesocket(c.server());
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.files().cancelIoEx(c.server(), null));
    }

    @Proves("overlapped.cancel-nothing")
    void theSystemKnowsNoOperationsOfAProvidersOwnHandles() throws WinsockException {
        onlyIf(!stack.isIfs(), "providers with handles of their own");
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[1]);
        fails(WsaError.ERROR_NOT_FOUND, () -> ws.files().cancelIoEx(c.server(), block));

        assertThat(result(c.server(), block)).isEqualTo(WspResult.IO_INCOMPLETE);
    }

    @Proves({"overlapped.cleanup", "cleanup.silent"})
    void theLastCleanUpEndsOperationsWithoutAnIndication() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[1]);
        ws.wsaCleanup();

        assertThat(signals.isSet(block.hEvent())).isFalse();
    }

    @Proves({"overlapped.thread-exit", "fact-16"})
    void anOperationOutlivesTheThreadThatStartedIt() throws Exception {
        Connection c = net.connection();
        HeapOverlapped block = block();
        pends(onAThreadThatEnds(() -> ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null)));
        net.send(c.client(), "x");

        assertThat(finished(c.server(), block)).isEqualTo(1);
    }

    private static long onAThreadThatEnds(Callable<Long> call) throws Exception {
        FutureTask<Long> task = new FutureTask<>(call);
        assertThat(Thread.ofPlatform().daemon().start(task).join(END_OF_THREAD)).as("the thread ended").isTrue();
        return task.get();
    }

    // ---- WSAGetOverlappedResult ------------------------------------------------------------------------------------

    @Proves("overlapped-result.done")
    void aResultCanBeAskedForAgainAndAgain() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[4]);
        net.send(c.client(), "abc");
        ReceiveResult flags = new ReceiveResult(MessageFlag.MSG_PARTIAL);

        assertThat(finished(c.server(), block)).isEqualTo(3);
        assertThat(ws.wsaGetOverlappedResult(c.server(), block, false, flags)).isEqualTo(3);
        assertThat(ws.wsaGetOverlappedResult(c.server(), block, true, null)).isEqualTo(3);
        assertThat(flags.flags()).as("flags of the receive").isZero();
    }

    @Proves("overlapped-result.failed")
    void theResultOfAFailedOperationIsItsErrorAgainAndAgain() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[1]);
        net.reset(c.client());
        signals.await(block.hEvent());

        assertEndedByReset(c.server(), block);
        assertEndedByReset(c.server(), block);
    }

    @Proves("overlapped-result.incomplete")
    void anOperationThatGoesOnIsIncomplete() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[1]);

        assertThat(result(c.server(), block)).isEqualTo(WspResult.IO_INCOMPLETE);
    }

    @Proves("overlapped-result.wait")
    void theResultCanBeWaitedFor() throws Exception {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[1]);
        Call<Long> wait = calls.waiting(() -> ws.wsaGetOverlappedResult(c.server(), block, true, null));
        assertThat(wait.isDone()).isFalse();
        net.send(c.client(), "x");

        assertThat(wait.result()).isEqualTo(1);
    }

    @Proves("overlapped-result.wait")
    void waitingForAnOperationThatFailsAnswersItsError() throws Exception {
        SocketHandle receiver = net.boundDatagram();
        HeapOverlapped block = receive(receiver, new byte[1]);
        Call<Long> wait = calls.waiting(() -> ws.wsaGetOverlappedResult(receiver, block, true, null));
        ws.sendto(net.datagram(), bytes("too long"), 0, net.name(receiver));

        fails(WsaError.WSAEMSGSIZE, wait::result);
    }

    @Proves("overlapped-result.no-event")
    void withoutAnEventThereIsNothingToWaitFor() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = new HeapOverlapped();
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null));

        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.wsaGetOverlappedResult(c.server(), block, true, null));
    }

    @Proves("overlapped-result.fault")
    void aResultNeedsABlock() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.WSAEFAULT, () -> ws.wsaGetOverlappedResult(c.server(), null, false, null));
        fails(WsaError.WSAEFAULT, () -> ws.wsaGetOverlappedResult(c.server(), null, true, null));
    }

    @Proves({"overlapped-result.notsock", "common.notsock"})
    void aClosedSocketHasNoResults() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), new byte[1]);
        net.send(c.client(), "x");
        signals.await(block.hEvent());
        ws.closesocket(c.server());

        fails(WsaError.WSAENOTSOCK, () -> result(c.server(), block));
        assertThat(block.internalHigh()).as("the block still tells").isEqualTo(1);
    }

    @Proves("fact-3")
    void theResultIsAFunctionOfTheBlocksStatus() throws WinsockException {
        SocketHandle s = net.stream();
        HeapOverlapped block = new HeapOverlapped();
        block.internalHigh(7);
        assertThat(result(s, block)).isEqualTo(7);
        block.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);

        assertThat(result(s, block)).isEqualTo(WspResult.IO_INCOMPLETE);
    }

    @Proves("fact-4")
    void waitingForAResultRunsNoProcedures() throws Exception {
        Connection c = net.connection();
        Connection other = net.connection();
        boolean[] called = new boolean[1];
        starts(ws.wsaSend(other.client(), bytes("y"), 0, new HeapOverlapped(), (e, n, o, f) -> called[0] = true));
        HeapOverlapped block = receive(c.server(), new byte[1]);
        Call<Integer> send = calls.start(() -> ws.send(c.client(), bytes("x"), 0));

        assertThat(ws.wsaGetOverlappedResult(c.server(), block, true, null)).isEqualTo(1);
        assertThat(send.result()).isEqualTo(1);
        assertThat(called[0]).isFalse();
        signals.awaitProcedures();
        assertThat(called[0]).isTrue();
    }

    // ---- the low bit of the event ----------------------------------------------------------------------------------

    @Proves({"trap-31", "fact-17"})
    void theLowBitOfAnEventKeepsThePacketAway() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = signals.port();
        ws.ports().associate(c.server(), port, "key");
        WsaEvent event = signals.event();
        HeapOverlapped block = new HeapOverlapped(event.tagged());
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null));
        net.send(c.client(), "x");
        signals.await(event.tagged());

        assertThat(signals.isSet(event)).isTrue();
        assertThat(ws.wsaGetOverlappedResult(c.server(), block, true, null)).isEqualTo(1);
        assertThat(signals.isEmpty(port)).isTrue();
    }
}
