package org.ws2j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BootstrapTest {
    @Test
    void medianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Bootstrap.median(new double[] {9, 1, 5})).isEqualTo(5);
    }

    @Test
    void medianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Bootstrap.median(new double[] {9, 1, 5, 6})).isEqualTo(5.5);
    }

    @Test
    void medianLeavesTheSampleAsItWas() {
        double[] sample = {3, 1, 2};
        Bootstrap.median(sample);
        assertThat(sample).containsExactly(3, 1, 2);
    }

    @Test
    void intervalOfEqualValuesHasNoWidth() {
        assertThat(Bootstrap.ofMedian(new double[] {7, 7, 7})).isEqualTo(Interval.exactly(7));
    }

    @Test
    void intervalOfOneValueIsThatValue() {
        assertThat(Bootstrap.ofMedian(new double[] {7})).isEqualTo(Interval.exactly(7));
    }

    @Test
    void intervalHoldsTheMedianAndLiesInsideTheSample() {
        Interval interval = Bootstrap.ofMedian(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 100});
        assertThat(interval.median()).isEqualTo(5.5);
        assertThat(interval.low()).isBetween(1.0, 5.5);
        assertThat(interval.high()).isBetween(5.5, 100.0);
    }

    @Test
    void outliersHardlyMoveTheInterval() {
        double[] calm = normal(101, 4);
        double[] disturbed = calm.clone();
        disturbed[0] = 1e9;
        disturbed[1] = 1e9;
        Interval interval = Bootstrap.ofMedian(disturbed);
        assertThat(interval.high()).isLessThan(Bootstrap.ofMedian(calm).high() + 0.2);
    }

    /** 95 % is what an interval promises; of 100 samples that is 95, and hardly ever fewer than 86. */
    @Test
    void intervalHoldsTheTrueMedianAsOftenAsItSays() {
        int hits = 0;
        for (int seed = 0; seed < 100; seed++) {
            Interval interval = Bootstrap.ofMedian(normal(51, seed));
            if (interval.low() <= 10 && interval.high() >= 10) {
                hits++;
            }
        }
        assertThat(hits).isBetween(86, 100);
    }

    @Test
    void moreRoundsMakeTheIntervalNarrower() {
        assertThat(Bootstrap.ofMedian(normal(1_001, 1)).width()).isLessThan(Bootstrap.ofMedian(normal(21, 1)).width());
    }

    @Test
    void medianOfSeveralLaunchesIsThatOfAllTheirSamples() {
        assertThat(Bootstrap.ofMedian(List.of(new double[] {1, 2, 3}, new double[] {9, 9})).median()).isEqualTo(3);
    }

    /** Each launch has a luck of its own: as many samples of one launch as there are of all would claim to know better. */
    @Test
    void intervalHoldsTheTrueMedianWhereLaunchesDifferMoreThanTheirRounds() {
        int hits = 0;
        for (int seed = 0; seed < 100; seed++) {
            Random lucks = new Random(seed);
            List<double[]> launches = IntStream.range(0, 10)
                    .mapToObj(_ -> lucks.nextGaussian())
                    .map(luck -> lucks.doubles(20).map(x -> 10 + luck + (x - 0.5) / 10).toArray()).toList();
            Interval interval = Bootstrap.ofMedian(launches);
            if (interval.low() <= 10 && interval.high() >= 10) {
                hits++;
            }
        }
        assertThat(hits).isBetween(86, 100);
    }

    @Test
    void launchWithoutSamplesHasNoMedian() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bootstrap.ofMedian(List.of(new double[] {1}, new double[0])));
        assertThatIllegalArgumentException().isThrownBy(() -> Bootstrap.ofMedian(List.of()));
    }

    @Test
    void emptySampleHasNoMedian() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bootstrap.ofMedian(new double[0]));
    }

    private static double[] normal(int size, long seed) {
        return new Random(seed).doubles(size).map(x -> 10 + (x - 0.5)).toArray();
    }
}
