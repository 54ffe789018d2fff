package org.ws2j.provider.stream;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Generates scripts. */
final class Scripts {
    private static final int MOST_ACTIONS = 30;
    private static final int MOST_BYTES = 3_000;

    private Scripts() {
    }

    /**
     * Makes the generator.
     *
     * @param peeks whether the provider knows MSG_PEEK
     * @param bufferSizes see {@link Script#bufferSize}
     */
    static Arbitrary<Script> scripts(boolean peeks, Integer... bufferSizes) {
        return Combinators.combine(Arbitraries.of(bufferSizes), actions(peeks).list().ofMaxSize(MOST_ACTIONS))
                .as(Script::new);
    }

    /** Ends are so rare that many a script is all transfers. */
    private static Arbitrary<Action> actions(boolean peeks) {
        List<Tuple2<Integer, Arbitrary<Action>>> kinds = new ArrayList<>();
        kinds.add(Tuple.of(20, Combinators.combine(ends(), counts(), Arbitraries.integers().between(1, 3))
                .as(Action.Send::new)));
        kinds.add(Tuple.of(20, Combinators.combine(ends(), counts()).as(Action.Receive::new)));
        if (peeks) {
            kinds.add(Tuple.of(6, Combinators.combine(ends(), counts()).as(Action.Peek::new)));
        }
        kinds.add(Tuple.of(1, ends().map(Action.HalfClose::new)));
        kinds.add(Tuple.of(1, ends().map(Action.Close::new)));
        kinds.add(Tuple.of(1, ends().map(Action.Reset::new)));
        return Arbitraries.frequencyOf(kinds);
    }

    private static Arbitrary<End> ends() {
        return Arbitraries.of(End.class);
    }

    private static Arbitrary<Integer> counts() {
        return Arbitraries.integers().between(1, MOST_BYTES);
    }
}
