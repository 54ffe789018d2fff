package org.ws2j.host.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.spi.Waits.WSA_INFINITE;
import static org.ws2j.spi.Waits.WSA_WAIT_IO_COMPLETION;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.SystemClock;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaThreadId;

@Timeout(60)
@Tag("stress")
final class WaitStressTest {
    private final HostThreads threads = new HostThreads(new SystemClock(), new Reports());
    private final EventWaits waits = new EventWaits(threads);

    private WsaEvent auto() {
        return waits.createEvent(false, false);
    }

    @Test
    void noWakeUpIsLostInAHundredThousandRoundsOfAutoResetEvents() throws Exception {
        int rounds = 100_000;
        WsaEvent ping = auto();
        WsaEvent pong = auto();
        Running<Void> echo = TestThreads.start(() -> {
            for (int i = 0; i < rounds; i++) {
                waits.waitForSingleEvent(ping, WSA_INFINITE, false);
                waits.setEvent(pong);
            }
            return null;
        });
        for (int i = 0; i < rounds; i++) {
            waits.setEvent(ping);
            assertThat(waits.waitForSingleEvent(pong, WSA_INFINITE, true)).isZero();
        }
        echo.get();
    }

    @Test
    void noWakeUpIsLostWhenTheWaiterResetsAndThenLooks() throws Exception {
        int items = 200_000;
        WsaEvent event = waits.createEvent(true, false);
        AtomicInteger produced = new AtomicInteger();
        Running<Void> producer = TestThreads.start(() -> {
            for (int i = 0; i < items; i++) {
                produced.setPlain(produced.getPlain() + 1);
                waits.setEvent(event);
            }
            return null;
        });
        int seen = 0;
        while (seen < items) {
            waits.waitForSingleEvent(event, WSA_INFINITE, false);
            waits.resetEvent(event);
            seen = produced.getPlain();
        }
        producer.get();
    }

