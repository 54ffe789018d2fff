package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.conformance.CheckResult;
import org.ws2j.conformance.CheckResult.Outcome;

@Timeout(30)
final class ConformanceProgressTest {
    private static final String CLEAR = "\r\u001b[K";

    private final StringWriter shown = new StringWriter();

    private static CheckResult result(String stack, Outcome outcome) {
        return new CheckResult(stack, "Streams", "aCheck", outcome, null, null);
    }

    @Test
    void oneLineCountsTheChecksAndFailuresAndSaysWhereTheRunIs() {
        try (ConformanceProgress progress = new ConformanceProgress(new PrintWriter(shown))) {
            progress.accept(result("memory", Outcome.PASSED));
            progress.accept(result("memory", Outcome.FAILED));
            progress.accept(result("tcpip", Outcome.SKIPPED));
        }

        assertThat(shown).hasToString(CLEAR + "1 checks, 0 failed: Streams over memory"
                + CLEAR + "2 checks, 1 failed: Streams over memory"
                + CLEAR + "3 checks, 1 failed: Streams over tcpip"
                + CLEAR);
    }

    @Test
    void aLongLineIsCutToFitATerminal() {
        try (ConformanceProgress progress = new ConformanceProgress(new PrintWriter(shown))) {
            progress.accept(result("passthrough/".repeat(10) + "memory", Outcome.PASSED));
        }

        assertThat(shown.toString().split("\r\u001b\\[K")).allSatisfy(line -> assertThat(line.length()).isLessThan(80));
        assertThat(shown.toString()).contains("over passthrough/passthrough");
    }

    @Test
    void withoutATerminalNothingIsShown() {
        CommandRun run = CommandRun.of("conformance", "memory", "--suite", "Qos");

        assertThat(run.err()).isEmpty();
    }
}
