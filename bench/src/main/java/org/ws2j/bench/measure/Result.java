package org.ws2j.bench.measure;

import java.util.Locale;

/**
 * A line of the table.
 *
 * @param row the name of the row that it belongs to
 * @param what what was measured
 * @param reference what it was measured against; empty for a figure that stands alone
 * @param unit of the figures: {@code ×} for the ratio of two times or rates, otherwise such as {@code ns} or {@code B/op}
 * @param goal what is to be reached
 * @param measured what came out
 * @param noise the width of the interval of the reference against itself; 0 where nothing is compared
 * @param detail what the reader may want to know besides, such as the two sides' nanoseconds
 */
public record Result(String row, String what, String reference, String unit, Goal goal, Interval measured, double noise,
        String detail) {

    public Verdict verdict() {
        return goal.judge(measured, noise);
    }

    /** {@return the goal with its unit, as in the issue} */
    public String goalText() {
        return switch (goal.kind()) {
            case AT_MOST -> goal.equals(Goal.NOTHING) ? "0 " + unit : "≤ " + number(goal.limit()) + " " + unit;
            case AT_LEAST -> "≥ " + number(goal.limit()) + " " + unit;
            case NONE -> "";
        };
    }

    /** {@return the median with its unit} */
    public String measuredText() {
        return number(measured.median()) + " " + unit;
    }

    /** {@return the interval} */
    public String intervalText() {
        return measured.width() == 0 ? "" : number(measured.low()) + " – " + number(measured.high());
    }

    /** {@return half of the A/A width, which the verdict grants} */
    public String noiseText() {
        return noise == 0 ? "" : "± " + number(noise / 2);
    }

    /** {@return a number with about three digits that mean something} */
    public static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 || size == 0 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
