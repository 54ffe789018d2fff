package org.ws2j.bench.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The interval of a median by the bootstrap: the median is taken of many samples, as large as the one that was measured and
 * drawn from it with replacement; the middle 95 % of these medians are the interval. A sample of several launches is drawn
 * launch by launch, and then from these: what is the same all through a launch is no more certain for having been seen often.
 */
public final class Bootstrap {
    private static final int RESAMPLES = 4_000;
    private static final double TAIL = 0.025;

    /** The same sample always gives the same interval. */
    private static final long SEED = 20_260_101;

    private Bootstrap() {}

    /** {@return the median of a sample with its interval} */
    public static Interval ofMedian(double[] sample) {
        return ofMedian(List.of(sample));
    }

    /** {@return the median of all samples of some launches together, with its interval} */
    static Interval ofMedian(List<double[]> launches) {
        if (launches.isEmpty() || launches.stream().anyMatch(sample -> sample.length == 0)) {
            throw new IllegalArgumentException("no median of an empty sample");
        }
        RandomGenerator random = new Random(SEED);
        double[] medians = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            medians[i] = median(drawn(launches, random));
        }
        Arrays.sort(medians);
        double[] all = launches.stream().flatMapToDouble(Arrays::stream).toArray();
        return new Interval(quantile(medians, TAIL), median(all), quantile(medians, 1 - TAIL));
    }

    private static double[] drawn(List<double[]> launches, RandomGenerator random) {
        return IntStream.range(0, launches.size())
                .mapToObj(_ -> launches.get(random.nextInt(launches.size())))
                .flatMapToDouble(sample -> IntStream.range(0, sample.length)
                        .mapToDouble(_ -> sample[random.nextInt(sample.length)]))
                .toArray();
    }

    /** {@return the median; of an even number of values the mean of the two in the middle} */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double quantile(double[] sorted, double q) {
        return sorted[(int) Math.round(q * (sorted.length - 1))];
    }
}
