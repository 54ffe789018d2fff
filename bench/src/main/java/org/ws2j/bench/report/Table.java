package org.ws2j.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.ws2j.bench.measure.Result;

/** The table of results, for the console and for Markdown. */
public final class Table {
    private static final List<String> HEADER = List.of("what", "against", "goal", "measured", "interval", "A/A",
            "medians", "verdict");

    private final List<List<String>> rows = new ArrayList<>();

    public Table(List<Result> results) {
        for (Result r : results) {
            rows.add(List.of(r.what(), r.reference(), r.goalText(), r.measuredText(), r.intervalText(), r.noiseText(),
                    r.detail(), r.verdict().toString()));
        }
    }

    /** {@return the lines for a terminal, the header's first} */
    public List<String> plain() {
        int[] widths = new int[HEADER.size()];
        measure(widths, HEADER);
        rows.forEach(row -> measure(widths, row));
        List<String> lines = new ArrayList<>();
        lines.add(padded(widths, HEADER));
        lines.add(padded(widths, Arrays.stream(widths).mapToObj("-"::repeat).toList()));
        rows.forEach(row -> lines.add(padded(widths, row)));
        return lines;
    }

    private static void measure(int[] widths, List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
        }
    }

    private static String padded(int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }

    /** {@return the lines for Markdown, the header's first} */
    public List<String> markdown() {
        List<String> lines = new ArrayList<>();
        lines.add(piped(HEADER));
        lines.add(piped(HEADER.stream().map(h -> "---").toList()));
        rows.forEach(row -> lines.add(piped(row)));
        return lines;
    }

    private static String piped(List<String> cells) {
        return cells.stream().map(c -> c.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |"));
    }
}
