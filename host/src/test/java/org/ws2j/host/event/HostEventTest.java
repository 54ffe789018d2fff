package org.ws2j.host.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.SystemClock;

/** Steps of events and waits that only a race would take otherwise. */
@Timeout(30)
final class HostEventTest {
    private final AnyWait wait = new AnyWait(new HostThreads(new SystemClock(), new Reports()).current());

    private static HostEvent event(boolean manualReset, boolean signaled) {
        return new HostEvent("owner", 1, manualReset, signaled, null);
    }

    @Test
    void aWaitThatFindsTheSignalInTheQueueTakesIt() {
        HostEvent auto = event(false, true);
        wait.begin();
        assertThat(wait.enlist(auto)).as("goes on").isFalse();
        assertThat(wait.isPending()).isFalse();
        assertThat(wait.satisfiedBy()).isZero();
        assertThat(auto.isSignaled()).isFalse();
        assertThat(auto.waiters()).isZero();
        wait.end();
    }

    @Test
    void aWaitThatAnotherEventHasDecidedLeavesTheSignal() {
        HostEvent first = event(false, false);
        HostEvent second = event(false, true);
        wait.begin();
        assertThat(wait.enlist(first)).as("goes on").isTrue();
        first.set();
        assertThat(wait.enlist(second)).isFalse();
        assertThat(wait.satisfiedBy()).isZero();
        assertThat(first.isSignaled()).isFalse();
        assertThat(second.isSignaled()).isTrue();
        wait.end();
    }

    @Test
    void waitsOfBothKindsAreCounted() {
        HostEvent event = event(true, false);
        AllWait all = new AllWait(wait.thread(), List.of(event));
        all.begin();
        wait.begin();
        wait.enlist(event);
        assertThat(event.waiters()).isEqualTo(2);
        all.end();
        wait.end();
        assertThat(event.waiters()).isZero();
    }

    @Test
    void ofTwoClosersOneCloses() {
        HostEvent event = event(true, false);
        assertThat(event.close()).isTrue();
        assertThat(event.close()).isFalse();
    }

    @Test
    void anEventSaysInPrintWhatItIs() {
        HostEvent manual = event(true, true);
        HostEvent auto = event(false, false);
        assertThat(manual).hasToString("event 1 (manual reset, signaled)");
        assertThat(auto).hasToString("event 1 (auto reset)");
        auto.close();
        assertThat(auto).hasToString("event 1 (auto reset, closed)");
    }
}
