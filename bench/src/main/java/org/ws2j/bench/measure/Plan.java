package org.ws2j.bench.measure;

import java.time.Duration;

/**
 * How long is measured.
 *
 * @param warmUp how long each side runs before anything is measured
 * @param batch how long one turn of a side is to take
 * @param rounds how many turns each side has
 * @param launches how many JVMs, one after the other, share the rounds of a side that has a JVM of its own
 * @param sockets how many sockets are many
 * @param isQuick whether this only shows that everything works: the figures mean nothing
 */
public record Plan(Duration warmUp, Duration batch, int rounds, int launches, int sockets, boolean isQuick) {
    /** What gives honest figures on a quiet machine. */
    public static final Plan FULL = new Plan(Duration.ofSeconds(3), Duration.ofMillis(20), 101, 10, 100_000, false);

    /** What shows that everything works. */
    public static final Plan QUICK = new Plan(Duration.ofMillis(20), Duration.ofMillis(1), 7, 1, 1_000, true);

    /** {@return that of one launch: its share of the rounds, rounded up} */
    public Plan ofLaunch() {
        return withRounds(Math.ceilDiv(rounds, launches));
    }

    /** {@return the same with another number of launches} */
    public Plan withLaunches(int newLaunches) {
        return new Plan(warmUp, batch, rounds, newLaunches, sockets, isQuick);
    }

    /** {@return the same with another number of rounds} */
    public Plan withRounds(int newRounds) {
        return new Plan(warmUp, batch, newRounds, launches, sockets, isQuick);
    }
}
