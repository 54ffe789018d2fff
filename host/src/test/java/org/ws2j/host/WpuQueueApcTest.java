package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

@Timeout(30)
final class WpuQueueApcTest {
    private static final UserApc NOTHING = context -> {
    };

    private final TwoKinds hosts;

    WpuQueueApcTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private Waits waits() {
        return hosts.winsock.waits();
    }

    @Test
    void proceduresRunInOrderInTheNextAlertableWaitAndEndIt() throws Exception {
        List<Object> ran = new ArrayList<>();
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        for (int i = 0; i < 5; i++) {
            hosts.upcalls.wpuQueueApc(id, ran::add, i);
        }
        assertThat(ran).isEmpty();
        assertThat(waits().sleepEx(Waits.WSA_INFINITE, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void proceduresRunOnTheirThread() throws Exception {
        List<Thread> ran = Collections.synchronizedList(new ArrayList<>());
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        TestThreads.start(() -> {
            hosts.upcalls.wpuQueueApc(id, context -> ran.add(Thread.currentThread()), null);
            return null;
        }).get();
        waits().sleepEx(Waits.WSA_INFINITE, true);
        assertThat(ran).containsExactly(Thread.currentThread());
    }

    @Test
    void aWaitThatIsNotAlertableRunsNone() throws Exception {
        List<Object> ran = new ArrayList<>();
        hosts.upcalls.wpuQueueApc(hosts.upcalls.wpuOpenCurrentThread(), ran::add, 1);
        WsaEvent event = hosts.upcalls.wpuCreateEvent();
        assertThat(waits().waitForSingleEvent(event, 0, false)).isEqualTo(Waits.WSA_WAIT_TIMEOUT);
        assertThat(waits().sleepEx(1, false)).isZero();
        CompletionPort port = hosts.winsock.ports().createIoCompletionPort(0);
        assertThat(hosts.winsock.ports().getQueuedCompletionStatus(port, new CompletionPacket(), 0)).isFalse();
        assertThat(ran).isEmpty();
    }

    @Test
    void everyKindOfAlertableWaitRunsThem() throws Exception {
        List<Object> ran = new ArrayList<>();
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        WsaEvent[] events = {hosts.upcalls.wpuCreateEvent(), hosts.upcalls.wpuCreateEvent()};
        hosts.upcalls.wpuQueueApc(id, ran::add, "any");
        assertThat(hosts.winsock.wsaWaitForMultipleEvents(events, false, 0, true))
                .isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        hosts.upcalls.wpuQueueApc(id, ran::add, "all");
        assertThat(hosts.winsock.wsaWaitForMultipleEvents(events, true, 0, true))
                .isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        hosts.upcalls.wpuQueueApc(id, ran::add, "port");
        CompletionPort port = hosts.winsock.ports().createIoCompletionPort(0);
        CompletionPacket[] packets = {new CompletionPacket()};
        assertThat(hosts.winsock.ports().getQueuedCompletionStatusEx(port, packets, 0, true))
                .isEqualTo(-Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly("any", "all", "port");
    }

    @Test
    void aThreadThatWaitsAlertablyIsWoken() throws Exception {
        WsaThreadId[] id = new WsaThreadId[1];
        List<Object> ran = Collections.synchronizedList(new ArrayList<>());
        Running<Integer> sleeper = TestThreads.start(() -> {
            id[0] = hosts.upcalls.wpuOpenCurrentThread();
            return waits().sleepEx(Waits.WSA_INFINITE, true);
        }).awaitParked();
        hosts.upcalls.wpuQueueApc(id[0], ran::add, "context");
        assertThat(sleeper.get()).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly("context");
    }

    @Test
    void theContextMayBeAnything() throws Exception {
        List<Object> ran = new ArrayList<>();
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        for (Object context : new Object[] {null, 0, ""}) {
            hosts.upcalls.wpuQueueApc(id, ran::add, context);
        }
        waits().sleepEx(0, true);
        assertThat(ran).containsExactly(null, 0, "");
    }

    @Test
    void nullAsThreadOrProcedureAnswersFault() throws Exception {
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        assertFails(WSAEFAULT, () -> hosts.upcalls.wpuQueueApc(null, NOTHING, null));
        assertFails(WSAEFAULT, () -> hosts.upcalls.wpuQueueApc(id, null, null));
        assertThat(waits().sleepEx(0, true)).isZero();
    }

    @Test
    void anotherHostsThreadAnswersFault() throws Exception {
        try (TwoKinds other = new TwoKinds()) {
            WsaThreadId foreign = other.upcalls.wpuOpenCurrentThread();
            assertFails(WSAEFAULT, () -> hosts.upcalls.wpuQueueApc(foreign, NOTHING, null));
            other.upcalls.wpuCloseThread(foreign);
        }
    }

    @Test
    void anIdThatWasClosedAnswersFault() throws Exception {
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        hosts.upcalls.wpuCloseThread(id);
        assertFails(WSAEFAULT, () -> hosts.upcalls.wpuQueueApc(id, NOTHING, null));
    }

    @Test
    void aThreadThatHasEndedAnswersFault() throws Exception {
        WsaThreadId id = TestThreads.start(hosts.upcalls::wpuOpenCurrentThread).ended();
        assertFails(WSAEFAULT, () -> hosts.upcalls.wpuQueueApc(id, NOTHING, null));
    }

    @Test
    void theIdMayBeClosedAsSoonAsTheCallHasReturned() throws Exception {
        List<Object> ran = new ArrayList<>();
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        hosts.upcalls.wpuQueueApc(id, ran::add, 1);
        hosts.upcalls.wpuCloseThread(id);
        waits().sleepEx(0, true);
        assertThat(ran).containsExactly(1);
    }

    @Test
    void aProcedureMayQueueAnother() throws Exception {
        List<Object> ran = new ArrayList<>();
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        hosts.upcalls.wpuQueueApc(id, context -> {
            ran.add(context);
            try {
                hosts.upcalls.wpuQueueApc(id, ran::add, "inner");
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        }, "outer");
        waits().sleepEx(0, true);
        assertThat(ran).containsExactly("outer", "inner");
    }

    @Test
    void whatAProcedureThrowsIsReportedAndTheOthersRun() throws Exception {
        List<Object> ran = new ArrayList<>();
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        hosts.upcalls.wpuQueueApc(id, context -> {
            throw new IllegalStateException("procedure");
        }, null);
        hosts.upcalls.wpuQueueApc(id, ran::add, "next");
        assertThat(waits().sleepEx(0, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly("next");
        assertThat(hosts.reports().failures()).hasSize(1);
    }

    @Test
    void aProviderCompletesARoutineByARecordAndAnIntermediateProcedure() throws Exception {
        SocketHandle s = hosts.created();
        List<Object> told = new ArrayList<>();
        HeapOverlapped overlapped = new HeapOverlapped();
        WsaCompletionRoutine routine = (error, bytes, ov, flags) -> told.addAll(List.of(error, bytes, ov, flags));
        hosts.winsock.wsaRecv(s, ByteBuffer.allocate(4), null, overlapped, routine);
        FakeSocket.Request request = hosts.nonIfsTable.socket(s).takeRequest();
        TestThreads.start(() -> {
            overlapped.internal(0);
            hosts.upcalls.wpuQueueApc(request.threadId(), packed -> {
                FakeSocket.Request record = (FakeSocket.Request) packed;
                record.routine().completed(0, 4, record.overlapped(), 0);
            }, request);
            return null;
        }).get();
        assertThat(told).isEmpty();
        assertThat(waits().sleepEx(Waits.WSA_INFINITE, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(told).containsExactly(0, 4, (WsaOverlapped) overlapped, 0);
    }

    @Test
    void theLastCleanupDropsWhatIsQueued() throws Exception {
        List<Object> ran = new ArrayList<>();
        hosts.upcalls.wpuQueueApc(hosts.upcalls.wpuOpenCurrentThread(), ran::add, 1);
        hosts.winsock.wsaCleanup();
        assertThat(waits().sleepEx(0, true)).isZero();
        assertThat(ran).isEmpty();
    }
}
