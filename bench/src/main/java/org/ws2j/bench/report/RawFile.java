package org.ws2j.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.bench.measure.Samples;

/**
 * All samples of a comparison: a column for each side; for each launch the operations of its turns first, then nanoseconds of
 * every turn.
 */
final class RawFile {
    private RawFile() {}

    static void write(Path file, Samples samples) throws IOException {
        List<String> sides = samples.batches().stream().map(Samples.Batch::side).distinct().toList();
        List<String> lines = new ArrayList<>();
        lines.add(line("round", sides));
        for (Samples launch : samples.launches()) {
            List<List<Samples.Batch>> columns = sides.stream().map(side -> column(launch, side)).toList();
            lines.add(line("operations", columns.stream().map(c -> c.getFirst().operations()).toList()));
            for (int i = 0; i < columns.getFirst().size(); i++) {
                int round = i;
                lines.add(line(i, columns.stream().map(c -> c.get(round).nanos()).toList()));
            }
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    private static List<Samples.Batch> column(Samples launch, String side) {
        return launch.batches().stream().filter(b -> b.side().equals(side)).toList();
    }

    private static String line(Object first, List<?> others) {
        List<Object> all = new ArrayList<>(others);
        all.addFirst(first);
        return Csv.line(all);
    }
}
