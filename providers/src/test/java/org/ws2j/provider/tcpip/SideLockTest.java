package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lock that a direction of a socket is. */
@Timeout(60)
final class SideLockTest {
    @SuppressWarnings("serial")
    private static final class Owner extends SideLock {
        /** Guarded by the lock. */
        private int count;

        private final AtomicInteger drives = new AtomicInteger();

        /** What whoever is inside waits for. */
        private final Semaphore out = new Semaphore(0);

        /** Opens when somebody is driven out, which then goes on when {@code goOn} opens. */
        private final CountDownLatch isDriving = new CountDownLatch(1);

        private volatile CountDownLatch goOn = new CountDownLatch(0);

        /** Whether somebody was driven out who was not inside, all the time that it took. */
        private volatile boolean missed;

        @Override
        void driveOut() {
            missed |= !isInside();
            drives.incrementAndGet();
            out.release();
            isDriving.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            missed |= !isInside();
        }
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
    void whoWaitsInsideIsDrivenOutByWhoWantsTheLock() throws Exception {
        CountDownLatch isInside = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            lock.lock();
            if (lock.goInside()) {
                isInside.countDown();
                lock.out.acquireUninterruptibly();
                lock.comeOut();
            }
            lock.unlock();
        });
        isInside.await();

        lock.lock();
        lock.unlock();
        holder.join();
        assertThat(lock.drives).hasPositiveValue();
        lock.lock();
        assertThat(lock.isInside()).isFalse();
        lock.unlock();
    }

    @Test
    void nobodyComesOutWhileHeIsDrivenOut() throws Exception {
        lock.goOn = new CountDownLatch(1);
        CountDownLatch isInside = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            lock.lock();
            assertThat(lock.goInside()).isTrue();
            isInside.countDown();
            lock.out.acquireUninterruptibly();
            lock.comeOut();
            lock.unlock();
        });
        isInside.await();
        Thread other = Thread.ofPlatform().start(() -> {
            lock.lock();
            lock.unlock();
        });
        lock.isDriving.await();
        while (holder.getState() != Thread.State.BLOCKED) {
            assertThat(lock.isInside()).isTrue();
        }

        lock.goOn.countDown();
        holder.join();
        other.join();
        assertThat(lock.isInside()).isFalse();
    }

    @Test
    void nobodyGoesInsideWhileAnotherThreadWantsTheLock() throws Exception {
        lock.lock();
        Thread other = Thread.ofPlatform().start(() -> {
            lock.lock();
            lock.unlock();
        });
        while (!lock.hasQueuedThreads()) {
            Thread.onSpinWait();
        }

        assertThat(lock.goInside()).isFalse();
        assertThat(lock.drives).hasValue(0);
        lock.unlock();
        other.join();
        lock.lock();
        assertThat(lock.goInside()).isTrue();
        lock.comeOut();
        lock.unlock();
    }

    @Test
    void whoHoldsItTwiceDoesNotGoInside() {
        lock.lock();
        lock.lock();
        assertThat(lock.goInside()).isFalse();
        lock.unlock();
        assertThat(lock.goInside()).isTrue();
        lock.lock();
        assertThat(lock.isInside()).isTrue();
        lock.unlock();
        lock.comeOut();
        lock.unlock();

        assertThat(lock.isHeldByCurrentThread()).isFalse();
    }

    @Test
    void nobodyIsLeftWaitingWhileOthersGoInAndOut() throws Exception {
        int rounds = 20_000;
        Thread insider = Thread.ofPlatform().start(() -> {
            for (int round = 0; round < rounds; round++) {
                lock.lock();
                lock.out.drainPermits();
                if (lock.goInside()) {
                    if ((round & 1) == 0) { // Otherwise it comes out by itself, while somebody may be about to drive it out.
                        lock.out.acquireUninterruptibly();
                    }
                    lock.comeOut();
                }
                lock.count++;
                lock.unlock();
            }
        });
        while (insider.isAlive()) {
            lock.lock();
            lock.count++;
            lock.count--;
            lock.unlock();
        }

        assertThat(lock.count).isEqualTo(rounds);
        assertThat(lock.missed).isFalse();
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
