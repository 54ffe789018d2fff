package org.ws2j.agent;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Tells on the standard error of failures that no call of the program can tell of, such as a trace that cannot be written: each
 * with its own text once, for a layer that fails does so for each packet.
 */
final class FailureLines implements BiConsumer<String, Throwable> {
    private static final int MOST = 100;

    /** Guarded by itself. */
    private final Set<String> told = new HashSet<>();

    @Override
    public void accept(String what, Throwable failure) {
        String line = what + ": " + failure;
        synchronized (told) {
            if (told.size() >= MOST || !told.add(line)) {
                return;
            }
        }
        System.err.println("ws2: " + line);
    }
}
