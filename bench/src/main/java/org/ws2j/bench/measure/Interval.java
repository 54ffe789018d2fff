package org.ws2j.bench.measure;

/** A median, and the interval in which it lies with 95 % confidence. */
public record Interval(double low, double median, double high) {
    /** {@return one that was not sampled, but counted} */
    public static Interval exactly(double value) {
        return new Interval(value, value, value);
    }

    public double width() {
        return high - low;
    }

    public boolean isFinite() {
        return Double.isFinite(low) && Double.isFinite(median) && Double.isFinite(high);
    }
}