    @Test
    void everySignalOfAnAutoResetEventIsTakenOnceWhateverWaits() throws Exception {
        int signals = 20_000;
        WsaEvent contended = auto();
        WsaEvent always = waits.createEvent(true, true);
        WsaEvent over = waits.createEvent(true, false);
        WsaEvent taken = auto();
        AtomicInteger takenCount = new AtomicInteger();
        List<Running<Void>> takers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean all = i % 2 == 0;
            WsaEvent[] events = all ? new WsaEvent[] {contended, always} : new WsaEvent[] {contended, over};
            takers.add(TestThreads.start(() -> {
                while (waits.waitForMultipleEvents(events, all, WSA_INFINITE, false) == 0
                        && waits.waitForSingleEvent(over, 0, false) != 0) {
                    takenCount.incrementAndGet();
                    waits.setEvent(taken);
                }
                return null;
            }));
        }
        for (int i = 0; i < signals; i++) {
            waits.setEvent(contended);
            waits.waitForSingleEvent(taken, WSA_INFINITE, false);
        }
        assertThat(takenCount).hasValue(signals);
        waits.setEvent(over);
        for (Running<Void> taker : takers) {
            while (!taker.isDone()) {
                waits.setEvent(contended);
            }
            taker.get();
        }
    }

    /** The dining philosophers: each needs two neighbouring forks at one moment. */
    @Test
    void waitsForAllShareAutoResetEventsWithoutDeadlock() throws Exception {
        int seats = 5;
        int meals = 2_000;
        List<WsaEvent> forks = new ArrayList<>();
        List<AtomicInteger> holders = new ArrayList<>();
        for (int i = 0; i < seats; i++) {
            forks.add(waits.createEvent(false, true));
            holders.add(new AtomicInteger());
        }
        List<Running<Boolean>> philosophers = new ArrayList<>();
        for (int i = 0; i < seats; i++) {
            int left = i;
            int right = (i + 1) % seats;
            WsaEvent[] both = {forks.get(left), forks.get(right)};
            philosophers.add(TestThreads.start(() -> {
                boolean alone = true;
                for (int meal = 0; meal < meals; meal++) {
                    waits.waitForMultipleEvents(both, true, WSA_INFINITE, false);
                    alone &= holders.get(left).incrementAndGet() == 1;
                    alone &= holders.get(right).incrementAndGet() == 1;
                    holders.get(left).decrementAndGet();
                    holders.get(right).decrementAndGet();
                    waits.setEvent(both[0]);
                    waits.setEvent(both[1]);
                }
                return alone;
            }));
        }
        for (Running<Boolean> philosopher : philosophers) {
            assertThat(philosopher.get()).isTrue();
        }
    }

    @Test
    void theLowestIndexWinsAgainstASetterAtWork() throws Exception {
        int rounds = 20_000;
        WsaEvent low = waits.createEvent(true, false);
        WsaEvent high = waits.createEvent(true, false);
        WsaEvent go = auto();
        Running<Void> setter = TestThreads.start(() -> {
            for (int i = 0; i < rounds; i++) {
                waits.waitForSingleEvent(go, WSA_INFINITE, false);
                waits.setEvent(low);
                waits.setEvent(high);
            }
            return null;
        });
        for (int i = 0; i < rounds; i++) {
            waits.setEvent(go);
            assertThat(waits.waitForMultipleEvents(new WsaEvent[] {low, high}, false, WSA_INFINITE, false)).isZero();
            waits.waitForSingleEvent(high, WSA_INFINITE, false);
            waits.resetEvent(low);
            waits.resetEvent(high);
        }
        setter.get();
    }

    @Test
    void noProcedureIsLostInAnAlertableWaitWithEventsAndTimeOuts() throws Exception {
        int rounds = 5_000;
        WsaEvent event = auto();
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger signals = new AtomicInteger();
        CountDownLatch known = new CountDownLatch(1);
        WsaThreadId[] id = new WsaThreadId[1];
        Running<Void> waiter = TestThreads.start(() -> {
            id[0] = threads.openId();
            known.countDown();
            while (ran.get() < rounds || signals.get() < rounds) {
                long timeout = ThreadLocalRandom.current().nextInt(3);
                if (waits.waitForSingleEvent(event, timeout == 0 ? WSA_INFINITE : timeout, true) == 0) {
                    signals.incrementAndGet();
                }
            }
            return null;
        });
        known.await();
        for (int i = 0; i < rounds; i++) {
            threads.queueApc(id[0], context -> ran.incrementAndGet(), null);
            int before = signals.get();
            waits.setEvent(event);
            while (signals.get() == before) {
                LockSupport.parkNanos(1_000); // On a busy machine the waiter needs this very processor.
            }
        }
        waiter.get();
        assertThat(ran).hasValue(rounds);
        assertThat(signals).hasValue(rounds);
    }

    @Test
    void tenThousandVirtualThreadsWaitAndAllWake() throws Exception {
        WsaEvent event = waits.createEvent(true, false);
        WsaEvent other = waits.createEvent(true, false);
        List<Running<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waiting.add(TestThreads.startVirtual(
                    () -> waits.waitForMultipleEvents(new WsaEvent[] {other, event}, false, WSA_INFINITE, false)));
        }
        waiting.get(9_999).awaitParked();
        waits.setEvent(event);
        for (Running<Integer> waiter : waiting) {
            assertThat(waiter.get()).isEqualTo(1);
        }
        assertThat(waits.leaks()).extracting(EventLeak::waitingThreads).containsOnly(0);
    }

    @Test
    void sleepersOnVirtualThreadsAllRunTheirProcedures() throws Exception {
        List<Running<Integer>> sleeping = new ArrayList<>();
        List<WsaThreadId> ids = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            WsaThreadId[] id = new WsaThreadId[1];
            CountDownLatch known = new CountDownLatch(1);
            sleeping.add(TestThreads.startVirtual(() -> {
                id[0] = threads.openId();
                known.countDown();
                return waits.sleepEx(WSA_INFINITE, true);
            }));
            known.await();
            ids.add(id[0]);
        }
        for (WsaThreadId id : ids) {
            threads.queueApc(id, context -> {
            }, null);
        }
        for (Running<Integer> sleeper : sleeping) {
            assertThat(sleeper.ended()).isEqualTo(WSA_WAIT_IO_COMPLETION);
        }
        assertThat(threads.openIds()).isZero();
    }
}
