package org.ws2j.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Plan;
import org.ws2j.bench.measure.Result;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.measure.Sink;

final class ReportTest {
    private static final Row FAST = row("fast");
    private static final Row SLOW = row("slow");

    @TempDir
    private Path directory;

    @Test
    void lineSaysGoalFigureIntervalNoiseAndVerdict() {
        Result result =
                new Result("fast", "ours", "theirs", "× time", Goal.atMost(1.03), new Interval(0.98, 1.01, 1.02),
                        0.04, "7.1 ns : 7.0 ns");
        assertThat(new Table(List.of(result)).markdown()).last().isEqualTo(
                "| ours | theirs | ≤ 1.03 × time | 1.01 × time | 0.98 – 1.02 | ± 0.020 | 7.1 ns : 7.0 ns | reached |");
    }

    @Test
    void columnsOfThePlainTableStandBelowEachOther() {
        Result result =
                new Result("fast", "a long name of something", "", "B/op", Goal.NOTHING, Interval.exactly(16), 0, "");
        List<String> lines = new Table(List.of(result)).plain();
        assertThat(lines.getLast()).contains("0 B/op", "16.0 B/op", "falls short");
        assertThat(lines.getFirst().indexOf("verdict")).isEqualTo(lines.getLast().indexOf("falls short"));
    }

    @Test
    void resultsComeBackFromTheirFile() throws IOException {
        Result result = new Result("fast", "ours, \"quoted\"", "theirs", "× rate", Goal.atLeast(3),
                new Interval(2.5, 3.5, 4.5), 0.25, "1 ns : 3 ns");
        Result without = new Result("fast", "alone", "", "B", Goal.NONE, Interval.exactly(812.5), 0, "");
        RowFile written = new RowFile("pinned", List.of(result, without));
        written.write(directory.resolve("fast.csv"));
        assertThat(RowFile.read(directory.resolve("fast.csv"))).isEqualTo(written);
    }

    @Test
    void fileOfSomethingElseIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("fast.csv"), "shopping\nlist\n");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> RowFile.read(file))
                .withMessageContaining("fast.csv");
    }

    @Test
    void tableKeepsRowsThatWereMeasuredEarlier() throws Exception {
        Report report = new Report(directory);
        report.add(measured(FAST, 1), "first setting");
        report.summarise(List.of(FAST, SLOW));
        report.add(measured(SLOW, 9), "second setting");
        List<Result> all = report.summarise(List.of(FAST, SLOW));
        assertThat(all).extracting(Result::row).containsExactly("fast", "slow");
        assertThat(Files.readString(directory.resolve("results.md")))
                .contains("first setting.", "second setting.", "Goals reached: 1, falling short: 1");
    }

    @Test
    void rawDataHasEveryTurnOfEverySide() throws Exception {
        RowRun run = new RowRun(FAST, Plan.QUICK);
        Side side = Side.of("ours", n -> Sink.take(n));
        run.interleave("comparison", side, side.again());
        new Report(directory).add(run, "pinned");
        List<String> lines = Files.readAllLines(directory.resolve("raw/comparison.csv"));
        assertThat(lines).hasSize(2 + Plan.QUICK.rounds());
        assertThat(Csv.values(lines.getFirst())).containsExactlyInAnyOrder("round", "ours", "ours again");
    }

    @Test
    void rawDataOfSeveralLaunchesHasTheOperationsOfEach() throws Exception {
        Plan twice = new Plan(Plan.QUICK.warmUp(), Plan.QUICK.batch(), 6, 2, 0, true);
        RowRun run = new RowRun(FAST, twice);
        AtomicInteger closed = new AtomicInteger();
        run.interleave("comparison", sides -> sides.add(closing("ours", closed)));
        assertThat(closed).hasValue(2);
        new Report(directory).add(run, "pinned");
        List<String> lines = Files.readAllLines(directory.resolve("raw/comparison.csv"));
        assertThat(lines).extracting(line -> Csv.values(line).getFirst())
                .containsExactly("round", "operations", "0", "1", "2", "operations", "0", "1", "2");
    }

    private static Side closing(String name, AtomicInteger closed) {
        return new Side() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void run(int operations) {
                Sink.take(operations);
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    @Test
    void plotsAreWellFormed() throws Exception {
        RowRun run = measured(FAST, 0.5);
        Side side = Side.of("ours <&>", n -> Sink.take(n));
        run.interleave("comparison", side);
        Report report = new Report(directory);
        report.add(run, "pinned");
        report.summarise(List.of(FAST));
        for (String plot : List.of("goals.svg", "plots/comparison.svg")) {
            assertThat(DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(directory.resolve(plot).toFile()).getElementsByTagName("circle").getLength()).isEqualTo(1);
        }
    }

    private static RowRun measured(Row row, double figure) {
        RowRun run = new RowRun(row, Plan.QUICK);
        run.figure("figure", "ns", Goal.atMost(2), Interval.exactly(figure));
        return run;
    }

    private static Row row(String id) {
        return new Row() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public String title() {
                return "the row " + id;
            }

            @Override
            public void measure(RowRun run) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
