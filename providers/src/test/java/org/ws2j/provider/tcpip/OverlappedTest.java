package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.FileCompletionMode;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** Overlapped sends and receives in each style. */
final class OverlappedTest extends TcpIpTest {
    private final CompletionPacket packet = new CompletionPacket();

    /** Notes what it is told. */
    private static final class Sunk extends HeapOverlapped implements CompletionSink {
        final List<String> told = new ArrayList<>();

        @Override
        public CompletionSink sink() {
            return this;
        }

        @Override
        public synchronized void completed(WsaOverlapped overlapped, int error, int bytesTransferred) {
            told.add(error + "/" + bytesTransferred);
        }

        synchronized int count() {
            return told.size();
        }
    }

    /** Is told on the poller's thread, and leaves it interrupted. */
    private static final class Interrupting extends HeapOverlapped implements CompletionSink {
        final CompletableFuture<Boolean> wasInterrupted = new CompletableFuture<>();

        @Override
        public CompletionSink sink() {
            return this;
        }

        @Override
        public void completed(WsaOverlapped overlapped, int error, int bytesTransferred) {
            Thread poller = Thread.currentThread();
            wasInterrupted.complete(poller.isInterrupted());
            poller.interrupt();
        }
    }

    private static String contents(ByteBuffer buffer, int length) {
        return StandardCharsets.US_ASCII.decode(buffer.slice(0, length)).toString();
    }

