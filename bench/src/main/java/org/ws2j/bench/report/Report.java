package org.ws2j.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Result;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Verdict;

/**
 * The files of the benchmarks: {@code results.md} with {@code goals.svg}, and for each row its results, its raw data and a
 * plot of each comparison.
 */
public final class Report {
    private static final String ROWS = "rows";
    private static final String RAW = "raw";
    private static final String PLOTS = "plots";

    private final Path directory;

    public Report(Path directory) {
        this.directory = directory;
    }

    /** Writes what came out of one row. */
    public void add(RowRun run, String setting) throws IOException {
        new RowFile(setting, run.results()).write(file(run.row()));
        for (Samples samples : run.samples()) {
            RawFile.write(directory.resolve(RAW).resolve(samples.name() + ".csv"), samples);
            Path plot = directory.resolve(PLOTS).resolve(samples.name() + ".svg");
            Files.createDirectories(plot.getParent());
            Files.write(plot, turns(samples).svg());
        }
    }

    private Path file(Row row) {
        return directory.resolve(ROWS).resolve(row.id() + ".csv");
    }

    private static DotPlot turns(Samples samples) {
        DotPlot plot = new DotPlot(samples.name() + ": nanoseconds per operation, p10 – median – p90 of the turns",
                "ns per operation, logarithmic");
        samples.batches().stream().map(Samples.Batch::side).distinct().sorted().forEach(side -> {
            double[] nanos = samples.nanos(side);
            Arrays.sort(nanos);
            plot.line(side, nanos[nanos.length / 10], nanos[nanos.length / 2], nanos[nanos.length * 9 / 10]);
        });
        return plot;
    }

    /**
     * Writes the table of all rows that were ever measured into this directory.
     *
     * @param rows all rows, in the order of the table
     * @return the lines of those rows that have a file
     */
    public List<Result> summarise(List<Row> rows) throws IOException {
        Map<Row, RowFile> measured = new LinkedHashMap<>();
        for (Row row : rows) {
            if (Files.exists(file(row))) {
                measured.put(row, RowFile.read(file(row)));
            }
        }
        List<Result> all = measured.values().stream().flatMap(f -> f.results().stream()).toList();
        DotPlot goals = goals(all);
        if (!goals.isEmpty()) {
            Files.write(directory.resolve("goals.svg"), goals.svg());
        }
        Files.write(directory.resolve("results.md"), markdown(measured, all));
        return all;
    }

    private static List<String> markdown(Map<Row, RowFile> measured, List<Result> all) {
        List<String> lines = new ArrayList<>();
        lines.add("# Results");
        lines.add("");
        lines.add("Written by `./ws2 bench`; [README.md](README.md) says what the columns mean.");
        lines.add("Goals reached: " + count(all, Verdict.REACHED) + ", falling short: "
                + count(all, Verdict.FALLS_SHORT) + ".");
        lines.add("");
        lines.add("![How far each line is from its goal](goals.svg)");
        measured.forEach((row, file) -> {
            lines.add("");
            lines.add("## `" + row.id() + "`: " + row.title());
            lines.add("");
            lines.add(file.setting() + ".");
            lines.add("");
            lines.addAll(new Table(file.results()).markdown());
        });
        return lines;
    }

    private static long count(List<Result> all, Verdict verdict) {
        return all.stream().filter(r -> r.verdict() == verdict).count();
    }

    /** Figures as parts of their goals, so that 1 is the goal and less is better, whichever way the goal points. */
    private static DotPlot goals(List<Result> results) {
        DotPlot plot = new DotPlot("How far from the goal (1; less is better)", "cost by what is allowed, logarithmic")
                .markAt(1);
        for (Result r : results) {
            Interval m = r.measured();
            double limit = r.goal().limit();
            boolean isGood = r.verdict() == Verdict.REACHED;
            String label = r.row() + ": " + r.what() + (r.reference().isEmpty() ? "" : " : " + r.reference());
            if (r.goal().kind() == Goal.Kind.AT_MOST) {
                plot.judged(label, part(m.low() / limit), part(m.median() / limit), part(m.high() / limit), isGood);
            } else if (r.goal().kind() == Goal.Kind.AT_LEAST) {
                plot.judged(label, part(limit / m.high()), part(limit / m.median()), part(limit / m.low()), isGood);
            }
        }
        return plot;
    }

    /** What is far off the scale stands at its end. */
    private static double part(double value) {
        return Math.clamp(value, 0.05, 20);
    }
}
