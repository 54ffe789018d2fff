package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.thread.ManualClock;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;

@Timeout(30)
final class WpuCloseEventTest {
    private final TwoKinds hosts;

    WpuCloseEventTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void aClosedEventIsNoEventToAnyCall() throws Exception {
        WsaEvent event = hosts.upcalls.wpuCreateEvent();
        hosts.upcalls.wpuCloseEvent(event);
        assertFails(WSA_INVALID_HANDLE, () -> hosts.upcalls.wpuSetEvent(event));
        assertFails(WSA_INVALID_HANDLE, () -> hosts.upcalls.wpuResetEvent(event));
        assertFails(WSA_INVALID_HANDLE, () -> hosts.winsock.waits().waitForSingleEvent(event, 0, false));
    }

    @Test
    void closingTwiceAnswersInvalidHandle() throws Exception {
        WsaEvent event = hosts.upcalls.wpuCreateEvent();
        hosts.upcalls.wpuCloseEvent(event);
        assertFails(WSA_INVALID_HANDLE, () -> hosts.upcalls.wpuCloseEvent(event));
        assertFails(WSA_INVALID_HANDLE, () -> hosts.upcalls.wpuCloseEvent(event.tagged()));
    }

    @Test
    void nullAndAnotherHostsEventAnswerInvalidHandle() throws Exception {
        assertFails(WSA_INVALID_HANDLE, () -> hosts.upcalls.wpuCloseEvent(null));
        try (TwoKinds other = new TwoKinds()) {
            WsaEvent foreign = other.upcalls.wpuCreateEvent();
            assertFails(WSA_INVALID_HANDLE, () -> hosts.upcalls.wpuCloseEvent(foreign));
            other.upcalls.wpuCloseEvent(foreign);
        }
    }

    @Test
    void bitZeroIsIgnored() throws Exception {
        WsaEvent event = hosts.upcalls.wpuCreateEvent();
        hosts.upcalls.wpuCloseEvent(event.tagged());
        assertFails(WSA_INVALID_HANDLE, () -> hosts.upcalls.wpuSetEvent(event));
    }

    @Test
    void whoWaitsForAClosedEventGoesOnWaitingUntilTheTimeOut() throws Exception {
        ManualClock clock = new ManualClock();
        FakeModule module = FakeModule.nonIfs("base");
        try (FakeHost host = new FakeHost()) {
            host.base(module);
            Winsock winsock = host.configure(builder -> builder.clock(clock)).start();
            winsock.closesocket(host.socket());
            Upcalls upcalls = module.upcalls();
            WsaEvent event = upcalls.wpuCreateEvent();
            Running<Integer> waiting =
                    TestThreads.start(() -> winsock.waits().waitForSingleEvent(event, 1_000, false));
            clock.awaitParked(1);
            upcalls.wpuCloseEvent(event);
            assertThat(winsock.openHandles().details()).anyMatch(line -> line.contains("event"));
            clock.advance(Duration.ofMillis(999));
            assertThat(waiting.isDone()).isFalse();
            clock.advance(Duration.ofMillis(1));
            assertThat(waiting.get()).isEqualTo(Waits.WSA_WAIT_TIMEOUT);
            assertThat(winsock.openHandles().details()).isEmpty();
        }
    }

    @Test
    void theEventOfAPendingOperationMayBeClosed() throws Exception {
        for (SocketHandle s : new SocketHandle[] {hosts.created(), hosts.file()}) {
            WsaEvent event = hosts.winsock.wsaCreateEvent();
            HeapOverlapped overlapped = new HeapOverlapped(event);
            hosts.winsock.wsaRecv(s, ByteBuffer.allocate(8), null, overlapped, null);
            hosts.upcalls.wpuCloseEvent(event);
            boolean created = hosts.nonIfsTable.sockets().contains(s);
            FakeSocket.Request request =
                    (created ? hosts.nonIfsTable.socket(s) : hosts.ifsTable.socket(s)).takeRequest();
            (created ? hosts.nonIfsTable : hosts.ifsTable).complete(request, 0, 5);
            assertThat(overlapped.isCompleted()).isTrue();
            assertThat(overlapped.internalHigh()).isEqualTo(5);
        }
        assertThat(hosts.reports().failures()).isEmpty();
    }
}
