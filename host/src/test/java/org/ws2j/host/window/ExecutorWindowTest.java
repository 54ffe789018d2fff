package org.ws2j.host.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.SystemClock;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.WindowHandle;

@Timeout(30)
final class ExecutorWindowTest {
    private final Reports reports = new Reports();
    private final HostThreads threads = new HostThreads(new SystemClock(), reports);
    private final MessageQueues windows = new MessageQueues(threads, 100);
    private final List<Integer> handled = new ArrayList<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private boolean post(WindowHandle window, int number) {
        return windows.postMessage(window, number, null, 0);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void theExecutorHandlesInOrder() throws Exception {
        WindowHandle window = windows.createWindow(tasks::add, message -> handled.add(message.number()));
        post(window, 1);
        post(window, 2);
        assertThat(handled).isEmpty();
        runTasks();
        post(window, 3);
        runTasks();
        assertThat(handled).containsExactly(1, 2, 3);
        assertThat(windows.peekMessage(false)).as("nothing in the queue of the thread").isNull();
    }

    @Test
    void anExecutorOnThePostingThreadHandlesWithinThePost() throws Exception {
        WindowHandle window = windows.createWindow(Runnable::run, message -> handled.add(message.number()));
        post(window, 1);
        assertThat(handled).containsExactly(1);
    }

    @Test
    void aPostFromInsideTheHandlerQueues() throws Exception {
        WindowHandle[] window = new WindowHandle[1];
        AtomicInteger depth = new AtomicInteger();
        window[0] = windows.createWindow(Runnable::run, message -> {
            assertThat(depth.incrementAndGet()).isEqualTo(1);
            if (message.number() < 50_000) {
                post(window[0], message.number() + 1);
            }
            handled.add(message.number());
            depth.decrementAndGet();
        });
        post(window[0], 1);
        assertThat(handled).hasSize(50_000).isSorted();
        assertThat(reports.failures()).isEmpty();
    }

    @Test
    void oneMessageAtATimeInOrderWhateverTheExecutor() throws Exception {
        int count = 20_000;
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(count);
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            WindowHandle window = windows.createWindow(pool, message -> {
                overlaps.addAndGet(atOnce.getAndIncrement());
                handled.add(message.number());
                atOnce.decrementAndGet();
                done.countDown();
            });
            for (int i = 0; i < count; i++) {
                while (!post(window, i)) {
                    Thread.onSpinWait();
                }
            }
            done.await();
        }
        assertThat(overlaps).hasValue(0);
        assertThat(handled).hasSize(count).isSorted();
    }

    @Test
    void whatAHandlerThrowsIsReportedAndTheNextMessageIsHandled() throws Exception {
        IllegalStateException failure = new IllegalStateException("of a handler");
        WindowHandle window = windows.createWindow(tasks::add, message -> {
            handled.add(message.number());
            if (message.number() == 1) {
                throw failure;
            }
        });
        post(window, 1);
        post(window, 2);
        runTasks();
        assertThat(reports.failures()).containsExactly(failure);
        assertThat(handled).containsExactly(1, 2);
    }

    @Test
    void aVirtualMachineErrorOfAHandlerIsRethrownAndTheWindowWorksOn() throws Exception {
        WindowHandle window = windows.createWindow(tasks::add, message -> {
            if (message.number() == 1) {
                throw new InternalError("of a handler");
            }
            handled.add(message.number());
        });
        post(window, 1);
        post(window, 2);
        assertThatThrownBy(this::runTasks).isInstanceOf(InternalError.class);
        post(window, 3);
        runTasks();
        assertThat(handled).containsExactly(2, 3);
    }

    @Test
    void anExecutorThatRefusesMakesThePostFail() throws Exception {
        RejectedExecutionException refusal = new RejectedExecutionException("shut down");
        AtomicInteger refusals = new AtomicInteger(1);
        WindowHandle window = windows.createWindow(task -> {
            if (refusals.getAndDecrement() > 0) {
                throw refusal;
            }
            task.run();
        }, message -> handled.add(message.number()));
        assertThat(post(window, 1)).isFalse();
        assertThat(reports.failures()).containsExactly(refusal);
        assertThat(post(window, 2)).isTrue();
        assertThat(handled).containsExactly(2);
    }

