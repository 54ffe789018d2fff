package org.ws2j.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short run of the concurrency tests; and that a run can fail. */
@Timeout(700)
final class StressTest {
    private static final Path TEST_CLASSES = Path.of("target", "test-classes").toAbsolutePath();

    @TempDir
    private Path directory;

    @Test
    void noOutcomeOfTheShortRunIsAForbiddenOne() throws Exception {
        Run run = stress(without(TEST_CLASSES), "--short");
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).contains("8 tests ran, no outcome was a forbidden one");
    }

    @Test
    void aForbiddenOutcomeFailsTheRun() throws Exception {
        Run run = stress(classPath(), "--short", "BrokenCounter");
        assertThat(run.exit()).as(run.output()).isNotZero();
        assertThat(run.output()).contains("What they do count.").doesNotContain("no outcome was a forbidden one");
    }

    @Test
    void aNameThatNoTestHasFailsTheRun() throws Exception {
        Run run = stress(without(TEST_CLASSES), "--short", "NoSuchTest");
        assertThat(run.exit()).as(run.output()).isNotZero();
        assertThat(run.output()).contains("no test is called [NoSuchTest]");
    }

    private record Run(int exit, String output) {
    }

    /** In a process of its own: jcstress starts others with its class path, and leaves files in its directory. */
    private Run stress(List<String> classPath, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "-cp", String.join(File.pathSeparator, classPath), Stress.class.getName()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(600, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readString(output));
    }

    /** jcstress runs what the first list of tests on its class path names: that of the test classes. */
    private static List<String> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).toList();
    }

    private static List<String> without(Path left) {
        return classPath().stream().filter(entry -> !Path.of(entry).toAbsolutePath().equals(left)).toList();
    }
}
