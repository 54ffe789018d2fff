package org.ws2j.host.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.spi.Waits.WSA_INFINITE;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.WsaThreadId;

@Timeout(30)
final class HostThreadWaitTest {
    private final ManualClock clock = new ManualClock();
    private final HostThreads threads = new HostThreads(clock, new Reports());
    private final AtomicBoolean pending = new AtomicBoolean(true);

    private Running<WaitEnd> waiting(long timeoutMillis) {
        return TestThreads.start(() -> threads.current().await(pending::get, timeoutMillis, false)).awaitParked();
    }

    @Test
    void endsAtItsTimeAndNotBefore() throws Exception {
        Running<WaitEnd> waiting = waiting(100);
        clock.advance(Duration.ofMillis(99));
        waiting.awaitParked();
        clock.advance(Duration.ofMillis(1));
        assertThat(waiting.get()).isEqualTo(WaitEnd.TIMED_OUT);
    }

    @Test
    void aClockThatOverflowsDisturbsNoTimeOut() throws Exception {
        clock.advance(Duration.ofNanos(Long.MAX_VALUE - 1_000));
        Running<WaitEnd> waiting = waiting(100);
        clock.advance(Duration.ofMillis(99));
        waiting.awaitParked();
        clock.advance(Duration.ofMillis(1));
        assertThat(waiting.get()).isEqualTo(WaitEnd.TIMED_OUT);
    }

    @Test
    void anInfiniteWaitOutlastsTheLongestTimeOut() throws Exception {
        Running<WaitEnd> infinite = waiting(WSA_INFINITE);
        Running<WaitEnd> longest = waiting(WSA_INFINITE - 1);
        clock.advance(Duration.ofMillis(WSA_INFINITE));
        assertThat(longest.get()).isEqualTo(WaitEnd.TIMED_OUT);
        infinite.awaitParked();
        pending.set(false);
        LockSupport.unpark(infinite.thread());
        assertThat(infinite.get()).isEqualTo(WaitEnd.DECIDED);
    }

    @Test
    void anObserverLearnsThatItsThreadBlocksOncePerNest() {
        List<String> seen = new ArrayList<>();
        HostThread thread = threads.current();
        thread.blockingObserver(new BlockingObserver() {
            @Override
            public void blocked() {
                seen.add("blocked");
            }

            @Override
            public void unblocked() {
                seen.add("unblocked");
            }
        });
        thread.enterBlocked();
        thread.await(() -> false, WSA_INFINITE, false);
        thread.leaveBlocked();
        assertThat(seen).containsExactly("blocked", "unblocked");
    }

    @Test
    void systemClockParksForTheTimeGiven() {
        SystemClock system = new SystemClock();
        long end = system.nanoTime() + Duration.ofMillis(5).toNanos();
        for (long left = end - system.nanoTime(); left > 0; left = end - system.nanoTime()) {
            system.parkNanos(this, left);
        }
        assertThat(system.nanoTime() - end).isNotNegative();
        assertThat(system.epochNanos()).isGreaterThan(Duration.ofDays(365 * 50L).toNanos());
    }

    @Test
    void systemClockTellsTheTimeOfDay() {
        SystemClock system = new SystemClock();
        Instant before = Instant.now();
        long nanos = system.epochNanos();
        assertThat(Instant.ofEpochSecond(0, nanos)).isBetween(before, Instant.now());
    }

    @Test
    void systemClockLetsAThreadSleepUntilItIsWoken() throws Exception {
        SystemClock system = new SystemClock();
        Pending awake = pending::get;
        Running<Void> limited = TestThreads.<Void>start(() -> {
            while (pending.get()) {
                system.parkNanos(awake, Duration.ofDays(1).toNanos());
            }
            return null;
        }).awaitParked();
        assertThat(limited.thread().getState()).isEqualTo(Thread.State.TIMED_WAITING);
        pending.set(false);
        system.unpark(limited.thread());
        assertThat(limited.get()).isNull();
    }

    @Test
    void aQueuedProcedureEndsAWaitThatIsForOne() throws Exception {
        WsaThreadId id = threads.openId();
        threads.queueApc(id, context -> {
        }, null);
        assertThat(threads.current().await(() -> true, WSA_INFINITE, true)).isEqualTo(WaitEnd.APC_QUEUED);
        threads.close(id);
    }
}
