package org.ws2j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GoalTest {
    private static final Interval MEASURED = new Interval(0.98, 1.01, 1.04);

    @Test
    void upperEndBelowTheLimitReachesIt() {
        assertThat(Goal.atMost(1.05).judge(MEASURED, 0)).isEqualTo(Verdict.REACHED);
    }

    @Test
    void upperEndAboveTheLimitFallsShortThoughTheMedianIsBelow() {
        assertThat(Goal.atMost(1.03).judge(MEASURED, 0)).isEqualTo(Verdict.FALLS_SHORT);
    }

    @Test
    void halfTheNoiseIsGranted() {
        assertThat(Goal.atMost(1.03).judge(MEASURED, 0.021)).isEqualTo(Verdict.REACHED);
        assertThat(Goal.atMost(1.03).judge(MEASURED, 0.019)).isEqualTo(Verdict.FALLS_SHORT);
    }

    @Test
    void ofARateTheLowerEndIsJudged() {
        assertThat(Goal.atLeast(0.97).judge(MEASURED, 0)).isEqualTo(Verdict.REACHED);
        assertThat(Goal.atLeast(1).judge(MEASURED, 0)).isEqualTo(Verdict.FALLS_SHORT);
        assertThat(Goal.atLeast(1).judge(MEASURED, 0.05)).isEqualTo(Verdict.REACHED);
    }

    @Test
    void countMayBeExactlyTheLimit() {
        assertThat(Goal.atMost(3).judge(Interval.exactly(3), 0)).isEqualTo(Verdict.REACHED);
        assertThat(Goal.atLeast(3).judge(Interval.exactly(3), 0)).isEqualTo(Verdict.REACHED);
    }

    @Test
    void nothingLeavesNoRoomForAnObject() {
        assertThat(Goal.NOTHING.judge(Interval.exactly(16 / 100.0), 0)).isEqualTo(Verdict.FALLS_SHORT);
        assertThat(Goal.NOTHING.judge(Interval.exactly(0.01), 0)).isEqualTo(Verdict.REACHED);
    }

    @Test
    void noiseThatIsLargeDecidesNothing() {
        Interval wide = new Interval(0.5, 2, 4);
        assertThat(Goal.atMost(1.03).judge(wide, 8)).isEqualTo(Verdict.UNDECIDED);
        assertThat(Goal.atLeast(0.8).judge(wide, 8)).isEqualTo(Verdict.UNDECIDED);
        assertThat(Goal.atMost(1.03).judge(wide, 2)).isEqualTo(Verdict.FALLS_SHORT);
        assertThat(Goal.atMost(4.5).judge(wide, 8)).isEqualTo(Verdict.REACHED);
    }

    @Test
    void whatIsNoNumberReachesNothing() {
        Interval none = Interval.exactly(Double.NaN);
        assertThat(Goal.atMost(1).judge(none, 0)).isEqualTo(Verdict.FALLS_SHORT);
        assertThat(Goal.atLeast(1).judge(none, 0)).isEqualTo(Verdict.FALLS_SHORT);
    }

    @Test
    void withoutAGoalThereIsNoVerdict() {
        assertThat(Goal.NONE.judge(MEASURED, 0)).isEqualTo(Verdict.NO_GOAL);
    }
}
