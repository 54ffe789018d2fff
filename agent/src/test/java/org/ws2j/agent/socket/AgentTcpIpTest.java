package org.ws2j.agent.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.conformance.CheckResult.Outcome;
import org.ws2j.conformance.ConformanceReport;
import org.ws2j.conformance.ConformanceRun;
import org.ws2j.conformance.Stack;

/** The conformance kit over TCP/IP as the agent has it, whose threads wait inside the system. */
@Timeout(600)
final class AgentTcpIpTest {
    @Test
    void itKeepsTheRules() {
        ConformanceRun run = ConformanceRun.over(AgentTcpIpModule.NAME);
        Stack.parse("tcpip", Map.of()).flags().forEach(run::flag);
        ConformanceReport report = run.execute();

        assertThat(report.with(Outcome.FAILED)).isEmpty();
        assertThat(report.with(Outcome.PASSED)).hasSizeGreaterThan(700);
    }
}
