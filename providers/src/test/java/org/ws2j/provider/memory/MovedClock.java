package org.ws2j.provider.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.ws2j.spi.HostClock;

/** A clock that stands still until a test moves it. */
final class MovedClock implements HostClock {
    private final AtomicLong now = new AtomicLong();

    /** The threads that are parked with a limit. */
    private final Map<Thread, Long> parked = new ConcurrentHashMap<>();

    @Override
    public long nanoTime() {
        return now.get();
    }

    @Override
    public long epochNanos() {
        return now.get();
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(blocker);
            return;
        }
        long until = now.get() + nanos;
        parked.put(Thread.currentThread(), until);
        if (until - now.get() > 0) {
            LockSupport.park(blocker);
        }
        parked.remove(Thread.currentThread());
    }

    void advanceMillis(long millis) {
        now.addAndGet(millis * 1_000_000);
        parked.keySet().forEach(LockSupport::unpark);
    }

    /** Waits until a thread is parked with a limit. */
    void awaitParked() {
        while (parked.isEmpty()) {
            Thread.onSpinWait();
        }
    }
}
