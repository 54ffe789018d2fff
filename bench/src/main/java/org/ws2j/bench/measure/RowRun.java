package org.ws2j.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One measurement of a row: how long to measure, and what has come out so far. */
public final class RowRun {
    /** Starts the sides of a comparison. */
    @FunctionalInterface
    public interface Launch {
        /** Adds them to those that are closed when they have had their turns. */
        void into(Sides sides) throws Exception;
    }

    private final Row row;
    private final Plan plan;
    private final List<Result> results = new ArrayList<>();
    private final List<Samples> samples = new ArrayList<>();

    public RowRun(Row row, Plan plan) {
        this.row = row;
        this.plan = plan;
    }

    public Row row() {
        return row;
    }

    public Plan plan() {
        return plan;
    }

    public List<Result> results() {
        return List.copyOf(results);
    }

    public List<Samples> samples() {
        return List.copyOf(samples);
    }

    /** Lets sides take turns, and keeps the samples for the raw data. */
    public Samples interleave(String name, Side... sides) throws Exception {
        return interleave(new Interleaving(plan), name, sides);
    }

    /** The same with a limit of its own. */
    public Samples interleave(Interleaving interleaving, String name, Side... sides) throws Exception {
        return kept(interleaving.run(name, distinct(name, sides)));
    }

    /** Launches sides again and again, and lets them take turns each time, for a share of the rounds. */
    public Samples interleave(String name, Launch launch) throws Exception {
        Interleaving interleaving = new Interleaving(plan.ofLaunch());
        List<Samples> launches = new ArrayList<>();
        for (int i = 0; i < plan.launches(); i++) {
            try (Sides sides = new Sides()) {
                launch.into(sides);
                launches.add(interleaving.run(name, i, distinct(name, sides.all())));
            }
        }
        return kept(Samples.joined(name, launches));
    }

    private static List<Side> distinct(String comparison, Side... sides) {
        Set<String> names = List.of(sides).stream().map(Side::name).collect(Collectors.toSet());
        if (names.size() != sides.length) {
            throw new IllegalArgumentException("two sides of " + comparison + " have one name: " + names);
        }
        return List.of(sides);
    }

    private Samples kept(Samples taken) {
        samples.add(taken);
        return taken;
    }

    /** Adds a line: time of a side by time of a reference that was measured twice. */
    public void time(Samples s, String side, String reference, Goal goal) {
        double noise = s.timeRatio(reference + Side.AGAIN, reference).width();
        add(side, reference, "× time", goal, s.timeRatio(side, reference), noise, nanos(s, side, reference));
    }

    /** Adds a line: rate of a side by rate of a reference that was measured twice. */
    public void rate(Samples s, String side, String reference, Goal goal) {
        double noise = s.rateRatio(reference + Side.AGAIN, reference).width();
        add(side, reference, "× rate", goal, s.rateRatio(side, reference), noise, nanos(s, side, reference));
    }

    /** Adds a line: nanoseconds that a side takes more than a reference that was measured twice, for each of some parts. */
    public void excess(Samples s, String side, String reference, int parts, Goal goal) {
        double noise = s.excess(reference + Side.AGAIN, reference, parts).width();
        add(side, reference, "ns", goal, s.excess(side, reference, parts), noise, nanos(s, side, reference));
    }

    /** Adds a line for a figure that stands alone. */
    public void figure(String what, String unit, Goal goal, Interval measured) {
        add(what, "", unit, goal, measured, 0, "");
    }

    /** Adds any line. */
    public void add(String what, String reference, String unit, Goal goal, Interval measured, double noise,
            String detail) {
        results.add(new Result(row.id(), what, reference, unit, goal, measured, noise, detail));
    }

    private static String nanos(Samples s, String side, String reference) {
        return Result.number(s.medianNanos(side)) + " ns : " + Result.number(s.medianNanos(reference)) + " ns";
    }
}
