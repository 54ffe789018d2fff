package org.ws2j.host.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.spi.Waits.WSA_INFINITE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.event.EventWaits;
import org.ws2j.host.thread.HostThread;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.ManualClock;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.SystemClock;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;

@Timeout(30)
final class PortConcurrencyTest {
    private final ManualClock clock = new ManualClock();
    private final HostThreads threads = new HostThreads(clock, new Reports());
    private final IoCompletionPorts ports = new IoCompletionPorts(threads);
    private final EventWaits waits = new EventWaits(threads);
    private final CompletionPacket packet = new CompletionPacket();

    private void post(CompletionPort port) throws WinsockException {
        ports.postQueuedCompletionStatus(port, 1, null, null);
    }

    private boolean take(CompletionPort port, long timeoutMillis) throws WinsockException {
        return ports.getQueuedCompletionStatus(port, packet, timeoutMillis);
    }

    private Running<Boolean> taking(CompletionPort port) {
        return taking(port, WSA_INFINITE);
    }

    private Running<Boolean> taking(CompletionPort port, long timeoutMillis) {
        return TestThreads.start(() -> ports.getQueuedCompletionStatus(port, new CompletionPacket(), timeoutMillis))
                .awaitParked();
    }

    @Test
    void noMoreThreadsRunThanMay() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        post(port);
        assertThat(take(port, 0)).isTrue();
        Running<Boolean> other = taking(port);
        post(port);
        other.awaitParked();
        assertThat(take(port, 0)).as("who comes back takes the next one at once").isTrue();
        post(port);
        other.awaitParked();
        assertThat(take(port, 0)).isTrue();
        assertThat(take(port, 0)).as("none left, so the place is free").isFalse();
        post(port);
        assertThat(other.get()).isTrue();
    }

    @Test
    void aThreadThatGoesToAnotherPortFreesItsPlace() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        post(port);
        take(port, 0);
        Running<Boolean> other = taking(port);
        post(port);
        other.awaitParked();
        assertThat(take(ports.createIoCompletionPort(1), 0)).isFalse();
        assertThat(other.get()).isTrue();
    }

    @Test
    void aThreadInAWaitOfTheHostDoesNotCount() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        WsaEvent event = waits.createEvent(true, false);
        Running<Integer> worker = TestThreads.start(() -> {
            ports.getQueuedCompletionStatus(port, new CompletionPacket(), WSA_INFINITE);
            return waits.waitForSingleEvent(event, WSA_INFINITE, false);
        });
        post(port);
        while (waits.leaks().get(0).waitingThreads() == 0) {
            Thread.onSpinWait();
        }
        worker.awaitParked();
        post(port);
        assertThat(take(port, WSA_INFINITE)).isTrue();
        waits.setEvent(event);
        assertThat(worker.get()).isZero();
    }

    @Test
    void aThreadThatSaysItIsBlockedDoesNotCountUntilItGoesOn() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        post(port);
        take(port, 0);
        HostThread me = threads.current();
        Running<Boolean> first = taking(port);
        post(port);
        first.awaitParked();
        me.enterBlocked();
        assertThat(first.ended()).isTrue();
        me.leaveBlocked();
        Running<Boolean> _ = taking(port);
        post(port);
        // It has looked, and watches: this thread counts again.
        clock.awaitParked(1);
        assertThat(take(port, 0)).isTrue();
        ports.closeAll();
    }

    @Test
    void whoRunsBeyondTheLimitGetsNothingWhenItComesBack() throws Exception {
        CompletionPacket[] several = {packet, new CompletionPacket()};
        comesBackBeyondTheLimit(port -> assertThat(take(port, 0)).isFalse());
        comesBackBeyondTheLimit(
                port -> assertThat(ports.getQueuedCompletionStatusEx(port, several, 0, false)).isZero());
    }

    private interface Return {
        void to(CompletionPort port) throws Exception;
    }

    private void comesBackBeyondTheLimit(Return comingBack) throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        post(port);
        take(port, 0);
        threads.current().enterBlocked();
        Running<Void> other = TestThreads.start(() -> {
            ports.getQueuedCompletionStatus(port, new CompletionPacket(), WSA_INFINITE);
            taken.countDown();
            end.await();
            return null;
        });
        post(port);
        taken.await();
        threads.current().leaveBlocked();
        post(port);
        comingBack.to(port);
        end.countDown();
        other.ended(); // A thread that has not ended counts as running.
        assertThat(take(port, 0)).as("the packet is still there").isTrue();
    }

    @Test
    void asManyThreadsRunAsMayHoweverManyThatAre() throws Exception {
        int many = 40;
        CompletionPort port = ports.createIoCompletionPort(many);
        CountDownLatch allRun = new CountDownLatch(many);
        List<Running<Boolean>> takers = new ArrayList<>();
        for (int i = 0; i < 2 * many; i++) {
            post(port);
        }
        for (int i = 0; i < many; i++) {
            takers.add(TestThreads.start(() -> {
                boolean first = ports.getQueuedCompletionStatus(port, new CompletionPacket(), 0);
                allRun.countDown();
                allRun.await();
                return first && ports.getQueuedCompletionStatus(port, new CompletionPacket(), 0);
            }));
        }
        for (Running<Boolean> taker : takers) {
            assertThat(taker.get()).isTrue();
        }
        assertThat(take(port, 0)).as("each has taken two").isFalse();
    }

    @Test
    void aThreadThatEndsFreesItsPlace() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        Running<Boolean> ending = TestThreads.start(() -> {
            boolean result = ports.getQueuedCompletionStatus(port, new CompletionPacket(), WSA_INFINITE);
            taken.countDown();
            end.await();
            return result;
        });
        post(port);
        taken.await();
        Running<Boolean> other = taking(port);
        post(port);
        // It watches: from here on it sleeps with a limit.
        clock.awaitParked(1);
        end.countDown();
        assertThat(ending.ended()).isTrue();
        clock.advance(Duration.ofMillis(10));
        assertThat(other.get()).isTrue();
    }

    @Test
    void placesOfThreadsThatHaveEndedAreFreeForWhoeverComes() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        for (int i = 0; i < 3; i++) {
            post(port);
            assertThat(TestThreads.start(() -> take(port, 0)).ended()).isTrue();
        }
        Running<Boolean> waiting = taking(port);
        post(port);
        assertThat(waiting.ended()).isTrue();
    }

    @Test
    void whoFreesPlacesOfThreadsThatHaveEndedWakesThoseThatGetThem() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(2);
        CountDownLatch end = new CountDownLatch(1);
        List<Running<Boolean>> ending = List.of(endingAt(end, port), endingAt(end, port));
        Running<Boolean> waiting = taking(port);
        post(port);
        post(port);
        clock.awaitParked(1);
        end.countDown();
        for (Running<Boolean> thread : ending) {
            assertThat(thread.ended()).isTrue();
        }
        assertThat(take(port, 0)).isTrue();
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void aWatcherThatFreesAPlaceWakesTheThreadThatGetsIt() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        CountDownLatch end = new CountDownLatch(1);
        Running<Boolean> ending = endingAt(end, port);
        Running<Boolean> watcher = taking(port);
        Running<Boolean> served = taking(port);
        post(port);
        clock.awaitParked(1);
        end.countDown();
        ending.ended();
        clock.advance(Duration.ofMillis(10));
        assertThat(served.ended()).isTrue();
        watcher.awaitParked();
        post(port);
        clock.advance(Duration.ofMillis(10));
        assertThat(watcher.get()).isTrue();
    }

    @Test
    void aWatcherThatFreesSeveralPlacesWakesAThreadForEach() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(2);
        CountDownLatch end = new CountDownLatch(1);
        List<Running<Boolean>> ending = List.of(endingAt(end, port), endingAt(end, port));
        Running<Boolean> watcher = taking(port);
        List<Running<Boolean>> served = List.of(taking(port), taking(port));
        post(port);
        post(port);
        clock.awaitParked(1);
        end.countDown();
        for (Running<Boolean> thread : ending) {
            thread.ended();
        }
        clock.advance(Duration.ofMillis(10));
        for (Running<Boolean> thread : served) {
            assertThat(thread.get()).isTrue();
        }
        watcher.awaitParked();
        ports.closeAll();
    }

    @Test
    void anotherThreadWatchesWhenTheTimeOfTheWatcherIsOver() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        CountDownLatch end = new CountDownLatch(1);
        Running<Boolean> ending = endingAt(end, port);
        Running<Boolean> watcher = taking(port, 5);
        Running<Boolean> next = taking(port);
        post(port);
        clock.advance(Duration.ofMillis(5));
        assertThat(watcher.ended()).isFalse();
        clock.awaitParked(1);
        end.countDown();
        ending.ended();
        clock.advance(Duration.ofMillis(10));
        assertThat(next.get()).isTrue();
    }

    @Test
    void aWatcherSleepsWithoutLimitWhenThereIsNothingToWatch() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        post(port);
        take(port, 0);
        Running<Boolean> watcher = taking(port);
        post(port);
        clock.awaitParked(1);
        assertThat(take(port, 0)).isTrue();
        clock.advance(Duration.ofMillis(10));
        clock.awaitParked(0);
        // Not only for the moment in which it looks.
        watcher.awaitParked();
        clock.awaitParked(0);
        assertThat(take(port, 0)).isFalse();
        post(port);
        assertThat(watcher.get()).isTrue();
    }

    /** A thread that has taken a packet of the port, and runs until it is to end. */
    private Running<Boolean> endingAt(CountDownLatch end, CompletionPort port) throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        post(port);
        Running<Boolean> thread = TestThreads.start(() -> {
            boolean result = ports.getQueuedCompletionStatus(port, new CompletionPacket(), 0);
            taken.countDown();
            end.await();
            return result;
        });
        taken.await();
        return thread;
    }

    @Test
    void aThreadThatDidNotRunDoesNotSoBecauseItWasBlocked() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        assertThat(take(port, 0)).isFalse();
        threads.current().enterBlocked();
        threads.current().leaveBlocked();
        post(port);
        assertThat(TestThreads.start(() -> take(port, 0)).get()).isTrue();
    }

    @Test
    void takingInsideACallThatCountsAsBlockedMakesTheThreadRun() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(1);
        post(port);
        post(port);
        take(port, 0);
        threads.current().enterBlocked();
        assertThat(take(port, 0)).isTrue();
        threads.current().leaveBlocked();
        assertThat(take(port, 0)).isFalse();
        post(port);
        assertThat(TestThreads.start(() -> ports.getQueuedCompletionStatus(port, new CompletionPacket(), 0)).get())
                .as("the place is free, counted once").isTrue();
    }

    @Test
    void everyPacketIsTakenOnceByManyThreads() throws Exception {
        HostThreads realThreads = new HostThreads(new SystemClock(), new Reports());
        IoCompletionPorts realPorts = new IoCompletionPorts(realThreads);
        CompletionPort port = realPorts.createIoCompletionPort(2);
        int producers = 3;
        int each = 50_000;
        AtomicIntegerArray seen = new AtomicIntegerArray(producers * each);
        AtomicInteger runningNow = new AtomicInteger();
        AtomicInteger mostRunning = new AtomicInteger();
        List<Running<Void>> running = new ArrayList<>();
        List<Running<Void>> takers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            takers.add(TestThreads.start(() -> {
                CompletionPacket mine = new CompletionPacket();
                while (realPorts.getQueuedCompletionStatus(port, mine, WSA_INFINITE) && mine.bytesTransferred() >= 0) {
                    mostRunning.accumulateAndGet(runningNow.incrementAndGet(), Math::max);
                    seen.incrementAndGet(mine.bytesTransferred());
                    runningNow.decrementAndGet();
                }
                return null;
            }));
        }
        for (int p = 0; p < producers; p++) {
            int first = p * each;
            running.add(TestThreads.startVirtual(() -> {
                for (int i = first; i < first + each; i++) {
                    realPorts.postQueuedCompletionStatus(port, i, null, null);
                }
                return null;
            }));
        }
        for (Running<Void> producer : running) {
            producer.get();
        }
        for (int t = 0; t < takers.size(); t++) {
            realPorts.postQueuedCompletionStatus(port, -1, null, null);
        }
        for (Running<Void> taker : takers) {
            taker.get();
        }
        for (int i = 0; i < seen.length(); i++) {
            assertThat(seen.get(i)).isEqualTo(1);
        }
        assertThat(mostRunning.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void noPacketIsLostAmongWaitsThatTimeOut() throws Exception {
        IoCompletionPorts realPorts = new IoCompletionPorts(new HostThreads(new SystemClock(), new Reports()));
        CompletionPort port = realPorts.createIoCompletionPort(4);
        int packets = 20_000;
        AtomicInteger taken = new AtomicInteger();
        List<Running<Void>> takers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            long timeout = t;
            takers.add(TestThreads.startVirtual(() -> {
                CompletionPacket mine = new CompletionPacket();
                while (taken.get() < packets) {
                    if (realPorts.getQueuedCompletionStatus(port, mine, timeout)) {
                        taken.incrementAndGet();
                    }
                }
                return null;
            }));
        }
        for (int i = 0; i < packets; i++) {
            realPorts.postQueuedCompletionStatus(port, i, null, null);
        }
        for (Running<Void> taker : takers) {
            taker.get();
        }
        assertThat(taken).hasValue(packets);
    }

    @Test
    void threadsThatHaveEndedAreNotKeptWhereMoreMayRunThanEverDo() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(Integer.MAX_VALUE);
        for (int i = 0; i < 1_000; i++) {
            post(port);
            TestThreads.start(() -> ports.getQueuedCompletionStatus(port, new CompletionPacket(), 0)).ended();
        }
        assertThat(((IoCompletionPort) port).runningThreads()).isLessThan(100);
    }
}
