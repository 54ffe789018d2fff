package org.ws2j.host.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.TestThreads.Running;

@Timeout(30)
final class BriefLockTest {
    private final BriefLock lock = new BriefLock();
    private int counter;

    @Test
    void oneThreadAtATimeIsInside() throws Exception {
        int each = 200_000;
        List<Running<Void>> counting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            counting.add(TestThreads.start(() -> {
                for (int n = 0; n < each; n++) {
                    lock.lock();
                    counter++;
                    lock.unlock();
                }
                return null;
            }));
        }
        for (Running<Void> thread : counting) {
            thread.get();
        }
        assertThat(counter).isEqualTo(4 * each);
    }

    @Test
    void whoFindsTheLockTakenGetsItWhenItIsFreed() throws Exception {
        lock.lock();
        Running<Integer> second = TestThreads.start(() -> {
            lock.lock();
            return counter;
        });
        awaitInside(second.thread());
        counter = 1;
        lock.unlock();
        assertThat(second.get()).isEqualTo(1);
    }

    private static void awaitInside(Thread thread) {
        while (Stream.of(thread.getStackTrace()).noneMatch(f -> f.getClassName().equals(BriefLock.class.getName()))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void freeingWhatNobodyHoldsIsAnError() {
        lock.lock();
        lock.unlock();
        assertThatThrownBy(lock::unlock).isInstanceOf(AssertionError.class);
    }
}
