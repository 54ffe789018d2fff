package org.ws2j.bench.measure;

/**
 * What a figure is to reach.
 *
 * @param kind which way is better
 * @param limit the figure
 */
public record Goal(Kind kind, double limit) {
    /** Which way is better. */
    public enum Kind {
        AT_MOST,
        AT_LEAST,
        NONE
    }

    private static final double MOST_GRANTED = 0.1;

    /** A figure without a goal. */
    public static final Goal NONE = new Goal(Kind.NONE, Double.NaN);

    /**
     * Nothing at all. What allocates allocates 16 bytes or more, so less than a tenth of a byte is what the measuring itself
     * leaves behind.
     */
    public static final Goal NOTHING = atMost(0.1);

    public static Goal atMost(double limit) {
        return new Goal(Kind.AT_MOST, limit);
    }

    public static Goal atLeast(double limit) {
        return new Goal(Kind.AT_LEAST, limit);
    }

    /**
     * Judges a figure: its interval's worse end must be better than the limit, with half the width of the A/A interval
     * granted, for so much is noise. Where only a grant of more than a tenth of the limit makes it so, nothing is decided.
     *
     * @param measured the figure
     * @param noise the width of the A/A interval; 0 where there is none
     */
    public Verdict judge(Interval measured, double noise) {
        if (kind == Kind.NONE) {
            return Verdict.NO_GOAL;
        }
        if (reaches(measured, 0)) {
            return Verdict.REACHED;
        }
        if (reaches(measured, noise / 2)) {
            return noise / 2 > MOST_GRANTED * limit ? Verdict.UNDECIDED : Verdict.REACHED;
        }
        return Verdict.FALLS_SHORT;
    }

    private boolean reaches(Interval measured, double granted) {
        return kind == Kind.AT_MOST
                ? measured.high() < limit + granted || measured.high() == limit
                : measured.low() > limit - granted || measured.low() == limit;
    }
}
