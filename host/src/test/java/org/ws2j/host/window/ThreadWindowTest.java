package org.ws2j.host.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.Waits.WSA_INFINITE;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.ManualClock;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WsaError;

@Timeout(30)
final class ThreadWindowTest {
    private final ManualClock clock = new ManualClock();
    private final HostThreads threads = new HostThreads(clock, new Reports());
    private final MessageQueues windows = new MessageQueues(threads, MessageQueues.DEFAULT_LIMIT);
    private final List<Message> handled = new ArrayList<>();
    private final BlockingQueue<WindowHandle> created = new LinkedBlockingQueue<>();

    private Running<Message> waiting(long timeoutMillis) throws Exception {
        Running<Message> waiting = TestThreads.start(() -> {
            created.add(windows.createWindow(handled::add));
            return windows.getMessage(timeoutMillis);
        });
        return waiting.awaitParked();
    }

    @Test
    void postingQueuesAndDispatchingHandles() throws Exception {
        WindowHandle window = windows.createWindow(handled::add);
        long reply = NetworkEvent.makeSelectReply(NetworkEvent.FD_CLOSE, WsaError.WSAECONNRESET.code());
        assertThat(windows.postMessage(window, Message.WM_USER, "socket", reply)).isTrue();
        assertThat(handled).isEmpty();
        Message message = windows.getMessage(0);
        assertThat(message).isEqualTo(new Message(window, Message.WM_USER, "socket", 0x27460020L));
        windows.dispatchMessage(message);
        assertThat(handled).containsExactly(message);
    }

    @Test
    void allWindowsOfAThreadShareItsQueueInOrder() throws Exception {
        WindowHandle one = windows.createWindow(handled::add);
        WindowHandle two = windows.createWindow(handled::add);
        windows.postMessage(one, 1, null, 0);
        windows.postMessage(two, 2, null, 0);
        windows.postMessage(one, 3, null, 0);
        assertThat(windows.getMessage(0).number()).isEqualTo(1);
        assertThat(windows.getMessage(0).number()).isEqualTo(2);
        assertThat(windows.getMessage(0).number()).isEqualTo(3);
        assertThat(windows.getMessage(0)).isNull();
    }

    @Test
    void peekingTakesOnlyIfAsked() throws Exception {
        WindowHandle window = windows.createWindow(handled::add);
        assertThat(windows.peekMessage(true)).isNull();
        windows.postMessage(window, 1, null, 0);
        assertThat(windows.peekMessage(false).number()).isEqualTo(1);
        assertThat(windows.peekMessage(true).number()).isEqualTo(1);
        assertThat(windows.peekMessage(false)).isNull();
    }

    @Test
    void aMessageWakesTheThreadOfItsWindow() throws Exception {
        Running<Message> waiting = waiting(WSA_INFINITE);
        windows.postMessage(created.take(), 7, null, 0);
        assertThat(waiting.get().number()).isEqualTo(7);
    }

