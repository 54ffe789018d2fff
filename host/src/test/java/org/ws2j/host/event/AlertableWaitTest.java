package org.ws2j.host.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.spi.Waits.WSA_INFINITE;
import static org.ws2j.spi.Waits.WSA_WAIT_EVENT_0;
import static org.ws2j.spi.Waits.WSA_WAIT_IO_COMPLETION;
import static org.ws2j.spi.Waits.WSA_WAIT_TIMEOUT;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.ManualClock;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaThreadId;

@Timeout(30)
final class AlertableWaitTest {
    private final ManualClock clock = new ManualClock();
    private final HostThreads threads = new HostThreads(clock, new Reports());
    private final EventWaits waits = new EventWaits(threads);
    private final List<Object> ran = new CopyOnWriteArrayList<>();
    private final BlockingQueue<WsaThreadId> ids = new LinkedBlockingQueue<>();

    private interface Wait {
        int wait(WsaEvent[] events) throws WinsockException;
    }

    private Running<Integer> waiting(Wait wait, WsaEvent... events) {
        return TestThreads.start(() -> {
            ids.add(threads.current().implicitId());
            return wait.wait(events);
        }).awaitParked();
    }

    private void queue(WsaThreadId id, UserApc apc, Object context) {
        try {
            threads.queueApc(id, apc, context);
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    private void queueForMyself(Object context) {
        queue(threads.current().implicitId(), ran::add, context);
    }

    private WsaEvent event(boolean manualReset, boolean signaled) {
        return waits.createEvent(manualReset, signaled);
    }

    @Test
    void aProcedureEndsAnAlertableWaitAndRunsOnItsThread() throws Exception {
        WsaEvent one = event(false, false);
        WsaEvent two = event(false, false);
        List<Wait> kinds = List.of(
                events -> waits.waitForSingleEvent(events[0], WSA_INFINITE, true),
                events -> waits.waitForMultipleEvents(events, false, WSA_INFINITE, true),
                events -> waits.waitForMultipleEvents(events, true, WSA_INFINITE, true),
                events -> waits.sleepEx(WSA_INFINITE, true));
        for (Wait kind : kinds) {
            Running<Integer> waiting = waiting(kind, one, two);
            queue(ids.take(), context -> ran.add(Thread.currentThread()), null);
            assertThat(waiting.get()).isEqualTo(WSA_WAIT_IO_COMPLETION);
            assertThat(ran).containsExactly(waiting.thread());
            ran.clear();
        }
        waits.setEvent(one);
        assertThat(waits.waitForSingleEvent(one, 0, false)).as("no ended wait takes it").isEqualTo(WSA_WAIT_EVENT_0);
    }

    @Test
    void aWaitThatIsNotAlertableRunsNoProcedure() throws Exception {
        WsaEvent event = event(true, false);
        Running<Integer> waiting = waiting(events -> waits.waitForSingleEvent(event, WSA_INFINITE, false));
        WsaThreadId id = ids.take();
        queue(id, ran::add, "queued");
        waiting.awaitParked();
        waits.setEvent(event);
        assertThat(waiting.get()).isEqualTo(WSA_WAIT_EVENT_0);
        assertThat(ran).isEmpty();
    }

    @Test
    void queuedProceduresWinOverSignaledEventsAndOverATimeOutOfZero() throws Exception {
        WsaEvent signaled = event(false, true);
        WsaEvent[] both = {signaled, event(true, true)};
        queueForMyself("single");
        assertThat(waits.waitForSingleEvent(signaled, 0, true)).isEqualTo(WSA_WAIT_IO_COMPLETION);
        queueForMyself("any");
        assertThat(waits.waitForMultipleEvents(both, false, 0, true)).isEqualTo(WSA_WAIT_IO_COMPLETION);
        queueForMyself("all");
        assertThat(waits.waitForMultipleEvents(both, true, 0, true)).isEqualTo(WSA_WAIT_IO_COMPLETION);
        queueForMyself("sleep");
        assertThat(waits.sleepEx(0, true)).isEqualTo(WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly("single", "any", "all", "sleep");
        assertThat(waits.waitForSingleEvent(signaled, 0, true)).as("not consumed").isEqualTo(WSA_WAIT_EVENT_0);
    }

    @Test
    void allQueuedProceduresRunBeforeTheWaitReturns() throws Exception {
        queueForMyself(1);
        queueForMyself(2);
        queueForMyself(3);
        assertThat(waits.sleepEx(WSA_INFINITE, true)).isEqualTo(WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly(1, 2, 3);
    }

    @Test
    void aProcedureQueuedAfterTheWaitWasSatisfiedStaysForTheNextOne() throws Exception {
        WsaEvent event = event(true, true);
        assertThat(waits.waitForSingleEvent(event, 0, true)).isEqualTo(WSA_WAIT_EVENT_0);
        queueForMyself("late");
        assertThat(ran).isEmpty();
        assertThat(waits.sleepEx(0, true)).isEqualTo(WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly("late");
    }

    @Test
    void aProcedureMayWaitOnTheVeryEventsOfTheWaitThatItEnds() throws Exception {
        WsaEvent event = event(false, false);
        Running<Integer> waiting =
                waiting(events -> waits.waitForMultipleEvents(events, false, WSA_INFINITE, true), event,
                        event(true, false));
        queue(ids.take(), context -> {
            try {
                ran.add("nested");
                ran.add(waits.waitForSingleEvent(event, WSA_INFINITE, true));
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        }, null);
        while (ran.isEmpty()) {
            Thread.onSpinWait();
        }
        waiting.awaitParked();
        waits.setEvent(event);
        assertThat(waiting.get()).isEqualTo(WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly("nested", WSA_WAIT_EVENT_0);
    }

    @Test
    void anAlertableWaitWithoutProceduresTimesOut() throws Exception {
        Running<Integer> waiting =
                waiting(events -> waits.waitForSingleEvent(events[0], 10, true), event(true, false));
        clock.advance(Duration.ofMillis(10));
        assertThat(waiting.get()).isEqualTo(WSA_WAIT_TIMEOUT);
    }

    @Test
    void anInterruptNeitherEndsAnAlertableSleepNorIsLost() throws Exception {
        Running<Boolean> sleeping = TestThreads.start(() -> {
            ids.add(threads.current().implicitId());
            int result = waits.sleepEx(WSA_INFINITE, true);
            return result == WSA_WAIT_IO_COMPLETION && Thread.interrupted();
        }).awaitParked();
        sleeping.thread().interrupt();
        sleeping.awaitParked();
        queue(ids.take(), ran::add, "queued");
        assertThat(sleeping.get()).isTrue();
    }
}
