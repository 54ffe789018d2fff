package org.ws2j.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** An fd_set is a list without repetition that has no more room than it was given. */
final class FdSetPropertyTest {
    private static final int SOCKETS = 6;

    private final List<SocketHandle> sockets =
            IntStream.range(0, SOCKETS).<SocketHandle>mapToObj(Numbered::new).toList();

    private static final class Numbered extends SocketHandle {
        private final int number;

        Numbered(int number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return "s" + number;
        }
    }

    enum Kind {
        SET, CLEAR, ZERO
    }

    record Step(Kind kind, int socket) {
    }

    @Property
    void aSetIsAListOfItsMembersInTheOrderOfTheirComing(
            @ForAll @IntRange(max = SOCKETS) int capacity, @ForAll("steps") List<Step> steps) {
        FdSet set = new FdSet(capacity);
        List<SocketHandle> model = new ArrayList<>();
        for (Step step : steps) {
            take(step, set);
            take(step, model, capacity);
            assertSame(set, model);
        }
        assertThat(set.capacity()).isEqualTo(capacity);
    }

    private void take(Step step, FdSet set) {
        switch (step.kind()) {
            case SET -> set.fdSet(sockets.get(step.socket()));
            case CLEAR -> set.fdClr(sockets.get(step.socket()));
            case ZERO -> set.fdZero();
        }
    }

    private void take(Step step, List<SocketHandle> model, int capacity) {
        SocketHandle s = sockets.get(step.socket());
        switch (step.kind()) {
            case SET -> {
                if (!model.contains(s) && model.size() < capacity) {
                    model.add(s);
                }
            }
            case CLEAR -> model.remove(s);
            case ZERO -> model.clear();
        }
    }

    private void assertSame(FdSet set, List<SocketHandle> model) {
        List<SocketHandle> members = IntStream.range(0, set.fdCount()).mapToObj(set::get).toList();
        assertThat(members).isEqualTo(model);
        for (SocketHandle s : sockets) {
            assertThat(set.fdIsSet(s)).as(s.toString()).isEqualTo(model.contains(s));
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(6, Kind.SET), Tuple.of(4, Kind.CLEAR), Tuple.of(1, Kind.ZERO));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, SOCKETS - 1)).as(Step::new).list();
    }
}
