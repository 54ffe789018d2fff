package org.ws2j.host.thread;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A reporter that keeps what it was told. */
public final class Reports implements BiConsumer<String, Throwable> {
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Override
    public void accept(String what, Throwable failure) {
        failures.add(failure);
    }

    public List<Throwable> failures() {
        return failures;
    }
}