    @Test
    void whatIsToldDoesNotLeaveThePollerInterrupted() throws WinsockException {
        for (int i = 0; i < 2; i++) { // An interrupted thread would wait in no select any more.
            Connection c = connection();
            Interrupting block = new Interrupting();
            assertThat(winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), new ReceiveResult(), block, null))
                    .isEqualTo(WspResult.IO_PENDING);
            winsock.send(c.client(), bytes("x"), 0);
            assertThat(block.wasInterrupted.join()).isFalse();
        }
    }

    @Test
    void aConnectionThatComesWhileTheListenerIsClosedDoesNotEndItsAcceptEx() throws Exception {
        SocketHandle listener = listener();
        IoctlResult out = new IoctlResult();
        winsock.wsaIoctl(listener, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, ExtensionFunction.WSAID_ACCEPTEX, out,
                null, null);
        HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
        ByteBuffer addresses = ByteBuffer.allocate(64);
        ((AcceptEx) out.value()).acceptEx(listener, tcp(), addresses, 0, 32, 32, block);
        TcpSocket closing = (TcpSocket) winsock.files().fileObject(listener);
        closing.state = SocketState.CLOSED; // As far as the closing thread has come when the poller gets the lock.
        closing.channel().close();
        closing.listener().ready();
        assertThat(block.isCompleted()).isFalse();

        closing.listener().requests().close();
        assertThat(block.offsetHigh()).isEqualTo(WsaError.WSA_OPERATION_ABORTED.code());
    }

    @Test
    void aReceiveByEventPendsAndCompletes() throws WinsockException {
        Connection c = connection();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaSetEvent(event);
        HeapOverlapped block = new HeapOverlapped(event);
        ByteBuffer target = ByteBuffer.allocate(9);
        ReceiveResult result = new ReceiveResult();
        assertThat(winsock.wsaRecv(c.server(), target, result, block, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 0, false))
                .isEqualTo(Waits.WSA_WAIT_TIMEOUT);
        assertThat(winsock.wsaGetOverlappedResult(c.server(), block, false, null)).isEqualTo(WspResult.IO_INCOMPLETE);
        winsock.send(c.client(), bytes("event"), 0);

        assertThat(winsock.wsaGetOverlappedResult(c.server(), block, true, null)).isEqualTo(5);
        assertThat(contents(target, 5)).isEqualTo("event");
        assertThat(target.position()).isZero();
        winsock.wsaCloseEvent(event);
    }

    @Test
    void whatFinishesAtOnceIsIndicatedAlready() throws WinsockException {
        Connection c = connection();
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);

        assertThat(winsock.wsaSend(c.client(), bytes("now"), 0, block, null)).isEqualTo(3);
        assertThat(winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 0, false)).isZero();
        assertThat(block.internalHigh()).isEqualTo(3);
        winsock.wsaCloseEvent(event);
    }

    @Test
    void completionsGoToAPort() throws WinsockException {
        Connection c = connection();
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(c.server(), port, "key");
        HeapOverlapped first = new HeapOverlapped();
        HeapOverlapped second = new HeapOverlapped();
        ByteBuffer a = ByteBuffer.allocate(2);
        ByteBuffer b = ByteBuffer.allocate(9);
        winsock.wsaRecv(c.server(), a, null, first, null);
        winsock.wsaRecv(c.server(), b, null, second, null);
        winsock.send(c.client(), bytes("abcd"), 0);

        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 20_000)).isTrue();
        assertThat(packet.overlapped()).isSameAs(first);
        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.bytesTransferred()).isEqualTo(2);
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 20_000)).isTrue();
        assertThat(packet.overlapped()).isSameAs(second);
        assertThat(contents(a, 2) + contents(b, 2)).isEqualTo("abcd");
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void aRoutineRunsInAnAlertableWait() throws WinsockException {
        Connection c = connection();
        List<String> calls = new ArrayList<>();
        HeapOverlapped block = new HeapOverlapped();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, block,
                (error, bytes, overlapped, flags) -> calls.add(error + "/" + bytes + "/" + (overlapped == block)));
        winsock.send(c.client(), bytes("apc"), 0);
        winsock.waits().sleepEx(20_000, true);

        assertThat(calls).containsExactly("0/3/true");
    }

    @Test
    void aRoutineStartsTheNextReceive() throws WinsockException {
        Connection c = connection();
        StringBuilder received = new StringBuilder();
        ByteBuffer target = ByteBuffer.allocate(1);
        HeapOverlapped block = new HeapOverlapped();
        receiveByRoutine(c.server(), target, block, received);
        winsock.send(c.client(), bytes("chain."), 0);
        while (!received.toString().endsWith(".")) {
            winsock.waits().sleepEx(20_000, true);
        }

        assertThat(received).hasToString("chain.");
    }

    private void receiveByRoutine(SocketHandle s, ByteBuffer target, HeapOverlapped block, StringBuilder received) {
        try {
            winsock.wsaRecv(s, target, null, block, (error, bytes, overlapped, flags) -> {
                received.append(contents(target, bytes));
                if (!received.toString().endsWith(".")) {
                    receiveByRoutine(s, target, block, received);
                }
            });
        } catch (WinsockException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void routinesOfOneSocketDoNotNest() throws WinsockException {
        Connection c = connection();
        List<String> order = new ArrayList<>();
        ByteBuffer a = ByteBuffer.allocate(1);
        ByteBuffer b = ByteBuffer.allocate(1);
        winsock.wsaRecv(c.server(), a, null, new HeapOverlapped(), (error, bytes, overlapped, flags) -> {
            order.add("in");
            winsock.waits().sleepEx(20_000, true); // Ends with the second procedure, which must not run here.
            order.add("out");
        });
        winsock.wsaRecv(c.server(), b, null, new HeapOverlapped(),
                (error, bytes, overlapped, flags) -> order.add("second"));
        winsock.send(c.client(), bytes("ab"), 0);
        while (order.size() < 3) {
            winsock.waits().sleepEx(20_000, true);
        }

        assertThat(order).containsExactly("in", "out", "second");
    }

    @Test
    void aSinkIsToldInPlaceOfAllElse() throws WinsockException {
        Connection c = connection();
        Sunk block = new Sunk();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, block, null);
        winsock.send(c.client(), bytes("sink"), 0);
        awaitUntil(() -> block.count() > 0);

        assertThat(block.told).containsExactly("0/4");
    }

    @Test
    void aSinkMayCloseItsSocket() throws WinsockException {
        Connection c = connection();
        HeapOverlapped block = new HeapOverlapped() {
            @Override
            public CompletionSink sink() {
                return (overlapped, error, bytes) -> close(c.server());
            }
        };
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, block, null);
        winsock.send(c.client(), bytes("x"), 0);

        assertThat(winsock.recv(c.client(), ByteBuffer.allocate(1), 0)).isZero();
        assertFails(WsaError.WSAENOTSOCK, () -> receive(c.server(), 1));
    }

    private void close(SocketHandle s) {
        try {
            winsock.closesocket(s);
        } catch (WinsockException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aSendCompletesWhenEverythingIsTaken() throws WinsockException {
        Connection c = connection();
        int size = 16 << 20;
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);
        assertThat(winsock.wsaSend(c.client(), ByteBuffer.allocate(size), 0, block, null))
                .isEqualTo(WspResult.IO_PENDING);
        HeapOverlapped after = new HeapOverlapped();
        assertThat(winsock.wsaSend(c.client(), bytes("end"), 0, after, null)).isEqualTo(WspResult.IO_PENDING);
        drain(c.server(), size);

        assertThat(winsock.wsaGetOverlappedResult(c.client(), block, true, null)).isEqualTo(size);
        assertThat(receive(c.server(), 3)).isEqualTo("end");
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aShutdownLetsQueuedSendsOutFirst() throws WinsockException {
        Connection c = connection();
        int size = 16 << 20;
        assertThat(winsock.wsaSend(c.client(), ByteBuffer.allocateDirect(size), 0, new HeapOverlapped(), null))
                .isEqualTo(WspResult.IO_PENDING);
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertFails(WsaError.WSAESHUTDOWN, () -> winsock.send(c.client(), bytes("x"), 0));
        drain(c.server(), size);

        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(1), 0)).isZero();
    }

    @Test
    void aZeroLengthReceiveWaitsForDataAndTakesNone() throws WinsockException {
        Connection c = connection();
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);
        assertThat(winsock.wsaRecv(c.server(), ByteBuffer.allocate(0), null, block, null))
                .isEqualTo(WspResult.IO_PENDING);
        winsock.send(c.client(), bytes("here"), 0);

        assertThat(winsock.wsaGetOverlappedResult(c.server(), block, true, null)).isZero();
        assertThat(receive(c.server(), 9)).isEqualTo("here");
        winsock.wsaCloseEvent(event);
    }

    @Test
    void closingAbortsEveryPendingOperationOnce() throws WinsockException {
        Connection c = connection();
        Sunk first = new Sunk();
        Sunk second = new Sunk();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, first, null);
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, second, null);
        winsock.closesocket(c.server());

        assertThat(first.told).containsExactly("995/0");
        assertThat(second.told).containsExactly("995/0");
    }

    @Test
    void closingRunsTheRoutineOfAPendingOperation() throws WinsockException {
        Connection c = connection();
        List<Integer> errors = new ArrayList<>();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, new HeapOverlapped(),
                (error, bytes, overlapped, flags) -> errors.add(error));
        winsock.closesocket(c.server());
        winsock.waits().sleepEx(20_000, true);

        assertThat(errors).containsExactly(WsaError.WSA_OPERATION_ABORTED.code());
    }

    @Test
    void theLastCleanUpIndicatesNothing() throws WinsockException {
        Connection c = connection();
        Sunk block = new Sunk();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, block, null);
        winsock.wsaCleanup();

        assertThat(block.told).isEmpty();
        assertThat(block.isCompleted()).isTrue();
        assertThat(block.offsetHigh()).isEqualTo(WsaError.WSA_OPERATION_ABORTED.code());
    }

    @Test
    void aResetCompletesPendingOperationsWithIt() throws WinsockException {
        Connection c = connection();
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, block, null);
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(c.client());

        assertFails(WsaError.WSAECONNRESET, () -> winsock.wsaGetOverlappedResult(c.server(), block, true, null));
        assertFails(WsaError.WSAECONNRESET, () -> winsock.wsaGetOverlappedResult(c.server(), block, true, null));
        winsock.wsaCloseEvent(event);
    }

    @Test
    void theEndOfTheStreamCompletesWithNothing() throws WinsockException {
        Connection c = connection();
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, block, null);
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(winsock.wsaGetOverlappedResult(c.server(), block, true, null)).isZero();
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aCallThatFailsAtOnceIsNotIndicated() throws WinsockException {
        Sunk block = new Sunk();
        SocketHandle s = tcp();

        assertFails(WsaError.WSAENOTCONN, () -> winsock.wsaRecv(s, ByteBuffer.allocate(1), null, block, null));
        assertThat(block.told).isEmpty();
        assertThat(block.internal()).isZero();
    }

    @Test
    void overlappedCallsPendOnNonBlockingSocketsToo() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.server());

        assertThat(winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), null, new HeapOverlapped(), null))
                .isEqualTo(WspResult.IO_PENDING);
    }

    @Test
    void withoutTheAttributeABlockIsIgnored() throws WinsockException {
        SocketHandle s = winsock.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP, null,
                0, 0);
        SocketHandle listener = listener();
        winsock.connect(s, nameOf(listener));
        winsock.send(winsock.accept(listener, null), bytes("x"), 0);
        Sunk block = new Sunk();

        assertThat(winsock.wsaRecv(s, ByteBuffer.allocate(9), null, block, null)).isEqualTo(1);
        assertThat(block.told).isEmpty();
    }

    @Test
    void waitingNeedsAnEvent() throws WinsockException {
        Connection c = connection();
        HeapOverlapped block = new HeapOverlapped();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null);

        assertFails(WsaError.WSA_INVALID_HANDLE, () -> winsock.wsaGetOverlappedResult(c.server(), block, true, null));
        assertFails(WsaError.WSAEFAULT, () -> winsock.wsaGetOverlappedResult(c.server(), null, false, null));
    }

    @Test
    void waitingEndsWhoeverSetsTheEvent() throws WinsockException {
        Connection c = connection();
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null);
        winsock.wsaSetEvent(event);

        assertThat(winsock.wsaGetOverlappedResult(c.server(), block, true, null)).isZero();
        winsock.wsaCloseEvent(event);
    }

    @Test
    void datagramsCompleteWithTheirSource() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        Sunk block = new Sunk();
        ReceiveResult result = new ReceiveResult();
        winsock.wsaRecvFrom(b, ByteBuffer.allocate(9), result, block, null);
        winsock.sendto(a, bytes("dgram"), 0, nameOf(b));
        awaitUntil(() -> block.count() > 0);

        assertThat(block.told).containsExactly("0/5");
        assertThat(result.from()).isEqualTo(nameOf(a));
    }

    @Test
    void overlappedIoctlsThatAreKnownAreIndicatedAtOnce() throws WinsockException {
        SocketHandle s = tcp();
        Sunk block = new Sunk();
        assertThat(winsock.wsaIoctl(s, IoctlCode.FIONBIO, true, null, block, null)).isZero();
        assertFails(WsaError.WSAEFAULT, () -> winsock.wsaIoctl(s, IoctlCode.FIONBIO, "yes", null, block, null));

        assertThat(block.told).containsExactly("0/0");
    }

    @Test
    void otherOverlappedIoctlsPendAndFail() throws WinsockException {
        SocketHandle s = tcp();
        for (int code : new int[] {IoctlCode.SIO_BASE_HANDLE, 0x12345678}) {
            Sunk block = new Sunk();
            assertThat(winsock.wsaIoctl(s, code, null, new IoctlResult(), block, null))
                    .isEqualTo(WspResult.IO_PENDING);
            assertThat(block.told).containsExactly(WsaError.WSAEOPNOTSUPP.code() + "/0");
            assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.wsaGetOverlappedResult(s, block, false, null));
        }
    }

    @Test
    void aFailedOverlappedIoctlQueuesAPacketAndARoutine() throws WinsockException {
        SocketHandle s = tcp();
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(s, port, "key");
        winsock.wsaIoctl(s, IoctlCode.SIO_BASE_HANDLE, null, new IoctlResult(), new HeapOverlapped(), null);
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.error()).isEqualTo(WsaError.WSAEOPNOTSUPP.code());
        winsock.ports().closeIoCompletionPort(port);
        List<Integer> errors = new ArrayList<>();
        winsock.wsaIoctl(tcp(), 0x12345678, null, null, new HeapOverlapped(),
                (error, bytes, block, flags) -> errors.add(error));
        winsock.waits().sleepEx(0, true);

        assertThat(errors).containsExactly(WsaError.WSAEOPNOTSUPP.code());
    }

    @Test
    void aBlockOnASocketWithoutTheOverlappedAttributeIsIgnoredByIoctls() throws WinsockException {
        SocketHandle s = winsock.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0, null, 0, 0);
        Sunk block = new Sunk();
        IoctlResult out = new IoctlResult();
        winsock.wsaIoctl(s, IoctlCode.SIO_BASE_HANDLE, null, out, block, null);

        assertThat(out.value()).isSameAs(s);
        assertThat(block.told).isEmpty();
    }

    @Test
    void aCancelledReceiveIsAbortedAndTheOthersGoOn() throws WinsockException {
        Connection c = connection();
        Sunk first = new Sunk();
        Sunk second = new Sunk();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), null, first, null);
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, second, null);
        winsock.files().cancelIoEx(c.server(), first);
        assertThat(first.told).containsExactly(WsaError.WSA_OPERATION_ABORTED.code() + "/0");
        winsock.send(c.client(), bytes("x"), 0);
        awaitUntil(() -> second.count() == 1);

        assertThat(second.told).containsExactly("0/1");
        assertFails(WsaError.ERROR_NOT_FOUND, () -> winsock.files().cancelIoEx(c.server(), first));
    }

    @Test
    void cancellingEverythingEndsBothDirectionsAndTellsWhatWasSent() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.client());
        long filled = fill(c.client());
        Sunk received = new Sunk();
        Sunk sent = new Sunk();
        winsock.wsaRecv(c.client(), ByteBuffer.allocate(1), null, received, null);
        winsock.wsaSend(c.client(), ByteBuffer.allocateDirect(1 << 22), 0, sent, null);
        winsock.files().cancelIoEx(c.client(), null);
        assertThat(received.told).containsExactly(WsaError.WSA_OPERATION_ABORTED.code() + "/0");
        assertThat(sent.told).hasSize(1).allMatch(told -> told.startsWith(WsaError.WSA_OPERATION_ABORTED.code() + "/"));
        drain(c.server(), filled + sent.internalHigh());
        winsock.send(c.client(), bytes("on"), 0);

        assertThat(receive(c.server(), 9)).isEqualTo("on");
    }

    @Test
    void cancellingTheLastSendLetsAShutdownThatWaitedForItHappen() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.client());
        long filled = fill(c.client());
        Sunk sent = new Sunk();
        winsock.wsaSend(c.client(), ByteBuffer.allocateDirect(1 << 22), 0, sent, null);
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        winsock.files().cancelIoEx(c.client(), sent);
        drain(c.server(), filled + sent.internalHigh());

        assertThat(receive(c.server(), 9)).isEmpty();
    }

    @Test
    void aSocketThatSkipsPacketsOnSuccessGetsThemForWhatWasNotOverAtOnce() throws WinsockException {
        Connection c = connection();
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(c.server(), port, "key");
        winsock.files().setFileCompletionNotificationModes(c.server(),
                FileCompletionMode.FILE_SKIP_COMPLETION_PORT_ON_SUCCESS);
        assertThat(winsock.wsaSend(c.server(), bytes("now"), 0, new HeapOverlapped(), null)).isEqualTo(3);
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isFalse();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(9), null, new HeapOverlapped(), null);
        winsock.send(c.client(), bytes("later"), 0);

        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 20_000)).isTrue();
        assertThat(packet.bytesTransferred()).isEqualTo(5);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void steadyTransfersUseTheSameObjects() throws WinsockException {
        Connection c = connection();
        Side side = inside(c.server()).receiving();
        ByteBuffer target = ByteBuffer.allocateDirect(1);
        Sunk block = new Sunk();
        Transfer before = null;
        for (int i = 1; i <= 3; i++) {
            int wanted = i;
            winsock.wsaRecv(c.server(), target, null, block, null);
            winsock.send(c.client(), bytes("x"), 0);
            awaitUntil(() -> block.count() == wanted);
            Transfer free = side.take();
            assertThat(before).isIn(null, free);
            before = free;
            side.giveBack(free);
        }
    }
}
