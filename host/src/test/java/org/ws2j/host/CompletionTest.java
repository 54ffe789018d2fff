package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAECONNRESET;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;

/** What the two ways to complete an operation have in common: WPUCompleteOverlappedRequest, and the system's own. */
@Timeout(30)
abstract class CompletionTest {
    final TwoKinds hosts;
    private CompletionPort port;

    CompletionTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @BeforeEach
    void open() throws WinsockException {
        port = hosts.winsock.ports().createIoCompletionPort(0);
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    /** A socket of the kind in question. */
    abstract SocketHandle socket() throws WinsockException;

    /** Completes an operation on such a socket. */
    abstract void complete(SocketHandle s, WsaOverlapped overlapped, int error, int bytes) throws WinsockException;

    final SocketHandle associated() throws WinsockException {
        SocketHandle s = socket();
        hosts.winsock.ports().associate(s, port, "key");
        return s;
    }

    final CompletionPort openPort() {
        return port;
    }

    /** {@return the packet that is in the port; null if there is none} */
    final CompletionPacket packet() throws WinsockException {
        CompletionPacket packet = new CompletionPacket();
        return hosts.winsock.ports().getQueuedCompletionStatus(port, packet, 0) ? packet : null;
    }

    private boolean signaled(WsaEvent event) throws WinsockException {
        return hosts.winsock.waits().waitForSingleEvent(event, 0, false) == Waits.WSA_WAIT_EVENT_0;
    }

    @Test
    void withoutEventAndPortTheFieldsTellTheOutcome() throws Exception {
        HeapOverlapped overlapped = new HeapOverlapped();
        overlapped.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        complete(socket(), overlapped, 0, 12);
        assertThat(overlapped.internal()).isZero();
        assertThat(overlapped.internalHigh()).isEqualTo(12);
        assertThat(packet()).isNull();
    }

    @Test
    void anEventIsSignaledAlsoWithoutAPort() throws Exception {
        WsaEvent event = hosts.winsock.wsaCreateEvent();
        complete(socket(), new HeapOverlapped(event), 0, 1);
        assertThat(signaled(event)).isTrue();
    }

    @Test
    void aPortGetsAPacketAlsoWithoutAnEvent() throws Exception {
        HeapOverlapped overlapped = new HeapOverlapped();
        complete(associated(), overlapped, 0, 7);
        CompletionPacket packet = packet();
        assertThat(packet.overlapped()).isSameAs(overlapped);
        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.bytesTransferred()).isEqualTo(7);
        assertThat(packet.error()).isZero();
        assertThat(packet()).isNull();
    }

    @Test
    void eventAndPortBothLearnOfTheCompletion() throws Exception {
        WsaEvent event = hosts.winsock.wsaCreateEvent();
        complete(associated(), new HeapOverlapped(event), 0, 1);
        assertThat(signaled(event)).isTrue();
        assertThat(packet()).isNotNull();
    }

    @Test
    void bitZeroOfTheEventSuppressesThePacketAndNotTheEvent() throws Exception {
        WsaEvent event = hosts.winsock.wsaCreateEvent();
        complete(associated(), new HeapOverlapped(event.tagged()), 0, 1);
        assertThat(signaled(event)).isTrue();
        assertThat(signaled(event.tagged())).isTrue();
        assertThat(packet()).isNull();
    }

    @Test
    void aFailedOperationQueuesItsPacketToo() throws Exception {
        HeapOverlapped overlapped = new HeapOverlapped();
        complete(associated(), overlapped, WSAECONNRESET.code(), 0);
        CompletionPacket packet = packet();
        assertThat(packet.error()).isEqualTo(WSAECONNRESET.code());
        assertThat(packet.overlapped()).isSameAs(overlapped);
        assertThat(overlapped.internal()).isEqualTo(WSAECONNRESET.code());
    }

