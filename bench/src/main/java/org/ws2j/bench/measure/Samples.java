package org.ws2j.bench.measure;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came out of one comparison.
 *
 * @param name what was compared
 * @param batches every turn of every side, in the order of time
 */
public record Samples(String name, List<Batch> batches) {
    /**
     * One turn of a side.
     *
     * @param launch which launch of the sides it belongs to, from 0
     * @param round which round of that, from 0
     * @param side the name of the side
     * @param operations how many operations it did
     * @param nanos how long they took together
     */
    public record Batch(int launch, int round, String side, int operations, long nanos) {
        public double nanosPerOperation() {
            return (double) nanos / operations;
        }
    }

    public Samples {
        batches = List.copyOf(batches);
    }

    /** {@return the samples of several launches of the same sides, as one comparison} */
    static Samples joined(String name, List<Samples> launches) {
        return new Samples(name, launches.stream().flatMap(s -> s.batches.stream()).toList());
    }

    /** {@return those of each launch} */
    public List<Samples> launches() {
        return batches.stream().collect(Collectors.groupingBy(Batch::launch, TreeMap::new, Collectors.toList()))
                .values().stream().map(some -> new Samples(name, some)).toList();
    }

    /** {@return the nanoseconds per operation of a side, launch by launch and round by round} */
    public double[] nanos(String side) {
        double[] found = batches.stream().filter(b -> b.side().equals(side))
                .mapToDouble(Batch::nanosPerOperation).toArray();
        if (found.length == 0) {
            throw new IllegalArgumentException("no side " + side + " in " + name);
        }
        return found;
    }

    /** {@return the median of a side's nanoseconds per operation} */
    public double medianNanos(String side) {
        return Bootstrap.median(nanos(side));
    }

    /** {@return time of a side by time of a reference, in the same round: 1 is equal, less is faster} */
    public Interval timeRatio(String side, String reference) {
        return paired(side, reference, (a, b) -> a / b);
    }

    /** {@return rate of a side by rate of a reference, in the same round: 1 is equal, more is faster} */
    public Interval rateRatio(String side, String reference) {
        return paired(side, reference, (a, b) -> b / a);
    }

    /** {@return nanoseconds that a side takes more than a reference, in the same round, by a number of layers or calls} */
    public Interval excess(String side, String reference, int parts) {
        return paired(side, reference, (a, b) -> (a - b) / parts);
    }

    private interface Pairing {
        double of(double side, double reference);
    }

    private Interval paired(String side, String reference, Pairing pairing) {
        return Bootstrap.ofMedian(launches().stream().map(s -> s.pairs(side, reference, pairing)).toList());
    }

    private double[] pairs(String side, String reference, Pairing pairing) {
        double[] a = nanos(side);
        double[] b = nanos(reference);
        double[] pairs = new double[a.length];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = pairing.of(a[i], b[i]);
        }
        return pairs;
    }
}
