package org.ws2j.agent.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The behaviour program prints the same on the plain JDK and under the agent. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BehaviourTest {
    private static final long PATIENCE_MINUTES = 4;

    /** The build puts it there before the tests run. */
    private static final Path AGENT = Path.of("target", "ws2j-agent.jar");

    private static final int AT_LEAST = 900;

    @TempDir
    private static Path folder;

    private static List<String> plain;

    @BeforeAll
    static void runOnThePlainJdk() throws Exception {
        plain = run("plain");
    }

    @Test
    void thePlainJdkShowsManyBehaviours() {
        assertThat(plain).hasSizeGreaterThan(AT_LEAST).noneMatch(line -> line.contains("HANGS"));
    }

    @Test
    void noLineDiffersUnderTheAgentWithoutLayers() throws Exception {
        assertThat(run("bare", agent(""))).isEqualTo(plain);
    }

    @Test
    void noLineDiffersThroughThreeLayers() throws Exception {
        assertThat(run("layered", agent("layer=passthrough;layer=passthrough;layer=passthrough"))).isEqualTo(plain);
    }

    @Test
    void noLineDiffersThroughATrace() throws Exception {
        String capture = folder.resolve("trace.pcapng").toString();
        assertThat(run("traced", agent("layer=trace:file=" + capture))).isEqualTo(plain);
    }

    private static String agent(String options) {
        return "-javaagent:" + AGENT.toAbsolutePath() + "=strict" + (options.isEmpty() ? "" : ";" + options);
    }

    private static List<String> run(String name, String... options) throws IOException, InterruptedException {
        Path classes = Path.of("target", "test-classes");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classes.toAbsolutePath().toString(), BehaviourProgram.class.getName()));
        Path out = folder.resolve(name + ".txt");
        Path err = folder.resolve(name + ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(err)).as("errors of %s", command).isEmpty();
        assertThat(process.exitValue()).isZero();
        return Files.readAllLines(out);
    }
}
