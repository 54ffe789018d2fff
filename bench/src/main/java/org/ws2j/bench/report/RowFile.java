package org.ws2j.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Result;

/**
 * The results of a row in a file, so that rows can be measured one at a time and the table still has all of them.
 *
 * @param setting when and how the row was measured
 * @param results its lines
 */
public record RowFile(String setting, List<Result> results) {
    private static final String COMMENT = "# ";
    private static final List<String> HEADER =
            List.of("row", "what", "reference", "unit", "goal", "limit", "low", "median",
                    "high", "noise", "detail", "verdict");

    public RowFile {
        results = List.copyOf(results);
    }

    public void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(COMMENT + setting);
        lines.add(Csv.line(HEADER));
        for (Result r : results) {
            Interval m = r.measured();
            lines.add(Csv.line(List.of(r.row(), r.what(), r.reference(), r.unit(), r.goal().kind(), r.goal().limit(),
                    m.low(), m.median(), m.high(), r.noise(), r.detail(), r.verdict())));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    public static RowFile read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < 2 || !lines.getFirst().startsWith(COMMENT) || !lines.get(1).equals(Csv.line(HEADER))) {
            throw new IOException(file + " does not hold the results of a row; delete it and measure the row again");
        }
        List<Result> results = lines.stream().skip(2).map(Csv::values).map(RowFile::result).toList();
        return new RowFile(lines.getFirst().substring(COMMENT.length()), results);
    }

    private static Result result(List<String> v) {
        Goal goal = new Goal(Goal.Kind.valueOf(v.get(4)), Double.parseDouble(v.get(5)));
        Interval measured = new Interval(Double.parseDouble(v.get(6)), Double.parseDouble(v.get(7)),
                Double.parseDouble(v.get(8)));
        return new Result(v.get(0), v.get(1), v.get(2), v.get(3), goal, measured, Double.parseDouble(v.get(9)),
                v.get(10));
    }
}
