package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;

/** WPUSetEvent and WPUResetEvent. */
@Timeout(30)
final class WpuSetEventTest {
    private final TwoKinds hosts;

    WpuSetEventTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private boolean signaled(WsaEvent event) throws WinsockException {
        return hosts.winsock.waits().waitForSingleEvent(event, 0, false) == Waits.WSA_WAIT_EVENT_0;
    }

    @Test
    void settingWakesEveryWaiter() throws Exception {
        WsaEvent event = hosts.upcalls.wpuCreateEvent();
        List<Running<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean alertable = i % 2 == 0;
            waiting.add(TestThreads.start(() -> hosts.winsock.waits()
                    .waitForSingleEvent(event, Waits.WSA_INFINITE, alertable)));
        }
        for (Running<Integer> one : waiting) {
            one.awaitParked();
        }
        hosts.upcalls.wpuSetEvent(event);
        for (Running<Integer> one : waiting) {
            assertThat(one.get()).isEqualTo(Waits.WSA_WAIT_EVENT_0);
        }
    }

    @Test
    void anEventStaysSignaledUntilItIsReset() throws Exception {
        WsaEvent event = hosts.upcalls.wpuCreateEvent();
        hosts.upcalls.wpuSetEvent(event);
        hosts.upcalls.wpuSetEvent(event);
        assertThat(signaled(event)).isTrue();
        assertThat(signaled(event)).isTrue();
        hosts.upcalls.wpuResetEvent(event);
        assertThat(signaled(event)).isFalse();
        hosts.upcalls.wpuResetEvent(event);
        assertThat(signaled(event)).isFalse();
    }

    @Test
    void bitZeroNamesTheSameEvent() throws Exception {
        WsaEvent event = hosts.upcalls.wpuCreateEvent();
        hosts.upcalls.wpuSetEvent(event.tagged());
        assertThat(signaled(event)).isTrue();
        assertThat(signaled(event.tagged())).isTrue();
        hosts.upcalls.wpuResetEvent(event.tagged());
        assertThat(signaled(event)).isFalse();
    }

    @Test
    void whatIsNoOpenEventAnswersInvalidHandle() throws Exception {
        WsaEvent closed = hosts.upcalls.wpuCreateEvent();
        hosts.upcalls.wpuCloseEvent(closed);
        try (TwoKinds other = new TwoKinds()) {
            WsaEvent foreign = other.upcalls.wpuCreateEvent();
            for (WsaEvent bad : new WsaEvent[] {null, closed, closed.tagged(), foreign, foreign.tagged()}) {
                assertFails(WSA_INVALID_HANDLE, () -> hosts.upcalls.wpuSetEvent(bad));
                assertFails(WSA_INVALID_HANDLE, () -> hosts.upcalls.wpuResetEvent(bad));
            }
            assertThat(other.winsock.waits().waitForSingleEvent(foreign, 0, false)).isEqualTo(Waits.WSA_WAIT_TIMEOUT);
        }
    }

    @Test
    void anApcMaySetTheEventThatItsOwnThreadWaitsFor() throws Exception {
        WsaEvent event = hosts.upcalls.wpuCreateEvent();
        hosts.upcalls.wpuQueueApc(hosts.upcalls.wpuOpenCurrentThread(), context -> {
            try {
                hosts.upcalls.wpuSetEvent(event);
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        }, null);
        Waits waits = hosts.winsock.waits();
        assertThat(waits.waitForSingleEvent(event, Waits.WSA_INFINITE, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(waits.waitForSingleEvent(event, Waits.WSA_INFINITE, true)).isEqualTo(Waits.WSA_WAIT_EVENT_0);
        assertThat(hosts.reports().failures()).isEmpty();
    }
}
