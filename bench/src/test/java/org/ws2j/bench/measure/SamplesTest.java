package org.ws2j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SamplesTest {
    @Test
    void ratioIsTakenRoundByRound() {
        // Both sides get slower and slower together, as on a machine that somebody else begins to use.
        Samples samples = samples(new long[] {200, 2_000, 20_000}, new long[] {100, 1_000, 10_000});
        assertThat(samples.timeRatio("ours", "reference")).isEqualTo(Interval.exactly(2));
        assertThat(samples.rateRatio("ours", "reference")).isEqualTo(Interval.exactly(0.5));
    }

    @Test
    void excessIsSharedByTheParts() {
        Samples samples = samples(new long[] {160, 1_060}, new long[] {100, 1_000});
        assertThat(samples.excess("ours", "reference", 3)).isEqualTo(Interval.exactly(2));
    }

    @Test
    void timesAreThoseOfOneOperation() {
        assertThat(samples(new long[] {200}, new long[] {100}).nanos("ours")).containsExactly(20);
    }

    @Test
    void unknownSideIsRefused() {
        Samples samples = samples(new long[] {200}, new long[] {100});
        assertThatIllegalArgumentException().isThrownBy(() -> samples.nanos("theirs")).withMessageContaining("theirs");
    }

    @Test
    void turnsOfDifferentLaunchesAreNotCompared() {
        Samples first = samples(0, new long[] {200, 200}, new long[] {100, 100});
        Samples second = samples(1, new long[] {60}, new long[] {30});
        Samples both = Samples.joined("comparison", List.of(first, second));
        assertThat(both.timeRatio("ours", "reference")).isEqualTo(Interval.exactly(2));
        assertThat(both.launches()).containsExactly(first, second);
    }

    @Test
    void whatEachLaunchSaysOtherwiseIsUncertainHoweverOftenItSaysIt() {
        long[] ones = LongStream.generate(() -> 10).limit(50).toArray();
        long[] threes = LongStream.generate(() -> 30).limit(51).toArray();
        Samples both = Samples.joined("comparison",
                List.of(samples(0, ones, ones), samples(1, threes, LongStream.generate(() -> 10).limit(51).toArray())));
        assertThat(both.timeRatio("ours", "reference")).isEqualTo(new Interval(1, 3, 3));
    }

    /** Ten operations in each turn. */
    private static Samples samples(long[] ours, long[] reference) {
        return samples(0, ours, reference);
    }

    private static Samples samples(int launch, long[] ours, long[] reference) {
        List<Samples.Batch> batches = new ArrayList<>();
        for (int round = 0; round < ours.length; round++) {
            batches.add(new Samples.Batch(launch, round, "reference", 10, reference[round]));
            batches.add(new Samples.Batch(launch, round, "ours", 10, ours[round]));
        }
        return new Samples("comparison", batches);
    }
}
