package org.ws2j.host.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.SystemClock;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;

@Timeout(30)
final class EventTest {
    private final Reports reports = new Reports();
    private final EventWaits waits = new EventWaits(new HostThreads(new SystemClock(), reports));
    private final EventWaits otherHost = new EventWaits(new HostThreads(new SystemClock(), reports));

    private boolean signaled(WsaEvent event) throws WinsockException {
        return waits.waitForSingleEvent(event, 0, false) == Waits.WSA_WAIT_EVENT_0;
    }

    @Test
    void theInitialStateIsAsAsked() throws Exception {
        assertThat(signaled(waits.createEvent(true, false))).isFalse();
        assertThat(signaled(waits.createEvent(true, true))).isTrue();
        assertThat(signaled(waits.createEvent(false, true))).isTrue();
    }

    @Test
    void aManualResetEventStaysSignaledUntilItIsReset() throws Exception {
        WsaEvent event = waits.createEvent(true, false);
        waits.setEvent(event);
        waits.setEvent(event);
        assertThat(signaled(event)).isTrue();
        assertThat(signaled(event)).isTrue();
        waits.resetEvent(event);
        waits.resetEvent(event);
        assertThat(signaled(event)).isFalse();
    }

    @Test
    void anAutoResetEventIsResetByTheWaitThatItEnds() throws Exception {
        WsaEvent event = waits.createEvent(false, false);
        waits.setEvent(event);
        waits.setEvent(event);
        assertThat(signaled(event)).isTrue();
        assertThat(signaled(event)).isFalse();
    }

    @Test
    void everyCallRefusesWhatIsNotAnOpenEvent() throws Exception {
        WsaEvent closed = waits.createEvent(true, true);
        waits.closeEvent(closed);
        WsaEvent foreign = otherHost.createEvent(true, true);
        WsaEvent open = waits.createEvent(true, true);
        for (WsaEvent bad : new WsaEvent[] {null, closed, closed.tagged(), foreign, foreign.tagged()}) {
            assertFails(WSA_INVALID_HANDLE, () -> waits.setEvent(bad));
            assertFails(WSA_INVALID_HANDLE, () -> waits.resetEvent(bad));
            assertFails(WSA_INVALID_HANDLE, () -> waits.closeEvent(bad));
            assertFails(WSA_INVALID_HANDLE, () -> waits.waitForSingleEvent(bad, 0, false));
            assertFails(WSA_INVALID_HANDLE,
                    () -> waits.waitForMultipleEvents(new WsaEvent[] {open, bad}, false, 0, false));
            assertThat(waits.isEvent(bad)).isFalse();
        }
        assertThat(otherHost.isEvent(foreign)).isTrue();
    }

    @Test
    void completionsSignalQuietly() throws Exception {
        WsaEvent closed = waits.createEvent(true, false);
        waits.closeEvent(closed);
        WsaEvent foreign = otherHost.createEvent(true, false);
        WsaEvent open = waits.createEvent(true, false);
        for (WsaEvent event : new WsaEvent[] {null, closed, foreign, open.tagged()}) {
            waits.signalQuietly(event);
        }
        assertThat(signaled(open)).isTrue();
        assertThat(otherHost.waitForSingleEvent(foreign, 0, false)).isEqualTo(Waits.WSA_WAIT_TIMEOUT);
        for (WsaEvent event : new WsaEvent[] {null, closed, foreign, open.tagged()}) {
            waits.resetQuietly(event);
        }
        assertThat(signaled(open)).isFalse();
    }

    @Test
    void bothHandlesOfAnEventAreTheSameEvent() throws Exception {
        WsaEvent event = waits.createEvent(true, false);
        WsaEvent tagged = event.tagged();
        assertThat(tagged).isNotSameAs(event).isEqualTo(event).hasSameHashCodeAs(event).isSameAs(event.tagged());
        assertThat(event).isEqualTo(tagged).isNotEqualTo(waits.createEvent(true, false)).isNotEqualTo(null);
        assertThat(tagged.tagged()).isSameAs(tagged);
        assertThat(tagged.untagged()).isSameAs(event);
        assertThat(event.untagged()).isSameAs(event);
        assertThat(tagged.isTagged()).isTrue();
        assertThat(event.isTagged()).isFalse();
        assertThat(otherHost.createEvent(true, false)).isNotEqualTo(event);
    }

    @Test
    void everyCallAcceptsTheTaggedHandle() throws Exception {
        WsaEvent event = waits.createEvent(true, false);
        waits.setEvent(event.tagged());
        assertThat(signaled(event)).isTrue();
        assertThat(signaled(event.tagged())).isTrue();
        waits.resetEvent(event.tagged());
        assertThat(signaled(event)).isFalse();
        waits.closeEvent(event.tagged());
        assertThat(waits.isEvent(event)).isFalse();
    }

    @Test
    void aSinkRunsAtEachSetOnTheThreadThatSets() throws Exception {
        List<Thread> ranOn = new ArrayList<>();
        WsaEvent event = waits.createEvent(() -> ranOn.add(Thread.currentThread()));
        waits.setEvent(event);
        waits.setEvent(event.tagged());
        waits.signalQuietly(event);
        assertThat(ranOn).hasSize(3).containsOnly(Thread.currentThread());
        assertThat(signaled(event)).isTrue();
        assertThat(signaled(event)).isTrue();
    }

