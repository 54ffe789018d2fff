package org.ws2j.bench.measure;

import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The interval of a median by the bootstrap: the median is taken of many samples, as large as the one that was measured and
 * drawn from it with replacement; the middle 95 % of these medians are the interval.
 */
public final class Bootstrap {
    private static final int RESAMPLES = 4_000;
    private static final double TAIL = 0.025;

    /** The same sample always gives the same interval. */
    private static final long SEED = 20_260_101;

    private Bootstrap() {}

    /** {@return the median of a sample with its interval} */
    public static Interval ofMedian(double[] sample) {
        if (sample.length == 0) {
            throw new IllegalArgumentException("no median of an empty sample");
        }
        RandomGenerator random = new Random(SEED);
        double[] medians = new double[RESAMPLES];
        double[] drawn = new double[sample.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < drawn.length; j++) {
                drawn[j] = sample[random.nextInt(sample.length)];
            }
            medians[i] = median(drawn);
        }
        Arrays.sort(medians);
        return new Interval(quantile(medians, TAIL), median(sample), quantile(medians, 1 - TAIL));
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
