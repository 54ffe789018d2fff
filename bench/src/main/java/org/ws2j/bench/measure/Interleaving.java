package org.ws2j.bench.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Lets the sides take turns, in another order each round, so that whatever else happens on the machine happens to all of them.
 * Each does as many operations in a turn as the others: what a turn begins with, such as cold caches, or a connection that has
 * to find its pace, is shared by equally many.
 */
public final class Interleaving {
    private static final int MOST_OPERATIONS = 1 << 24;

    // By how much a turn may have more operations, or fewer, than the one before, while it is found how many fit.
    private static final double MOST_GROWING = 2;
    private static final double MOST_SHRINKING = 0.9;

    private final Plan plan;
    private final int mostOperations;
    private final Random random = new Random(1);

    public Interleaving(Plan plan) {
        this(plan, MOST_OPERATIONS);
    }

    /**
     * Limits a turn.
     *
     * @param mostOperations how many operations the sides may be asked for at once
     */
    public Interleaving(Plan plan, int mostOperations) {
        this.plan = plan;
        this.mostOperations = mostOperations;
    }

    /** {@return what the sides took, warmed up before} */
    public Samples run(String name, List<Side> sides) throws Exception {
        return run(name, 0, sides);
    }

    Samples run(String name, int launch, List<Side> sides) throws Exception {
        int operations = warmUp(sides);
        List<Samples.Batch> batches = new ArrayList<>();
        List<Side> order = new ArrayList<>(sides);
        for (int round = 0; round < plan.rounds(); round++) {
            Collections.shuffle(order, random);
            for (Side side : order) {
                batches.add(new Samples.Batch(launch, round, side.name(), operations, time(side, operations)));
            }
        }
        return new Samples(name, batches);
    }

    /**
     * Runs every side, by turns as later, until the compiler has had its time. {@return how many operations of the slowest side fill
     * a turn}
     */
    private int warmUp(List<Side> sides) throws Exception {
        Map<Side, Integer> operations = new LinkedHashMap<>();
        sides.forEach(side -> operations.put(side, 1));
        Duration spent = Duration.ZERO;
        Duration whole = plan.warmUp().multipliedBy(sides.size());
        while (spent.compareTo(whole) < 0) {
            for (Side side : sides) {
                int n = operations.get(side);
                long nanos = time(side, n);
                operations.put(side, fitting(n, nanos));
                spent = spent.plusNanos(nanos);
            }
        }
        return Collections.min(operations.values());
    }

    /** Never by leaps: the first times are those of code that is not compiled yet, and any may be that of a disturbance. */
    private int fitting(int operations, long nanos) {
        double wanted = operations * (double) plan.batch().toNanos() / Math.max(nanos, 1);
        double next = Math.clamp(wanted, operations * MOST_SHRINKING, operations * MOST_GROWING);
        return (int) Math.clamp(next, 1, mostOperations);
    }

    private static long time(Side side, int operations) throws Exception {
        return Math.max(side.time(operations), 1);
    }
}