    @Test
    void aSinkMayUseItsOwnEvent() throws Exception {
        WsaEvent[] event = new WsaEvent[1];
        event[0] = waits.createEvent(() -> {
            waits.resetQuietly(event[0]);
            waits.createEvent(true, false);
        });
        waits.setEvent(event[0]);
        assertThat(signaled(event[0])).isFalse();
    }

    @Test
    void whatASinkThrowsIsReportedAndGoesNoFurther() throws Exception {
        IllegalStateException failure = new IllegalStateException("of a sink");
        WsaEvent event = waits.createEvent(() -> {
            throw failure;
        });
        waits.setEvent(event);
        assertThat(reports.failures()).containsExactly(failure);
        WsaEvent fatal = waits.createEvent(() -> {
            throw new InternalError("of a sink");
        });
        assertThatThrownBy(() -> waits.setEvent(fatal)).isInstanceOf(InternalError.class);
    }

    @Test
    void aNullSinkAnswersFault() {
        assertFails(WSAEFAULT, () -> waits.createEvent(null));
    }

    @Test
    void openEventsCountsWhatWasNotClosed() throws Exception {
        WsaEvent one = waits.createEvent(true, false);
        WsaEvent two = waits.createEvent(() -> {
        });
        assertThat(waits.openEvents()).isEqualTo(2);
        assertThat(waits.leaks()).containsExactly(new EventLeak(one, false, 0), new EventLeak(two, false, 0));
        waits.closeEvent(one);
        waits.closeEvent(two);
        assertThat(waits.openEvents()).isZero();
        assertThat(waits.leaks()).isEmpty();
    }

    @Test
    void anEventClosedUnderAWaiterIsALeakWhileItWaits() throws Exception {
        WsaEvent never = waits.createEvent(true, false);
        WsaEvent other = waits.createEvent(true, false);
        WsaEvent[] both = {never, other};
        Running<Integer> waiting =
                TestThreads.start(() -> waits.waitForMultipleEvents(both, false, Waits.WSA_INFINITE, false))
                        .awaitParked();
        waits.closeEvent(never);
        assertThat(waits.leaks()).containsExactly(new EventLeak(never, true, 1), new EventLeak(other, false, 1));
        waits.setEvent(other);
        assertThat(waiting.get()).isEqualTo(1);
        waits.closeEvent(other);
        assertThat(waits.leaks()).isEmpty();
    }

    @Test
    void severalEventsClosedUnderWaitersAreLeaksEachAsLongAsItIsWaitedFor() throws Exception {
        WsaEvent one = waits.createEvent(true, false);
        WsaEvent two = waits.createEvent(true, false);
        WsaEvent end = waits.createEvent(true, false);
        WsaEvent[] all = {one, two, end};
        Running<Integer> waiting =
                TestThreads.start(() -> waits.waitForMultipleEvents(all, false, Waits.WSA_INFINITE, false))
                        .awaitParked();
        waits.closeEvent(one);
        waits.closeEvent(two);
        assertThat(waits.leaks()).containsExactly(
                new EventLeak(one, true, 1), new EventLeak(two, true, 1), new EventLeak(end, false, 1));
        waits.setEvent(end);
        assertThat(waiting.get()).isEqualTo(2);
        assertThat(waits.leaks()).containsExactly(new EventLeak(end, false, 0));
    }

    @Test
    void nobodyWaitsAnyMoreForTheEventsOfAWaitThatIsOver() throws Exception {
        WsaEvent one = waits.createEvent(true, false);
        WsaEvent two = waits.createEvent(true, false);
        WsaEvent[] both = {one, two};
        for (boolean all : new boolean[] {false, true}) {
            Running<Integer> waiting =
                    TestThreads.start(() -> waits.waitForMultipleEvents(both, all, Waits.WSA_INFINITE, false))
                            .awaitParked();
            waits.setEvent(one);
            waits.setEvent(two);
            assertThat(waiting.get()).isZero();
            assertThat(waits.leaks()).containsExactly(new EventLeak(one, false, 0), new EventLeak(two, false, 0));
            waits.resetEvent(one);
            waits.resetEvent(two);
        }
    }

    @Test
    void anEventThatIsClosedIsLetGo() throws Exception {
        WeakReference<WsaEvent> closed = new WeakReference<>(closedEvent());
        while (closed.get() != null) {
            System.gc();
        }
        assertThat(waits.openEvents()).isZero();
    }

    private WsaEvent closedEvent() throws Exception {
        WsaEvent event = waits.createEvent(true, false);
        waits.closeEvent(event);
        return event;
    }

    @Test
    void aSinkWhoseStackRunsOverIsReportedAndGoesNoFurther() throws Exception {
        StackOverflowError failure = new StackOverflowError("of a sink");
        WsaEvent event = waits.createEvent(() -> {
            throw failure;
        });
        waits.setEvent(event);
        assertThat(reports.failures()).containsExactly(failure);
    }
}
