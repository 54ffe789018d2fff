package org.ws2j.conformance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How long anything may last before it counts as hanging. No check waits that long when all is well. */
final class Bound {
    /** For one wait. */
    static final long WAIT_MILLIS = 10_000;

    /** For one check with all its waits, after which it is given up. */
    static final Duration CHECK = Duration.ofSeconds(30);

    private static final long LOOK_AGAIN_NANOS = 20_000;

    private Bound() {}

    /** Waits for what nobody tells of. */
    static void until(Supplier<String> what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > Duration.ofMillis(WAIT_MILLIS).toNanos()) {
                throw new AssertionError("waited for " + WAIT_MILLIS + " ms in vain: " + what.get());
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}