    @Test
    void bytesAreWrittenBeforeTheStatusAndBothBeforeTheEventAndThatBeforeThePacket() throws Exception {
        List<String> order = new ArrayList<>();
        RecordingOverlapped[] block = new RecordingOverlapped[1];
        WsaEvent event = hosts.winsock.waits().createEvent(() -> {
            order.addAll(block[0].log);
            order.add("event, packet=" + (packetUnchecked() != null));
        });
        RecordingOverlapped overlapped = new RecordingOverlapped(event);
        block[0] = overlapped;
        overlapped.whenCompleted = () -> {
            try {
                assertThat(signaled(event)).isFalse();
                assertThat(packet()).isNull();
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        };
        complete(associated(), overlapped, 0, 9);
        assertThat(order).containsExactly("InternalHigh=9", "Internal=0", "event, packet=false");
        assertThat(packet()).isNotNull();
        assertThat(overlapped.log).as("afterwards the block is not touched").hasSize(2);
    }

    private CompletionPacket packetUnchecked() {
        try {
            return packet();
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void offsetAndOffsetHighAreTheProvidersAndSurvive() throws Exception {
        HeapOverlapped overlapped = new HeapOverlapped();
        overlapped.offset(0x8000);
        overlapped.offsetHigh(WSAECONNRESET.code());
        complete(associated(), overlapped, WSAECONNRESET.code(), 0);
        assertThat(overlapped.offset()).isEqualTo(0x8000);
        assertThat(overlapped.offsetHigh()).isEqualTo(WSAECONNRESET.code());
    }

    @Test
    void theStatusIsNeverTheOneThatMeansUnderWay() throws Exception {
        HeapOverlapped overlapped = new HeapOverlapped();
        overlapped.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        complete(socket(), overlapped, (int) WsaOverlapped.WSS_OPERATION_IN_PROGRESS, 0);
        assertThat(overlapped.isCompleted()).isTrue();
        assertThat(overlapped.internal()).isEqualTo(WSASYSCALLFAILURE.code());
    }

    @Test
    void whatWasNeverStartedOrIsOverAlreadyIsCompletedAllTheSame() throws Exception {
        SocketHandle s = associated();
        HeapOverlapped overlapped = new HeapOverlapped();
        complete(s, overlapped, 0, 1);
        complete(s, overlapped, 0, 2);
        assertThat(overlapped.internalHigh()).isEqualTo(2);
        assertThat(packet()).isNotNull();
        assertThat(packet()).isNotNull();
    }

    @Test
    void anAssociationAfterTheStartOfAnOperationCatchesItsCompletion() throws Exception {
        SocketHandle s = socket();
        HeapOverlapped overlapped = new HeapOverlapped();
        overlapped.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        hosts.winsock.ports().associate(s, port, "key");
        complete(s, overlapped, 0, 1);
        assertThat(packet()).isNotNull();
    }

    @Test
    void packetsComeInTheOrderOfCompletion() throws Exception {
        SocketHandle s = associated();
        for (int i = 0; i < 100; i++) {
            complete(s, new HeapOverlapped(), 0, i);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(packet().bytesTransferred()).isEqualTo(i);
        }
    }

    @Test
    void aPacketSurvivesTheCloseOfItsSocket() throws Exception {
        SocketHandle s = associated();
        complete(s, new HeapOverlapped(), 0, 4);
        hosts.winsock.closesocket(s);
        assertThat(packet().bytesTransferred()).isEqualTo(4);
    }

    @Test
    void aPortThatWasClosedGetsNothingAndTheRestIsDone() throws Exception {
        SocketHandle s = associated();
        hosts.winsock.ports().closeIoCompletionPort(port);
        WsaEvent event = hosts.winsock.wsaCreateEvent();
        HeapOverlapped overlapped = new HeapOverlapped(event);
        complete(s, overlapped, 0, 4);
        assertThat(signaled(event)).isTrue();
        assertThat(overlapped.internalHigh()).isEqualTo(4);
    }

    @Test
    void aSinkComesInPlaceOfEventAndPacket() throws Exception {
        WsaEvent event = hosts.winsock.wsaCreateEvent();
        List<Object> told = new ArrayList<>();
        RecordingOverlapped overlapped = new RecordingOverlapped(event, (ov, error, bytes) -> {
            told.addAll(List.of(ov, error, bytes));
            assertThat(ov.isCompleted()).isTrue();
        });
        complete(associated(), overlapped, WSAECONNRESET.code(), 3);
        assertThat(told).containsExactly(overlapped, WSAECONNRESET.code(), 3);
        assertThat(signaled(event)).isFalse();
        assertThat(packet()).isNull();
    }

    @Test
    void whatASinkThrowsIsReportedAndHurtsNobody() throws Exception {
        for (Throwable thrown : new Throwable[] {new IllegalStateException("sink"), new AssertionError("sink"),
                new StackOverflowError("sink")}) {
            complete(socket(),
                    new RecordingOverlapped(null, (ov, error, bytes) -> Thrower.<RuntimeException, Void>sneaky(thrown)),
                    0, 0);
            assertThat(hosts.reports().failures()).contains(thrown);
        }
    }

    @Test
    void aSinkMayCompleteAnotherOperation() throws Exception {
        SocketHandle s = associated();
        AtomicInteger sinks = new AtomicInteger();
        HeapOverlapped upper = new HeapOverlapped();
        complete(s, new RecordingOverlapped(null, (ov, error, bytes) -> {
            sinks.incrementAndGet();
            try {
                complete(s, upper, error, bytes);
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        }), 0, 6);
        assertThat(sinks).hasValue(1);
        assertThat(packet().overlapped()).isSameAs(upper);
    }

    @Test
    void aNullBlockAnswersFault() throws Exception {
        SocketHandle s = socket();
        assertFails(WSAEFAULT, () -> complete(s, null, 0, 0));
    }
}
