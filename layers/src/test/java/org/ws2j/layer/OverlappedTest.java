package org.ws2j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** Overlapped operations through a layer that changes nothing, over a base that completes them when it is told to. */
@Timeout(30)
final class OverlappedTest {
    private static final int ABORTED = WsaError.WSA_OPERATION_ABORTED.code();

    private final ByteBuffer buffer = ByteBuffer.allocate(16);
    private final List<String> log = new ArrayList<>();
    private Stack stack;
    private SocketHandle s;

    @BeforeEach
    void start() throws WinsockException {
        stack = new Stack(LayeredProvider::new);
        s = stack.socket();
        stack.base.answer("wspRecv", (f, a) -> (long) WspResult.IO_PENDING);
        stack.base.answer("wspSend", (f, a) -> (long) WspResult.IO_PENDING);
        stack.base.answer("wspCloseSocket", (f, a) -> null);
        stack.base.answer("wspSetSockOpt", (f, a) -> null);
    }

    private long recv(WsaOverlapped overlapped, WsaCompletionRoutine routine, WsaThreadId thread)
            throws WinsockException {
        return stack.layer.wspRecv(s, buffer, new ReceiveResult(), overlapped, routine, thread);
    }

    /** The block that the base was given last. */
    private WsaOverlapped below() {
        return (WsaOverlapped) stack.base.last("wspRecv").arguments().stream()
                .filter(WsaOverlapped.class::isInstance)
                .findFirst()
                .orElseThrow();
    }

    private void complete(WsaOverlapped below, int error, int bytes) throws WinsockException {
        stack.host.complete(Stack.lower(s), below, error, bytes);
    }

