package org.ws2j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class InterleavingTest {
    private static final Plan PLAN = new Plan(Duration.ofMillis(2), Duration.ofNanos(50_000), 30, 1, 0, true);

    @Test
    void everySideHasOneTurnInEachRound() throws Exception {
        Samples samples = new Interleaving(PLAN).run("three", List.of(idle("a"), idle("b"), idle("c")));
        assertThat(samples.batches()).hasSize(3 * PLAN.rounds());
        IntStream.range(0, PLAN.rounds()).forEach(round -> assertThat(sidesOf(samples, round))
                .containsExactlyInAnyOrder("a", "b", "c"));
    }

    @Test
    void theOrderChangesFromRoundToRound() throws Exception {
        Samples samples = new Interleaving(PLAN).run("three", List.of(idle("a"), idle("b"), idle("c")));
        assertThat(IntStream.range(0, PLAN.rounds()).mapToObj(round -> sidesOf(samples, round)).distinct().count())
                .isGreaterThan(2);
    }

    @Test
    void noTurnHasMoreOperationsThanAllowed() throws Exception {
        AtomicInteger most = new AtomicInteger();
        Side quick = clocked("quick", n -> {
            most.accumulateAndGet(n, Math::max);
            return n;
        });
        new Interleaving(Plan.QUICK, 5_000).run("one", List.of(quick));
        assertThat(most).hasValue(5_000);
    }

    @Test
    void aSidesOperationsAreTheSameInEveryRound() throws Exception {
        Samples samples = new Interleaving(PLAN).run("one", List.of(idle("a")));
        assertThat(samples.batches().stream().map(Samples.Batch::operations).distinct()).hasSize(1);
    }

    @Test
    void allSidesDoAsManyOperationsAsTheSlowestDoesInATurn() throws Exception {
        long turn = Plan.QUICK.batch().toNanos();
        Samples samples = new Interleaving(Plan.QUICK).run("two",
                List.of(clocked("slow", turn / 10), clocked("fast", turn / 1_000)));
        assertThat(samples.batches()).extracting(Samples.Batch::operations).containsOnly(10);
    }

    @Test
    void oneTurnThatWasDisturbedHardlyChangesHowManyTheyDo() throws Exception {
        long turn = Plan.QUICK.batch().toNanos();
        AtomicInteger turns = new AtomicInteger();
        Side disturbed = clocked("disturbed", n -> n * (turns.incrementAndGet() == 15 ? turn : turn / 100));
        Samples samples = new Interleaving(Plan.QUICK).run("one", List.of(disturbed));
        assertThat(samples.batches()).extracting(Samples.Batch::operations).allMatch(n -> n >= 90 && n <= 100);
    }

    private static Side clocked(String name, long nanosPerOperation) {
        return clocked(name, n -> n * nanosPerOperation);
    }

    /** One that says how long it took, and takes no time. */
    private static Side clocked(String name, IntToLongFunction nanosOfOperations) {
        return new Side() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void run(int operations) {
                throw new IllegalStateException("it is asked for the time");
            }

            @Override
            public long time(int operations) {
                return nanosOfOperations.applyAsLong(operations);
            }

            @Override
            public void close() {}
        };
    }

    private static Side idle(String name) {
        return Side.of(name, n -> Sink.take(n));
    }

    private static List<String> sidesOf(Samples samples, int round) {
        return samples.batches().stream().filter(b -> b.round() == round).map(Samples.Batch::side).toList();
    }

    @Test
    void sideThatTimesItselfIsBelieved() throws Exception {
        Side elsewhere = clocked("elsewhere", 1_000_000);
        Samples samples = new Interleaving(Plan.QUICK).run("test", List.of(elsewhere, elsewhere.named("other")));
        assertThat(samples.nanos("elsewhere")).containsOnly(1e6);
        assertThat(samples.nanos("other")).containsOnly(1e6);
    }
}