    @Test
    void gettingAMessageTimesOutWithNone() throws Exception {
        Running<Message> waiting = waiting(10);
        clock.advance(Duration.ofMillis(9));
        waiting.awaitParked();
        clock.advance(Duration.ofMillis(1));
        assertThat(waiting.get()).isNull();
        assertThatThrownBy(() -> windows.getMessage(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anInterruptNeitherEndsTheWaitNorIsLost() throws Exception {
        Running<Boolean> waiting = TestThreads.start(() -> {
            created.add(windows.createWindow(handled::add));
            Thread.currentThread().interrupt();
            return windows.getMessage(WSA_INFINITE) != null && Thread.interrupted();
        }).awaitParked();
        windows.postMessage(created.take(), 1, null, 0);
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void waitingForAMessageRunsNoProcedure() throws Exception {
        Running<Message> waiting = TestThreads.start(() -> {
            created.add(windows.createWindow(handled::add));
            threads.queueApc(threads.current().implicitId(), context -> handled.add(null), null);
            return windows.getMessage(WSA_INFINITE);
        }).awaitParked();
        windows.postMessage(created.take(), 1, null, 0);
        assertThat(waiting.get().number()).isEqualTo(1);
        assertThat(handled).isEmpty();
    }

    @Test
    void aFullQueueRefuses() throws Exception {
        MessageQueues small = new MessageQueues(threads, 2);
        WindowHandle one = small.createWindow(handled::add);
        WindowHandle two = small.createWindow(handled::add);
        assertThat(small.postMessage(one, 1, null, 0)).isTrue();
        assertThat(small.postMessage(two, 2, null, 0)).isTrue();
        assertThat(small.postMessage(one, 3, null, 0)).isFalse();
        assertThat(small.getMessage(0).number()).isEqualTo(1);
        assertThat(small.postMessage(one, 4, null, 0)).isTrue();
        assertThatThrownBy(() -> new MessageQueues(threads, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDefaultLimitIsTenThousandMessages() throws Exception {
        WindowHandle window = windows.createWindow(handled::add);
        for (int i = 0; i < 10_000; i++) {
            assertThat(windows.postMessage(window, i, null, 0)).isTrue();
        }
        assertThat(windows.postMessage(window, 10_000, null, 0)).isFalse();
    }

    @Test
    void messagesOfADestroyedWindowAreDropped() throws Exception {
        WindowHandle destroyed = windows.createWindow(handled::add);
        WindowHandle kept = windows.createWindow(handled::add);
        windows.postMessage(destroyed, 1, null, 0);
        windows.postMessage(kept, 2, null, 0);
        windows.postMessage(destroyed, 3, null, 0);
        Message taken = windows.peekMessage(true);
        windows.destroyWindow(destroyed);
        windows.dispatchMessage(taken);
        assertThat(handled).isEmpty();
        assertThat(windows.getMessage(0).number()).isEqualTo(2);
        assertThat(windows.getMessage(0)).isNull();
    }

    @Test
    void whatIsNotAWindowIsRefused() throws Exception {
        WindowHandle destroyed = windows.createWindow(handled::add);
        windows.destroyWindow(destroyed);
        MessageQueues otherHost = new MessageQueues(threads, 10);
        WindowHandle foreign = otherHost.createWindow(handled::add);
        for (WindowHandle bad : new WindowHandle[] {null, destroyed, foreign}) {
            assertThat(windows.isWindow(bad)).isFalse();
            assertThat(windows.postMessage(bad, 1, null, 0)).isFalse();
            assertFails(WSA_INVALID_HANDLE, () -> windows.destroyWindow(bad));
            windows.dispatchMessage(new Message(bad, 1, null, 0));
        }
        windows.dispatchMessage(null);
        assertThat(handled).isEmpty();
        assertThat(otherHost.isWindow(foreign)).isTrue();
    }

    @Test
    void aNullProcedureAnswersFault() {
        assertFails(WSAEFAULT, () -> windows.createWindow(null));
    }

    @Test
    void aWindowGoesWithItsThread() throws Exception {
        WindowHandle window = TestThreads.start(() -> windows.createWindow(handled::add)).ended();
        assertThat(windows.isWindow(window)).isFalse();
        assertThat(windows.postMessage(window, 1, null, 0)).isFalse();
        assertThat(windows.openWindows()).isZero();
    }

    @Test
    void whatAProcedureThrowsReachesTheThreadThatDispatches() throws Exception {
        IllegalStateException failure = new IllegalStateException("of a window procedure");
        WindowHandle window = windows.createWindow(message -> {
            throw failure;
        });
        windows.postMessage(window, 1, null, 0);
        assertThatThrownBy(() -> windows.dispatchMessage(windows.getMessage(0))).isSameAs(failure);
    }

    @Test
    void destroyingAllLeavesNoWindowAndNoMessage() throws Exception {
        WindowHandle window = windows.createWindow(handled::add);
        windows.createWindow(Runnable::run, handled::add);
        windows.postMessage(window, 1, null, 0);
        assertThat(windows.openWindows()).isEqualTo(2);
        windows.destroyAll();
        assertThat(windows.openWindows()).isZero();
        assertThat(windows.isWindow(window)).isFalse();
        assertThat(windows.peekMessage(false)).isNull();
    }

    @Test
    void windowsOfManyEndedThreadsAreSweptWithoutBeingCounted() throws Exception {
        for (int i = 0; i < 200; i++) {
            TestThreads.startVirtual(() -> windows.createWindow(handled::add)).ended();
        }
        windows.createWindow(handled::add);
        assertThat(windows.openWindows()).isEqualTo(1);
    }

    @Test
    void noMessageIsLostBetweenPostersAndThePump() throws Exception {
        int each = 20_000;
        Running<Integer> pump = TestThreads.startVirtual(() -> {
            created.add(windows.createWindow(handled::add));
            int sum = 0;
            for (int i = 0; i < 2 * each; i++) {
                sum += windows.getMessage(WSA_INFINITE).number();
            }
            return sum;
        });
        WindowHandle window = created.take();
        List<Running<Void>> posters = new ArrayList<>();
        for (int p = 0; p < 2; p++) {
            posters.add(TestThreads.start(() -> {
                for (int i = 0; i < each; i++) {
                    while (!windows.postMessage(window, 1, null, 0)) {
                        Thread.onSpinWait();
                    }
                }
                return null;
            }));
        }
        for (Running<Void> poster : posters) {
            poster.get();
        }
        assertThat(pump.get()).isEqualTo(2 * each);
    }

    @Test
    void aMessageThatComesTooLateIsTakenBack() throws Exception {
        WindowHandle window = windows.createWindow(handled::add);
        assertThat(windows.postMessage(window, 1, null, 0)).isTrue();
        assertThat(windows.postMessage(window, 1, null, 0, () -> false)).isFalse();
        assertThat(windows.getMessage(0)).isNotNull();
        assertThat(windows.getMessage(0)).isNull();
    }
}