    @Test
    void aPendingOperationIsIndicatedOnce() throws WinsockException {
        HeapOverlapped overlapped = new HeapOverlapped(stack.host.wpuCreateEvent());
        assertThat(recv(overlapped, null, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(overlapped.isCompleted()).isFalse();
        assertThat(stack.layer.wspGetOverlappedResult(s, overlapped, false, null)).isEqualTo(WspResult.IO_INCOMPLETE);
        complete(below(), 0, 5);
        assertThat(stack.host.completions).containsExactly(new FakeHost.Completion(s, overlapped, 0, 5));
        assertThat(stack.layer.wspGetOverlappedResult(s, overlapped, true, null)).isEqualTo(5);
    }

    @Test
    void theBaseGetsNeitherRoutineNorThread() throws WinsockException {
        recv(new HeapOverlapped(), (error, bytes, block, flags) -> {}, stack.host.wpuOpenCurrentThread());
        List<Object> arguments = stack.base.last("wspRecv").arguments();
        assertThat(arguments).endsWith(new Object[] {null, null}).startsWith(Stack.lower(s));
    }

    @Test
    void successAtOnceIsIndicatedBeforeTheCallReturns() throws WinsockException {
        stack.base.answer("wspRecv", (f, a) -> {
            stack.host.complete((SocketHandle) a[0], (WsaOverlapped) a[3], 0, 7);
            return 7L;
        });
        HeapOverlapped overlapped = new HeapOverlapped();
        assertThat(recv(overlapped, null, null)).isEqualTo(7);
        assertThat(stack.host.completions).containsExactly(new FakeHost.Completion(s, overlapped, 0, 7));
    }

    @Test
    void completionOnAnotherThreadBeforeTheCallReturnsIsIndicatedOnce() throws WinsockException {
        stack.base.answer("wspRecv", (f, a) -> {
            Thread completing = new Thread(() -> {
                try {
                    stack.host.complete((SocketHandle) a[0], (WsaOverlapped) a[3], 0, 3);
                } catch (WinsockException e) {
                    throw new AssertionError(e);
                }
            });
            completing.start();
            completing.join();
            return (long) WspResult.IO_PENDING;
        });
        HeapOverlapped overlapped = new HeapOverlapped();
        recv(overlapped, null, null);
        assertThat(stack.host.completions).containsExactly(new FakeHost.Completion(s, overlapped, 0, 3));
    }

    @Test
    void failureAtOnceIsNotIndicated() {
        stack.base.answer("wspRecv", (f, a) -> {
            throw new WinsockException(WsaError.WSAENOTCONN);
        });
        HeapOverlapped overlapped = new HeapOverlapped();
        assertThatThrownBy(() -> recv(overlapped, null, null)).hasMessageContaining("WSAENOTCONN");
        assertThat(stack.host.completions).isEmpty();
        assertThat(overlapped.isCompleted()).isTrue();
    }

    @Test
    void tooManyOperationsAreNotIndicated() throws WinsockException {
        stack.base.answer("wspRecv", (f, a) -> (long) WspResult.WOULD_BLOCK);
        HeapOverlapped overlapped = new HeapOverlapped();
        assertThat(recv(overlapped, null, null)).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(stack.host.completions).isEmpty();
    }

    @Test
    void theEventIsResetAtTheStartAlsoInItsTaggedForm() throws WinsockException {
        WsaEvent event = stack.host.wpuCreateEvent();
        stack.host.wpuSetEvent(event);
        recv(new HeapOverlapped(event.tagged()), null, null);
        assertThat(((FakeHost.Event) event).isSet).isFalse();
        complete(below(), 0, 1);
        assertThat(((FakeHost.Event) event).isSet).isTrue();
    }

    @Test
    void anEventBesideARoutineIsLeftAlone() throws WinsockException {
        WsaEvent event = stack.host.wpuCreateEvent();
        stack.host.wpuSetEvent(event);
        recv(new HeapOverlapped(event), (error, bytes, block, flags) -> {}, stack.host.wpuOpenCurrentThread());
        assertThat(((FakeHost.Event) event).isSet).isTrue();
    }

    @Test
    void flagsAndErrorLieInTheBlock() throws WinsockException {
        HeapOverlapped overlapped = new HeapOverlapped();
        stack.layer.wspRecv(s, buffer, null, overlapped, null, null);
        ((ReceiveResult) stack.base.last("wspRecv").argument(2)).flags(0x8000);
        complete(below(), 0, 2);
        ReceiveResult result = new ReceiveResult();
        assertThat(stack.layer.wspGetOverlappedResult(s, overlapped, false, result)).isEqualTo(2);
        assertThat(result.flags()).isEqualTo(0x8000);

        recv(overlapped, null, null);
        complete(below(), WsaError.WSAECONNRESET.code(), 0);
        assertThat(overlapped.offsetHigh()).isEqualTo(WsaError.WSAECONNRESET.code());
        assertThatThrownBy(() -> stack.layer.wspGetOverlappedResult(s, overlapped, false, null))
                .hasMessageContaining("WSAECONNRESET");
    }

    @Test
    void waitingWithoutAnEventIsRefused() throws WinsockException {
        HeapOverlapped overlapped = new HeapOverlapped();
        recv(overlapped, null, null);
        assertThatThrownBy(() -> stack.layer.wspGetOverlappedResult(s, overlapped, true, null))
                .hasMessageContaining("WSA_INVALID_HANDLE");
    }

    @Test
    void aSetEventDoesNotMakeAnOperationComplete() throws WinsockException {
        HeapOverlapped overlapped = new HeapOverlapped(stack.host.wpuCreateEvent());
        recv(overlapped, null, null);
        stack.host.wpuSetEvent(overlapped.hEvent());
        assertThat(stack.layer.wspGetOverlappedResult(s, overlapped, true, null)).isEqualTo(WspResult.IO_INCOMPLETE);
    }

    @Test
    void aRoutineRunsOnItsThreadWithTheOutcome() throws WinsockException {
        HeapOverlapped overlapped = new HeapOverlapped();
        recv(overlapped, this::log, stack.host.wpuOpenCurrentThread());
        complete(below(), 0, 4);
        assertThat(log).isEmpty();
        assertThat(stack.host.runApcs()).isEqualTo(1);
        assertThat(log).containsExactly("0 4");
        assertThat(stack.host.completions).isEmpty();
        assertThat(overlapped.internalHigh()).isEqualTo(4);
    }

    private void log(int error, int bytes, WsaOverlapped block, int flags) {
        log.add(error + " " + bytes);
    }

    @Test
    void routinesOfASocketDoNotNest() throws WinsockException {
        WsaThreadId thread = stack.host.wpuOpenCurrentThread();
        recv(new HeapOverlapped(), (error, bytes, block, flags) -> {
            log.add("outer begins");
            stack.host.runApcs();
            log.add("outer ends");
        }, thread);
        WsaOverlapped first = below();
        recv(new HeapOverlapped(), (error, bytes, block, flags) -> log.add("second"), thread);
        WsaOverlapped second = below();
        recv(new HeapOverlapped(), (error, bytes, block, flags) -> log.add("third"), thread);
        complete(first, 0, 1);
        complete(second, 0, 1);
        complete(below(), 0, 1);
        stack.host.runApcs();
        assertThat(log).containsExactly("outer begins", "outer ends", "second", "third");
    }

    @Test
    void aRoutineThatFailsIsReportedAndTheNextOneRuns() throws WinsockException {
        WsaThreadId thread = stack.host.wpuOpenCurrentThread();
        recv(new HeapOverlapped(), (error, bytes, block, flags) -> {
            throw new IllegalStateException("routine");
        }, thread);
        complete(below(), 0, 1);
        recv(new HeapOverlapped(), this::log, thread);
        complete(below(), 0, 1);
        stack.host.runApcs();
        assertThat(log).containsExactly("0 1");
        assertThat(stack.host.reports).hasSize(1).first().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRoutineWithoutThreadGetsTheCallingOneAndItsIdIsClosed() throws WinsockException {
        recv(new HeapOverlapped(), this::log, null);
        complete(below(), 0, 1);
        assertThat(stack.host.threads).hasSize(1).allMatch(id -> id.isClosed);
        stack.host.runApcs();
        assertThat(log).containsExactly("0 1");
    }

    @Test
    void aThreadIdOfTheLayersIsClosedWhenTheOperationIsRefused() {
        stack.base.answer("wspRecv", (f, a) -> {
            throw new WinsockException(WsaError.WSAENOTCONN);
        });
        assertThatThrownBy(() -> recv(new HeapOverlapped(), this::log, null)).isInstanceOf(WinsockException.class);
        assertThat(stack.host.threads).hasSize(1).allMatch(id -> id.isClosed);
    }

    @Test
    void aDeadThreadIsReported() throws WinsockException {
        WsaThreadId thread = stack.host.wpuOpenCurrentThread();
        recv(new HeapOverlapped(), this::log, thread);
        stack.host.wpuCloseThread(thread);
        complete(below(), 0, 1);
        assertThat(stack.host.reports).hasSize(1);
        stack.layer.wspCloseSocket(s);
        assertThat(stack.host.open()).isEmpty();
    }

    @Test
    void theHandleOutlivesTheCloseUntilTheLastCompletion() throws WinsockException {
        HeapOverlapped one = new HeapOverlapped();
        HeapOverlapped two = new HeapOverlapped();
        recv(one, null, null);
        WsaOverlapped belowOne = below();
        recv(two, null, null);
        WsaOverlapped belowTwo = below();
        stack.layer.wspCloseSocket(s);
        assertThat(stack.host.open()).hasSize(1);
        complete(belowOne, ABORTED, 0);
        assertThat(stack.host.open()).hasSize(1);
        complete(belowTwo, ABORTED, 0);
        assertThat(stack.host.open()).isEmpty();
        assertThat(stack.host.completions)
                .containsExactly(
                        new FakeHost.Completion(s, one, ABORTED, 0), new FakeHost.Completion(s, two, ABORTED, 0));
        assertThat(stack.host.reports).isEmpty();
    }

    @Test
    void operationsThatEndInsideTheCloseAreIndicatedBeforeTheHandleGoes() throws WinsockException {
        HeapOverlapped overlapped = new HeapOverlapped();
        recv(overlapped, null, null);
        WsaOverlapped below = below();
        stack.base.answer("wspCloseSocket", (f, a) -> {
            stack.host.complete((SocketHandle) a[0], below, ABORTED, 0);
            return null;
        });
        stack.layer.wspCloseSocket(s);
        assertThat(stack.host.completions).containsExactly(new FakeHost.Completion(s, overlapped, ABORTED, 0));
        assertThat(stack.host.open()).isEmpty();
    }

    @Test
    void nothingStartsOnAClosingSocket() throws WinsockException {
        recv(new HeapOverlapped(), null, null);
        stack.layer.wspCloseSocket(s);
        assertThatThrownBy(() -> recv(new HeapOverlapped(), null, null)).hasMessageContaining("WSAENOTSOCK");
        assertThat(stack.base.count("wspRecv")).isEqualTo(1);
    }

    @Test
    void theCleanUpEndsOperationsWithoutAnIndication() throws WinsockException {
        HeapOverlapped overlapped = new HeapOverlapped();
        recv(overlapped, null, null);
        WsaOverlapped below = below();
        stack.base.answer("wspCloseSocket", (f, a) -> {
            stack.host.complete((SocketHandle) a[0], below, ABORTED, 0);
            return null;
        });
        stack.layer.wspCleanup();
        assertThat(stack.host.completions).isEmpty();
        assertThat(overlapped.isCompleted()).isTrue();
        assertThat(overlapped.offsetHigh()).isEqualTo(ABORTED);
        assertThat(stack.host.open()).isEmpty();
    }

    @Test
    void theCleanUpReleasesHandlesWhoseOperationsNeverEnd() throws WinsockException {
        recv(new HeapOverlapped(), null, null);
        stack.layer.wspCleanup();
        assertThat(stack.host.open()).isEmpty();
        assertThat(stack.base.uses).isZero();
    }

    @Test
    void theBlockBelowIsUsedAgain() throws WinsockException {
        recv(new HeapOverlapped(), null, null);
        WsaOverlapped first = below();
        complete(first, 0, 1);
        recv(new HeapOverlapped(), null, null);
        assertThat(below()).isSameAs(first);
        complete(first, 0, 2);
        assertThat(stack.host.completions).hasSize(2);
    }

    @Test
    void anIoctlIsOverlappedToo() throws WinsockException {
        stack.base.answer("wspIoctl", (f, a) -> (long) WspResult.IO_PENDING);
        HeapOverlapped overlapped = new HeapOverlapped();
        IoctlResult out = new IoctlResult();
        assertThat(stack.layer.wspIoctl(s, IoctlCode.SIO_ADDRESS_LIST_QUERY, null, out, overlapped, null, null))
                .isEqualTo(WspResult.IO_PENDING);
        assertThat(stack.base.last("wspIoctl").argument(3)).isSameAs(out);
        complete((WsaOverlapped) stack.base.last("wspIoctl").argument(4), 0, 0);
        assertThat(stack.host.completions).containsExactly(new FakeHost.Completion(s, overlapped, 0, 0));
    }

    @Test
    void anAnswerOfTheLayersIsIndicatedToo() throws WinsockException {
        HeapOverlapped overlapped = new HeapOverlapped();
        IoctlResult out = new IoctlResult();
        assertThat(stack.layer.wspIoctl(s, IoctlCode.SIO_QUERY_TARGET_PNP_HANDLE, null, out, overlapped, null, null))
                .isZero();
        assertThat(out.value()).isSameAs(Stack.lower(s));
        assertThat(stack.host.completions).hasSize(1);
    }

    @Test
    void aRoutineWithoutABlockIsSynchronous() throws WinsockException {
        stack.base.answer("wspRecv", (f, a) -> 3L);
        assertThat(recv(null, this::log, stack.host.wpuOpenCurrentThread())).isEqualTo(3);
        assertThat(stack.host.runApcs()).isZero();
    }
}
