package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LaunchTest {
    private static final String AGENT = "-javaagent:/ws2/agent.jar=layer=trace";
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static Launch launch(String present, String agent, String... command) {
        return Launch.of(List.of(command), agent, name -> name.equals(Launch.VARIABLE) ? present : null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "/opt/jdk/bin/java", "javaw.exe"})
    void javaGetsTheAgentAsItsFirstOption(String java) {
        assertThat(launch("-Dx", AGENT, java, "-jar", "a.jar"))
                .isEqualTo(new Launch(List.of(java, AGENT, "-jar", "a.jar"), Optional.empty(), AGENT));
    }

    @Test
    void anythingElseGetsItByTheEnvironmentBehindWhatIsThere() {
        List<String> command = List.of("mvn", "test");
        assertThat(launch(null, AGENT, "mvn", "test")).isEqualTo(new Launch(command, Optional.of(AGENT), AGENT));
        assertThat(launch("-Dx", AGENT, "mvn", "test"))
                .isEqualTo(new Launch(command, Optional.of("-Dx " + AGENT), AGENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "two words", "it's", "\"quoted\"", "it's \"both\" of\tthem"})
    void aJvmReadsFromTheVariableWhatWasMeant(String value) throws Exception {
        Launch launch = launch("-Dfirst=1", "-Dtest.value=" + value, "other");
        ProcessBuilder builder = new ProcessBuilder(JAVA, "-XshowSettings:properties", "-version");
        builder.environment().put(Launch.VARIABLE, launch.variable().orElseThrow());
        assertThat(output(builder)).contains("test.value = " + value + System.lineSeparator());
    }

    @Test
    void aShellReadsFromThePlanWhatWasMeant() throws Exception {
        Launch launch =
                launch(null, "-Dx='y z", "sh", "-c", "printf '%s|' \"$JAVA_TOOL_OPTIONS\" \"$@\"", "sh", "it's", "a b");
        List<String> shell = new ArrayList<>(List.of("sh", "-c", launch.asShell(), "ws2", "--report", "--"));
        shell.addAll(launch.words());
        ProcessBuilder builder = new ProcessBuilder(shell);
        builder.environment().remove(Launch.VARIABLE);
        String out = output(builder);
        assertThat(out).isEqualTo(launch.variable().orElseThrow() + "|it's|a b|");
    }

    @Test
    void aShellAddsTheAgentToTheOptionsOfJavaAndToWhatTheVariableHas() throws Exception {
        Launch java = launch(null, "-Dx=it's", "/no/such/java", "-jar", "a b.jar");
        assertThat(java.asShell()).isEqualTo(
                "shift $(($# - 3)); java=$1; shift; exec \"$java\" '-Dx=it'\\''s' \"$@\"\n");
        Launch other = launch("-Dy", "-Dx", "sh", "-c", "printf '%s|' \"$JAVA_TOOL_OPTIONS\"");
        List<String> shell = new ArrayList<>(List.of("sh", "-c", other.asShell(), "ws2"));
        shell.addAll(other.words());
        ProcessBuilder builder = new ProcessBuilder(shell);
        builder.environment().put(Launch.VARIABLE, "-Dy");
        assertThat(output(builder)).isEqualTo("-Dy -Dx|").isEqualTo(other.variable().orElseThrow() + "|");
    }

    @Test
    void theExitCodeIsTheCommands() throws Exception {
        assertThat(launch(null, AGENT, "sh", "-c", "exit 7").run()).isEqualTo(7);
    }

    private static String output(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        return out;
    }
}
