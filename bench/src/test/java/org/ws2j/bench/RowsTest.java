package org.ws2j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ws2j.bench.measure.Plan;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;

/** Every row once, as small as can be: that it works, never how fast. Some start JVMs by the dozen. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class RowsTest {
    private static final Plan TINY = new Plan(Duration.ofMillis(2), Duration.ofNanos(200_000), 3, 2, 200, true);

    static List<Row> rows() {
        return Rows.ALL;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void rowGivesFiniteFigures(Row row) throws Exception {
        assumeTrue(row.absence().isEmpty(), () -> row.absence().orElseThrow());
        RowRun run = new RowRun(row, TINY);
        row.measure(run);
        assertThat(run.results()).isNotEmpty();
        assertThat(run.results()).allSatisfy(r -> {
            assertThat(r.measured().isFinite()).as("%s: %s", r.what(), r.measured()).isTrue();
            assertThat(r.noise()).isNotNegative().isFinite();
            assertThat(r.row()).isEqualTo(row.id());
        });
    }

    @Test
    void noSocketStaysOpenAndNoHandleStaysInTheRegister() throws Exception {
        RowRun run = new RowRun(Rows.named(List.of("handle")).getFirst(), TINY);
        run.row().measure(run);
        assertThat(run.results()).filteredOn(r -> r.unit().equals("handles")).singleElement()
                .extracting(r -> r.measured().median()).isEqualTo(0.0);
    }

    @Test
    void rowsAreFoundByNameInTheOrderOfTheTable() {
        assertThat(Rows.named(List.of("event", "context"))).extracting(Row::id).containsExactly("context", "event");
        assertThat(Rows.named(List.of())).isEqualTo(Rows.ALL);
    }

    @Test
    void unknownRowIsRefusedWithTheNamesOfThoseThatThereAre() {
        assertThatIllegalArgumentException().isThrownBy(() -> Rows.named(List.of("event", "speed")))
                .withMessageContainingAll("speed", "context", "pingpong");
    }

    @Test
    void linesOfARowAreToldApartByTheirText() throws Exception {
        RowRun run = new RowRun(Rows.named(List.of("context")).getFirst(), TINY);
        run.row().measure(run);
        assertThat(run.results()).extracting(r -> r.what() + r.reference() + r.unit()).doesNotHaveDuplicates();
    }
}