    @Test
    void anExecutorThatFailsAfterItRanTheTaskLosesNothing() throws Exception {
        IllegalStateException failure = new IllegalStateException("of an executor");
        WindowHandle window = windows.createWindow(task -> {
            task.run();
            throw failure;
        }, message -> handled.add(message.number()));
        assertThat(post(window, 1)).isTrue();
        assertThat(handled).containsExactly(1);
        assertThat(reports.failures()).containsExactly(failure);
    }

    @Test
    void aTaskThatIsRunTwiceHandlesNothingTwice() throws Exception {
        WindowHandle window = windows.createWindow(tasks::add, message -> handled.add(message.number()));
        post(window, 1);
        Runnable task = tasks.remove();
        task.run();
        post(window, 2);
        task.run();
        assertThat(handled).containsExactly(1);
        runTasks();
        assertThat(handled).containsExactly(1, 2);
    }

    @Test
    void aFullQueueRefuses() throws Exception {
        WindowHandle window = windows.createWindow(tasks::add, message -> handled.add(message.number()));
        for (int i = 0; i < 100; i++) {
            assertThat(post(window, i)).isTrue();
        }
        assertThat(post(window, 100)).isFalse();
        runTasks();
        assertThat(post(window, 101)).isTrue();
    }

    @Test
    void messagesOfADestroyedWindowAreDropped() throws Exception {
        WindowHandle window = windows.createWindow(tasks::add, message -> handled.add(message.number()));
        post(window, 1);
        windows.destroyWindow(window);
        assertThat(post(window, 2)).isFalse();
        runTasks();
        assertThat(handled).isEmpty();
    }

    @Test
    void aHandlerMayDestroyItsWindow() throws Exception {
        WindowHandle[] window = new WindowHandle[1];
        window[0] = windows.createWindow(tasks::add, message -> {
            handled.add(message.number());
            windows.destroyAll();
        });
        post(window[0], 1);
        post(window[0], 2);
        runTasks();
        assertThat(handled).containsExactly(1);
        assertThat(windows.isWindow(window[0])).isFalse();
    }

    @Test
    void theWindowOutlivesTheThreadThatCreatedIt() throws Exception {
        Running<WindowHandle> creating = TestThreads.start(
                () -> windows.createWindow(tasks::add, message -> handled.add(message.number())));
        WindowHandle window = creating.ended();
        assertThat(post(window, 1)).isTrue();
        runTasks();
        assertThat(handled).containsExactly(1);
        assertThat(windows.openWindows()).isEqualTo(1);
    }

    @Test
    void nullExecutorOrProcedureAnswersFault() {
        assertFails(WSAEFAULT, () -> windows.createWindow(null, message -> {
        }));
        assertFails(WSAEFAULT, () -> windows.createWindow(Runnable::run, null));
    }

    @Test
    void aHandlerWhoseStackRunsOverIsReportedAndTheNextMessageIsHandled() throws Exception {
        StackOverflowError failure = new StackOverflowError("of a handler");
        WindowHandle window = windows.createWindow(Runnable::run, message -> {
            handled.add(message.number());
            if (message.number() == 1) {
                throw failure;
            }
        });
        post(window, 1);
        post(window, 2);
        assertThat(reports.failures()).containsExactly(failure);
        assertThat(handled).containsExactly(1, 2);
    }

    @Test
    void anExecutorWhoseStackRunsOverMakesThePostFail() throws Exception {
        StackOverflowError failure = new StackOverflowError("of an executor");
        WindowHandle window = windows.createWindow(task -> {
            throw failure;
        }, message -> handled.add(message.number()));
        assertThat(post(window, 1)).isFalse();
        assertThat(reports.failures()).containsExactly(failure);
    }

    @Test
    void aMessageThatComesTooLateIsTakenBack() throws Exception {
        WindowHandle window = windows.createWindow(tasks::add, message -> handled.add(message.number()));
        assertThat(windows.postMessage(window, 1, null, 0, () -> false)).isFalse();
        post(window, 2);
        runTasks();
        assertThat(handled).containsExactly(2);
    }
}
