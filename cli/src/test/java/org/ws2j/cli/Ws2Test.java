package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class Ws2Test {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void versionNamesTheReleaseAndTheJvm() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).containsPattern("ws2j \\d+\\.\\d+\\.\\d+").contains("Java " + Runtime.version());
    }

    @Test
    void withoutArgumentsItPrintsItsHelp() {
        assertThat(run()).isZero();
        assertThat(out.toString()).contains("Usage: ws2");
    }

    @Test
    void anUnknownArgumentIsAUsageError() {
        assertThat(run("--no-such-option")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--no-such-option");
    }

    private int run(String... arguments) {
        return Ws2.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }
}
