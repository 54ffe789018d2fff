package org.ws2j.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.bench.measure.Samples;

/** All samples of a comparison: a column for each side, the operations of its turns first, then nanoseconds of every turn. */
final class RawFile {
    private RawFile() {}

    static void write(Path file, Samples samples) throws IOException {
        Map<String, List<Samples.Batch>> columns = new LinkedHashMap<>();
        samples.batches().forEach(b -> columns.computeIfAbsent(b.side(), side -> new ArrayList<>()).add(b));
        List<String> lines = new ArrayList<>();
        lines.add(line("round", columns.keySet().stream().toList()));
        lines.add(line("operations", columns.values().stream().map(c -> c.getFirst().operations()).toList()));
        int rounds = columns.values().iterator().next().size();
        for (int i = 0; i < rounds; i++) {
            int round = i;
            lines.add(line(i, columns.values().stream().map(c -> c.get(round).nanos()).toList()));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    private static String line(Object first, List<?> others) {
        List<Object> all = new ArrayList<>(others);
        all.addFirst(first);
        return Csv.line(all);
    }
}
