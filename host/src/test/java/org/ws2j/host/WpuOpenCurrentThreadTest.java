package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaThreadId;

/** WPUOpenCurrentThread and WPUCloseThread. */
@Timeout(30)
final class WpuOpenCurrentThreadTest {
    private final TwoKinds hosts;

    WpuOpenCurrentThreadTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    /** The id that comes with an overlapped call of this thread. */
    private WsaThreadId idOfOverlappedCall() throws WinsockException {
        SocketHandle s = hosts.created();
        hosts.winsock.wsaRecv(s, ByteBuffer.allocate(1), null, new HeapOverlapped(), (error, bytes, ov, flags) -> {
        });
        return hosts.nonIfsTable.socket(s).takeRequest().threadId();
    }

    @Test
    void eachIdIsDistinct() throws Exception {
        Set<WsaThreadId> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(ids.add(hosts.upcalls.wpuOpenCurrentThread())).isTrue();
        }
        assertThat(hosts.winsock.openHandles().threadIds()).isEqualTo(100);
    }

    @Test
    void idsAreNotReused() throws Exception {
        WsaThreadId closed = hosts.upcalls.wpuOpenCurrentThread();
        hosts.upcalls.wpuCloseThread(closed);
        for (int i = 0; i < 100; i++) {
            WsaThreadId fresh = hosts.upcalls.wpuOpenCurrentThread();
            assertThat(fresh).isNotEqualTo(closed);
            assertThat(fresh.toString()).isNotEqualTo(closed.toString());
            hosts.upcalls.wpuCloseThread(fresh);
        }
        assertFails(WSAEFAULT, () -> hosts.upcalls.wpuQueueApc(closed, context -> {
        }, null));
    }

    @Test
    void anIdNamesTheThreadThatOpenedIt() throws Exception {
        List<Object> ran = new ArrayList<>();
        WsaThreadId mine = hosts.upcalls.wpuOpenCurrentThread();
        WsaThreadId again = hosts.upcalls.wpuOpenCurrentThread();
        hosts.upcalls.wpuQueueApc(mine, ran::add, 1);
        hosts.upcalls.wpuQueueApc(again, ran::add, 2);
        hosts.winsock.waits().sleepEx(0, true);
        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void theIdOfAnOverlappedCallIsAnotherOneWhichNobodyCloses() throws Exception {
        WsaThreadId opened = hosts.upcalls.wpuOpenCurrentThread();
        WsaThreadId implicit = idOfOverlappedCall();
        assertThat(implicit).isNotEqualTo(opened);
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuCloseThread(implicit));
        hosts.upcalls.wpuQueueApc(implicit, context -> {
        }, null);
        assertThat(idOfOverlappedCall()).isSameAs(implicit);
        assertThat(hosts.winsock.openHandles().threadIds()).isEqualTo(1);
    }

    @Test
    void closingOneDisturbsNoOtherNorWhatIsQueued() throws Exception {
        List<Object> ran = new ArrayList<>();
        WsaThreadId implicit = idOfOverlappedCall();
        WsaThreadId closed = hosts.upcalls.wpuOpenCurrentThread();
        WsaThreadId other = hosts.upcalls.wpuOpenCurrentThread();
        hosts.upcalls.wpuQueueApc(closed, ran::add, "closed");
        hosts.upcalls.wpuCloseThread(closed);
        hosts.upcalls.wpuQueueApc(other, ran::add, "other");
        hosts.upcalls.wpuQueueApc(implicit, ran::add, "implicit");
        assertThat(hosts.winsock.waits().sleepEx(0, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly("closed", "other", "implicit");
    }

    @Test
    void closingWhatIsNotOpenAnswersInvalid() throws Exception {
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        hosts.upcalls.wpuCloseThread(id);
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuCloseThread(id));
        try (TwoKinds other = new TwoKinds()) {
            WsaThreadId foreign = other.upcalls.wpuOpenCurrentThread();
            assertFails(WSAEINVAL, () -> hosts.upcalls.wpuCloseThread(foreign));
            other.upcalls.wpuCloseThread(foreign);
        }
    }

    @Test
    void closingNullAnswersFault() {
        assertFails(WSAEFAULT, () -> hosts.upcalls.wpuCloseThread(null));
    }

    @Test
    void anotherThreadMayCloseAnIdAlsoAfterItsThreadHasEnded() throws Exception {
        WsaThreadId id = TestThreads.start(hosts.upcalls::wpuOpenCurrentThread).ended();
        hosts.upcalls.wpuCloseThread(id);
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuCloseThread(id));
    }

    @Test
    void idsOfThreadsThatHaveEndedAreNoLeak() throws Exception {
        TestThreads.start(hosts.upcalls::wpuOpenCurrentThread).ended();
        TestThreads.startVirtual(hosts.upcalls::wpuOpenCurrentThread).ended();
        assertThat(hosts.winsock.openHandles().threadIds()).isZero();
    }

    @Test
    void outsideStartUpAndCleanUpBothAnswerNotInitialised() throws Exception {
        WsaThreadId id = hosts.upcalls.wpuOpenCurrentThread();
        hosts.winsock.wsaCleanup();
        assertFails(WSANOTINITIALISED, hosts.upcalls::wpuOpenCurrentThread);
        assertFails(WSANOTINITIALISED, () -> hosts.upcalls.wpuCloseThread(id));
    }
}
