package org.ws2j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.bench.measure.Sink;
import picocli.CommandLine;

final class BenchTest {
    private final StringWriter printed = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void oneCommandMeasuresInAJvmOfItsOwnAndWritesTheTable() {
        assertThat(run("context", "--quick", "--rounds", "2", "--out", directory.toString())).isZero();
        assertThat(printed.toString()).contains("wpuQuerySocketHandleContext", "≤ 1.50 × time");
        assertThat(directory).isDirectoryContaining("glob:**/results.md").isDirectoryContaining("glob:**/goals.svg");
        assertThat(directory.resolve("raw/context.csv")).isNotEmptyFile();
    }

    @Test
    void unknownRowIsAWrongCall() {
        assertThat(run("speed", "--quick")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(printed.toString()).contains("there is no row speed");
    }

    @Test
    void listNamesEveryRow() {
        assertThat(run("--list")).isZero();
        assertThat(printed.toString()).contains(Rows.ALL.stream().map(r -> r.id() + " ").toList());
    }

    @Test
    void childMakesBlackHolesOfTheSink() {
        List<String> command = new ChildJvm(List.of("context")).command();
        assertThat(command).contains("-XX:CompileCommand=" + Sink.COMPILE_COMMAND).endsWith("context");
    }

    private int run(String... arguments) {
        PrintWriter writer = new PrintWriter(printed);
        return Bench.commandLine().setOut(writer).setErr(writer).execute(arguments);
    }
}
