package org.ws2j.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.conformance.CheckResult.Outcome;
import org.ws2j.conformance.ConformanceReport;
import org.ws2j.conformance.ConformanceRun;

/** The conformance kit over stacks with providers in C. */
@Timeout(600)
final class NativeStacksTest {
    @Test
    void theLayerInCKeepsTheRulesOverMemory() throws Exception {
        assertRight(NativeBuild.upcase("upcase") + "/memory");
    }

    @Test
    void theLayerInCKeepsTheRulesOverTcpIp() throws Exception {
        assertRight(NativeBuild.upcase("upcase") + "/tcpip");
    }

    @Test
    void aLayerInJavaKeepsTheRulesOverOneInC() throws Exception {
        assertRight("trace/" + NativeBuild.upcase("upcase") + "/tcpip");
    }

    @Test
    void aLayerInCKeepsTheRulesOverOneInC() throws Exception {
        Path other = NativeBuild.upcase("upcase-too");
        assertRight(NativeBuild.upcase("upcase") + "/" + other + "/memory");
    }

    @Test
    void aLayerInCKeepsTheRulesOverABaseProviderInC() throws Exception {
        assertRight(NativeBuild.upcase("upcase") + "/" + NativeBuild.posix());
    }

    @Test
    void theBaseProviderInCKeepsTheRules() throws Exception {
        assertRight(NativeBuild.posix().toString());
    }

    private static void assertRight(String stack) {
        ConformanceReport report = ConformanceRun.over(stack).execute();

        assertThat(report.with(Outcome.FAILED)).isEmpty();
        assertThat(report.with(Outcome.PASSED)).hasSizeGreaterThan(700);
    }
}
