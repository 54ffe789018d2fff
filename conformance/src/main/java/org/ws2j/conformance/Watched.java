package org.ws2j.conformance;

import java.util.concurrent.atomic.AtomicReference;

/** Work on a thread of its own that is given up when it hangs. */
final class Watched {
    /** Work that may throw anything. */
    @FunctionalInterface
    interface Work {
        void run() throws Throwable;
    }

    private Watched() {}

    /** Does the work; what it throws is thrown here. */
    static void run(String what, Work work) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().daemon().name("ws2j-conformance-check").start(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        if (!thread.join(Bound.CHECK)) {
            throw hanging(what, thread);
        }
        rethrow(failure.get());
    }

    /** The stack is where the work hangs, which is what everybody wants to know. */
    private static AssertionError hanging(String what, Thread thread) {
        AssertionError error = new AssertionError("given up after " + Bound.CHECK.toSeconds() + " s: " + what);
        error.setStackTrace(thread.getStackTrace());
        return error;
    }

    private static void rethrow(Throwable failure) throws Exception {
        switch (failure) {
            case null -> {}
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(failure);
        }
    }
}
