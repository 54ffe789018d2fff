package org.ws2j.host.thread;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.ws2j.spi.HostClock;

/** A clock that stands still until a test moves it; threads that park on it wake when their time has passed. */
public final class ManualClock implements HostClock {
    private final AtomicLong now;
    /** The threads that are parked with a limit, and the time until which they are. */
    private final Map<Thread, Long> parked = new ConcurrentHashMap<>();

    public ManualClock() {
        this(0);
    }

    public ManualClock(long startNanos) {
        now = new AtomicLong(startNanos);
    }

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
        // Entered before this look: whoever moves the clock later finds the entry.
        if (until - now.get() > 0) {
            LockSupport.park(blocker);
        }
        parked.remove(Thread.currentThread());
    }

    /** Moves the clock, and wakes those whose time has passed. */
    public void advance(Duration by) {
        long time = now.addAndGet(by.toNanos());
        parked.forEach((thread, until) -> {
            if (until - time <= 0) {
                LockSupport.unpark(thread);
            }
        });
    }

    /** Waits until so many threads are parked with a limit. */
    public void awaitParked(int threads) {
        while (parked.size() != threads) {
            Thread.onSpinWait();
        }
    }
}
