package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.spi.Upcall;
import picocli.CommandLine.ExitCode;

@Timeout(60)
final class DemoCommandTest {
    @TempDir
    private Path folder;

    @Test
    void itPrintsTheUpcallsTheTransfersAndWhereTheTraceLies() {
        Path out = folder.resolve("new").resolve("folder");
        CommandRun run = CommandRun.of("demo", "--out", out.toString(), "--size", "40000");

        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.err()).isEmpty();
        List<String> lines = run.out().lines().toList();
        for (Upcall upcall : Upcall.values()) {
            assertThat(lines).anySatisfy(line -> assertThat(line)
                    .matches(upcall.winsockName() + " .* [1-9][0-9]*  .*\\w+ [0-9]+.*"));
        }
        assertThat(lines.stream().filter(line -> line.endsWith(" OK"))).hasSize(25);
        assertThat(run.out()).doesNotContain("MISMATCH", "NOBODY", "LEFT OPEN", "Problem:")
                .contains(out.resolve("demo.pcapng").toString(), "Nothing is left", "All is right");
        assertThat(lines).allSatisfy(line -> assertThat(line.contains(folder.toString()) ? 0 : line.length())
                .isLessThanOrEqualTo(120));
        assertThat(out.resolve("demo.pcapng")).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "67108865", "many"})
    void aSizeOutOfRangeIsAUsageError(String size) {
        CommandRun run = CommandRun.of("demo", "--out", folder.toString(), "--size", size);

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--size", size);
    }

    @Test
    void aFolderThatCannotBeMadeIsAFailureThatSaysWhatToDo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        CommandRun run = CommandRun.of("demo", "--out", file.resolve("folder").toString());

        assertThat(run.code()).isEqualTo(ExitCode.SOFTWARE);
        assertThat(run.err()).startsWith("ws2 demo: ").contains("FileSystemException", file.toString(), "--out DIR");
    }
}
