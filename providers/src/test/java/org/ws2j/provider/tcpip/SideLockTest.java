package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lock that a direction of a socket is. */
@Timeout(60)
final class SideLockTest {
    @SuppressWarnings("serial")
    private static final class Owner extends SideLock {
        /** Guarded by the lock. */
        private int count;
    }

    private final Owner lock = new Owner();

    private boolean isFreeForOthers() throws InterruptedException {
        List<Boolean> answers = new ArrayList<>();
        Thread.ofPlatform().start(() -> answers.add(lock.tryAcquire(1))).join();
        return answers.getFirst();
    }

    @Test
    void itsHolderMayTakeItAgain() throws Exception {
        lock.lock();
        lock.lock();
        lock.unlock();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        assertThat(isFreeForOthers()).isFalse();
        lock.unlock();

        assertThat(lock.isHeldByCurrentThread()).isFalse();
        assertThat(isFreeForOthers()).isTrue();
    }

    @Test
    void nobodyElseGivesItBack() throws Exception {
        Thread holder = Thread.ofPlatform().start(lock::lock);
        holder.join();

        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
    }

    @Test
    void oneThreadAtATimeHasIt() throws Exception {
        int threads = 4;
        int rounds = 50_000;
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
            started.add(builder.start(() -> {
                for (int round = 0; round < rounds; round++) {
                    lock.lock();
                    try {
                        lock.count++;
                    } finally {
                        lock.unlock();
                    }
                }
            }));
        }
        for (Thread thread : started) {
            thread.join();
        }

        assertThat(lock.count).isEqualTo(threads * rounds);
    }
}
