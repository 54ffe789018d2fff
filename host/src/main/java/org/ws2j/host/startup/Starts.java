package org.ws2j.host.startup;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Every start-up of a host that is under way or has succeeded, in the order in which they were entered. */
final class Starts implements Iterable<Start> {
    private final List<Start> inOrder = new CopyOnWriteArrayList<>();

    void add(Start entered) {
        inOrder.add(entered);
    }

    Stream<Start> stream() {
        return inOrder.stream();
    }

    @Override
    public Iterator<Start> iterator() {
        return inOrder.iterator();
    }

    /** Forgets a start-up that failed or was refused, and those of the providers below that it had made on its way. */
    void forgetFrom(Start failed) {
        List<Start> present = List.copyOf(inOrder);
        int from = present.indexOf(failed);
        if (from >= 0) {
            List<Start> since = present.subList(from, present.size());
            forget(s -> s.thread == failed.thread && since.contains(s));
        }
    }

    /** Forgets start-ups, each of which knows that from then on. */
    void forget(Predicate<Start> which) {
        inOrder.removeIf(start -> {
            boolean isGone = which.test(start);
            if (isGone) {
                start.markForgotten();
            }
            return isGone;
        });
    }
}
