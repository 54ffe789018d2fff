package org.ws2j.host.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.Waits.WSA_INFINITE;
import static org.ws2j.spi.Waits.WSA_WAIT_EVENT_0;
import static org.ws2j.spi.Waits.WSA_WAIT_TIMEOUT;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.LastMomentClock;
import org.ws2j.host.thread.ManualClock;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;

@Timeout(30)
final class WaitTest {
    private final ManualClock clock = new ManualClock();
    private final EventWaits waits = new EventWaits(new HostThreads(clock, new Reports()));

    private WsaEvent manual() {
        return waits.createEvent(true, false);
    }

    private WsaEvent auto() {
        return waits.createEvent(false, false);
    }

    private boolean signaled(WsaEvent event) throws WinsockException {
        return waits.waitForSingleEvent(event, 0, false) == WSA_WAIT_EVENT_0;
    }

    private int look(boolean all, WsaEvent... events) throws WinsockException {
        return waits.waitForMultipleEvents(events, all, 0, false);
    }

    private Running<Integer> waiting(boolean all, long timeoutMillis, WsaEvent... events) {
        return TestThreads.start(() -> waits.waitForMultipleEvents(events, all, timeoutMillis, false)).awaitParked();
    }

    private void awaitWaiterOf(WsaEvent event) {
        while (!waits.leaks().contains(new EventLeak(event, false, 1))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void settingWakesEveryWaiterOfAManualResetEvent() throws Exception {
        WsaEvent event = manual();
        List<Running<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(waiting(false, WSA_INFINITE, event));
        }
        waits.setEvent(event);
        for (Running<Integer> waiter : waiting) {
            assertThat(waiter.get()).isEqualTo(WSA_WAIT_EVENT_0);
        }
        assertThat(signaled(event)).isTrue();
    }

    @Test
    void settingAndResettingAtOnceStillWakesEveryWaiter() throws Exception {
        WsaEvent event = manual();
        WsaEvent set = waits.createEvent(true, true);
        Running<Integer> one = waiting(false, WSA_INFINITE, event);
        Running<Integer> any = waiting(false, WSA_INFINITE, manual(), event);
        Running<Integer> all = waiting(true, WSA_INFINITE, event, set);
        waits.setEvent(event);
        waits.resetEvent(event);
        assertThat(one.get()).isEqualTo(0);
        assertThat(any.get()).isEqualTo(1);
        assertThat(all.get()).isEqualTo(0);
        assertThat(signaled(event)).isFalse();
    }

    @Test
    void settingAnAutoResetEventWakesOneWaiter() throws Exception {
        WsaEvent event = auto();
        Running<Integer> first = waiting(false, WSA_INFINITE, event);
        Running<Integer> second = waiting(false, WSA_INFINITE, event);
        waits.setEvent(event);
        assertThat(first.get()).isEqualTo(0);
        second.awaitParked();
        assertThat(signaled(event)).isFalse();
        waits.setEvent(event);
        assertThat(second.get()).isEqualTo(0);
    }

    @Test
    void theLowestSignaledIndexWins() throws Exception {
        WsaEvent high = auto();
        WsaEvent low = manual();
        waits.setEvent(high);
        waits.setEvent(low);
        assertThat(look(false, manual(), low, high)).isEqualTo(1);
        assertThat(signaled(high)).as("the one that did not win is not consumed").isTrue();
    }

    @Test
    void aWaitKnowsNothingOfTheOneBeforeIt() throws Exception {
        WsaEvent one = auto();
        WsaEvent two = auto();
        Running<List<Integer>> waiting = TestThreads.start(() -> List.of(
                waits.waitForMultipleEvents(new WsaEvent[] {one, two}, false, WSA_INFINITE, false),
                waits.waitForMultipleEvents(new WsaEvent[] {two, one}, false, WSA_INFINITE, false),
                waits.waitForSingleEvent(one, WSA_INFINITE, false))).awaitParked();
        waits.setEvent(two);
        awaitWaiterOf(two);
        waiting.awaitParked();
        waits.setEvent(one);
        awaitWaiterOf(one);
        waits.setEvent(one);
        assertThat(waiting.get()).containsExactly(1, 1, 0);
    }

    @Test
    void onlyTheWinnerOfAnAutoResetWaitIsCleared() throws Exception {
        WsaEvent one = auto();
        WsaEvent two = auto();
        waits.setEvent(one);
        waits.setEvent(two);
        assertThat(look(false, one, two)).isEqualTo(0);
        assertThat(look(false, one, two)).isEqualTo(1);
        assertThat(look(false, one, two)).isEqualTo(WSA_WAIT_TIMEOUT);
    }

    @Test
    void theSameEventTwiceIsLegalInAWaitForAny() throws Exception {
        WsaEvent event = auto();
        Running<Integer> waiting = waiting(false, WSA_INFINITE, event, event);
        waits.setEvent(event);
        assertThat(waiting.get()).isEqualTo(0);
        assertThat(signaled(event)).isFalse();
    }

    @Test
    void aWaitForAllReturnsOnlyWhenAllAreSignaledAndTouchesNothingBefore() throws Exception {
        WsaEvent auto = auto();
        WsaEvent manual = manual();
        waits.setEvent(auto);
        assertThat(look(true, manual, auto)).isEqualTo(WSA_WAIT_TIMEOUT);
        Running<Integer> waiting = waiting(true, WSA_INFINITE, manual, auto);
        assertThat(signaled(auto)).as("left alone, and free for others").isTrue();
        waits.setEvent(manual);
        waiting.awaitParked();
        waits.setEvent(auto);
        assertThat(waiting.get()).isEqualTo(0);
        assertThat(signaled(auto)).isFalse();
        assertThat(signaled(manual)).isTrue();
    }

    @Test
    void aWaitForAllClearsItsAutoResetEventsTogether() throws Exception {
        WsaEvent[] events = {auto(), manual(), auto()};
        for (WsaEvent event : events) {
            waits.setEvent(event);
        }
        assertThat(look(true, events)).isEqualTo(0);
        assertThat(signaled(events[0])).isFalse();
        assertThat(signaled(events[1])).isTrue();
        assertThat(signaled(events[2])).isFalse();
    }

    @Test
    void signalsAtDifferentMomentsDoNotEndAWaitForAll() throws Exception {
        WsaEvent one = manual();
        WsaEvent two = manual();
        Running<Integer> waiting = waiting(true, WSA_INFINITE, one, two);
        waits.setEvent(one);
        waits.resetEvent(one);
        waits.setEvent(two);
        waiting.awaitParked();
        waits.setEvent(one);
        assertThat(waiting.get()).isEqualTo(0);
    }

    @Test
    void duplicatesInAWaitForAllAnswerInvalidParameter() {
        WsaEvent event = manual();
        assertFails(WSA_INVALID_PARAMETER, () -> look(true, event, manual(), event));
        assertFails(WSA_INVALID_PARAMETER, () -> look(true, event, event.tagged()));
    }

    @Test
    void noEventsOrMoreThan64AnswerInvalidParameter() throws Exception {
        WsaEvent[] events = new WsaEvent[65];
        Arrays.setAll(events, i -> manual());
        assertFails(WSA_INVALID_PARAMETER, () -> look(false));
        assertFails(WSA_INVALID_PARAMETER, () -> look(true));
        assertFails(WSA_INVALID_PARAMETER, () -> waits.waitForMultipleEvents(null, false, 0, false));
        assertFails(WSA_INVALID_PARAMETER, () -> look(false, events));
        WsaEvent[] most = Arrays.copyOf(events, 64);
        Running<Integer> waiting = waiting(false, WSA_INFINITE, most);
        waits.setEvent(most[63]);
        assertThat(waiting.get()).isEqualTo(63);
    }

    @Test
    void aTimeOutOutOfRangeAnswersInvalidParameter() {
        WsaEvent event = waits.createEvent(true, true);
        for (long bad : new long[] {-1, WSA_INFINITE + 1}) {
            assertFails(WSA_INVALID_PARAMETER, () -> waits.waitForSingleEvent(event, bad, false));
            assertFails(WSA_INVALID_PARAMETER,
                    () -> waits.waitForMultipleEvents(new WsaEvent[] {event, manual()}, false, bad, false));
            assertThatThrownBy(() -> waits.sleepEx(bad, false)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aWaitEndsAtItsTimeOutAndLeavesTheEventUsable() throws Exception {
        WsaEvent event = auto();
        Running<Integer> any = waiting(false, 50, event);
        Running<Integer> all = waiting(true, 50, event, manual());
        clock.advance(Duration.ofMillis(50));
        assertThat(any.get()).isEqualTo(WSA_WAIT_TIMEOUT);
        assertThat(all.get()).isEqualTo(WSA_WAIT_TIMEOUT);
        waits.setEvent(event);
        assertThat(signaled(event)).as("no wait that is over takes the signal").isTrue();
    }

    @Test
    void aSignalInTheLastMomentEndsTheWait() throws Exception {
        takesWhatIsSetInTheLastMoment((late, event) -> late.waitForSingleEvent(event, 1, false));
        takesWhatIsSetInTheLastMoment((late, event) -> late.waitForMultipleEvents(
                new WsaEvent[] {event, late.createEvent(true, true)}, true, 1, false));
    }

    private interface TimedWait {
        int of(EventWaits waits, WsaEvent event) throws WinsockException;
    }

    private static void takesWhatIsSetInTheLastMoment(TimedWait wait) throws Exception {
        AtomicReference<EventWaits> host = new AtomicReference<>();
        AtomicReference<WsaEvent> event = new AtomicReference<>();
        LastMomentClock lastMoment = new LastMomentClock(() -> host.get().setEvent(event.get()));
        EventWaits late = new EventWaits(new HostThreads(lastMoment, new Reports()));
        host.set(late);
        event.set(late.createEvent(false, false));
        assertThat(wait.of(late, event.get())).isEqualTo(WSA_WAIT_EVENT_0);
        assertThat(late.waitForSingleEvent(event.get(), 0, false)).as("taken").isEqualTo(WSA_WAIT_TIMEOUT);
    }

    @Test
    void closingAnEventLeavesItsWaitersWaitingUntilTheirTimeOut() throws Exception {
        WsaEvent event = manual();
        Running<Integer> waiting = waiting(false, 1_000, event);
        waits.closeEvent(event);
        assertFails(WSA_INVALID_HANDLE, () -> waits.setEvent(event));
        waits.signalQuietly(event);
        clock.advance(Duration.ofMillis(999));
        waiting.awaitParked();
        clock.advance(Duration.ofMillis(1));
        assertThat(waiting.get()).isEqualTo(WSA_WAIT_TIMEOUT);
    }

    @Test
    void anInterruptNeitherEndsAWaitNorIsLost() throws Exception {
        WsaEvent event = manual();
        Running<Boolean> waiting = TestThreads.start(() -> {
            Thread.currentThread().interrupt();
            int result = waits.waitForSingleEvent(event, WSA_INFINITE, false);
            return result == WSA_WAIT_EVENT_0 && Thread.interrupted();
        }).awaitParked();
        // Parked with the status cleared: a wait that spins would be seen running.
        waiting.thread().interrupt();
        waiting.awaitParked();
        waits.setEvent(event);
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void anInterruptedThreadMaySetAndTakeWithoutLosingItsStatus() throws Exception {
        WsaEvent event = manual();
        Thread.currentThread().interrupt();
        waits.setEvent(event);
        boolean taken = signaled(event);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(taken).isTrue();
    }

    @Test
    void aSleepEndsAtItsTime() throws Exception {
        Running<Integer> sleeping = TestThreads.start(() -> waits.sleepEx(20, false)).awaitParked();
        clock.advance(Duration.ofMillis(20));
        assertThat(sleeping.get()).isZero();
        assertThat(waits.sleepEx(0, true)).isZero();
    }
}
