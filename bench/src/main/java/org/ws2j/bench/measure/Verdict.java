package org.ws2j.bench.measure;

/** What came of a goal. */
public enum Verdict {
    REACHED("reached"),
    FALLS_SHORT("falls short"),
    /** Without what is granted for noise the goal is not reached, and that is much: the run says nothing. */
    UNDECIDED("noise too wide"),
    /** There is no goal: the figure is for the reader. */
    NO_GOAL("–");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
