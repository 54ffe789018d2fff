package org.ws2j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CoverageTest {
    private final Coverage coverage = ConformanceRun.coverage();

    @Test
    void noCheckProvesWhatIsNoStatement() {
        assertThat(coverage.unknown()).isEmpty();
    }

    @Test
    void eachStatementIsCheckedOrExcused() {
        int sum = coverage.checked().size() + coverage.excused().size();
        assertThat(coverage.open()).extracting(Statement::id).isEmpty();
        assertThat(coverage.statements()).hasSize(sum);
    }

    @Test
    void aCheckIsNamedWithItsSuite() {
        Statement statement = Statements.load().byId("connect.ipv6").orElseThrow();

        assertThat(coverage.checksOf(statement)).contains("Connecting.connectionsGoOverIpv6Too");
    }
}
