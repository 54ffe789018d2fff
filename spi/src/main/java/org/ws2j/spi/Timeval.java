package org.ws2j.spi;

import java.time.Duration;

/**
 * A timeval, as select takes it; values out of range are select's to refuse.
 *
 * @param tvSec seconds
 * @param tvUsec microseconds, 0 to 999,999
 */
public record Timeval(int tvSec, int tvUsec) {
    /** Do not wait at all. */
    public static final Timeval POLL = new Timeval(0, 0);

    /**
     * Makes one from a duration.
     *
     * @param duration the duration; what is finer than a microsecond is dropped, more seconds than fit become the largest
     *     number that fits
     * @return the timeval
     */
    public static Timeval of(Duration duration) {
        return new Timeval(
                Math.clamp(duration.getSeconds(), Integer.MIN_VALUE, Integer.MAX_VALUE), duration.getNano() / 1_000);
    }

    /** {@return whether select accepts it: no member negative, less than a second of microseconds} */
    public boolean isValid() {
        return tvSec >= 0 && tvUsec >= 0 && tvUsec < 1_000_000;
    }

    /** {@return the time in nanoseconds} */
    public long toNanos() {
        return tvSec * 1_000_000_000L + tvUsec * 1_000L;
    }
}
