package org.ws2j.bench.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.Selector;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere nobody tells how often a thread has run")
final class SelectingThreadTest {
    private static final int MILLISECONDS = 200;
    private static final long NANOS = 100_000;

    @Test
    void threadThatNobodyWakesDoesNotRun() throws Exception {
        try (Selector selector = Selector.open()) {
            SelectingThread thread = SelectingThread.start(selector);
            try {
                assertThat(thread.runsIn(MILLISECONDS)).isZero();
            } finally {
                thread.end();
            }
        }
    }

    @Test
    void eachWakeUpIsSeen() throws Exception {
        try (Selector selector = Selector.open()) {
            SelectingThread thread = SelectingThread.start(selector);
            AtomicBoolean isDone = new AtomicBoolean();
            Thread waker = Thread.ofPlatform().start(() -> wake(selector, isDone));
            try {
                assertThat(thread.runsIn(MILLISECONDS)).isPositive();
            } finally {
                isDone.set(true);
                waker.join();
                thread.end();
            }
        }
    }

    private static void wake(Selector selector, AtomicBoolean isDone) {
        while (!isDone.get()) {
            selector.wakeup();
            LockSupport.parkNanos(NANOS);
        }
    }
}
