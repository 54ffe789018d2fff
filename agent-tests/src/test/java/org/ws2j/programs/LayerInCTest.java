package org.ws2j.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.programs.run.LayerInC;
import org.ws2j.programs.run.Outcome;
import org.ws2j.programs.run.ProgramRun;

/** A shared library where a layer's name stands, in a JVM that was not told that anybody may call C. */
@Timeout(120)
class LayerInCTest {
    private static final Path AGENT =
            Path.of(System.getProperty("ws2j.agent")).toAbsolutePath().normalize();
    private static final String DENY = "--illegal-native-access=deny";

    @TempDir
    private Path folder;

    @BeforeEach
    void buildTheLayer() throws Exception {
        assumeTrue(LayerInC.absence().isEmpty(), () -> LayerInC.absence().orElseThrow());
        LayerInC.build(AGENT, folder);
    }

    private Outcome greeting(String options, String... jvmOptions) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmOptions));
        command.add("-javaagent:" + AGENT + "=" + options);
        command.add(Path.of(LayerInCTest.class.getResource("/Greeting.java").toURI()).toString());
        return ProgramRun.run(command, folder);
    }

    @Test
    void whatHttpClientGetsFromHttpServerHasPassedTheLayer() throws Exception {
        Outcome outcome = greeting("layer=" + LayerInC.FILE);
        assertThat(outcome).isEqualTo(new Outcome(0, List.of("GOOD MORNING"), List.of()));
    }

    @Test
    void optionsOfALayerReachC() throws Exception {
        Outcome outcome = greeting("layer=" + LayerInC.FILE + ":plain=true");
        assertThat(outcome).isEqualTo(new Outcome(0, List.of("good morning"), List.of()));
    }

    @Test
    void whereNobodyMayCallCOneLineSaysSoAndTheProgramRuns() throws Exception {
        Outcome outcome = greeting("layer=" + LayerInC.FILE, DENY);
        assertThat(outcome.errors()).singleElement().asString().startsWith("ws2: layers written in C need ")
                .contains("--enable-native-access=ALL-UNNAMED");
        assertThat(outcome.output()).containsExactly("good morning");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void strictAgentDoesNotLetTheProgramRunWhereNobodyMayCallC() throws Exception {
        Outcome outcome = greeting("strict;layer=" + LayerInC.FILE, DENY);
        assertThat(outcome.errors()).hasSize(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.exitCode()).isNotZero();
    }

    @Test
    void permissionOfTheUserIsEnoughWhereNobodyElseMayCallC() throws Exception {
        Outcome outcome = greeting("layer=" + LayerInC.FILE, DENY, "--enable-native-access=ALL-UNNAMED");
        assertThat(outcome).isEqualTo(new Outcome(0, List.of("GOOD MORNING"), List.of()));
    }
}
