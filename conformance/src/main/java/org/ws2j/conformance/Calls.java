package org.ws2j.conformance;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls on threads of their own. */
public final class Calls {
    /** The package of the JDK whose native methods wait for channels, and the names of those methods. */
    private static final String CHANNELS = "sun.nio.ch.";

    /** Where calls go down to providers in C. */
    private static final String BORDER = "org.ws2j.bridge.Downcalls";

    private static final Set<String> WAITS = Set.of("poll", "wait");

    private final List<Call<?>> made = new CopyOnWriteArrayList<>();
    private final Set<String> waits;

    Calls() {
        this(WAITS);
    }

    /** Calls that wait in other native methods. */
    Calls(Set<String> waits) {
        this.waits = waits;
    }

    /**
     * A call on a thread of its own.
     *
     * @param <T> what it returns
     */
    public static final class Call<T> {
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private final Thread thread;
        private final Set<String> waits;
        private volatile SystemThread system;

        private Call(Callable<T> callable, Set<String> waits) {
            this.waits = waits;
            thread = Thread.ofPlatform().daemon().name("ws2j-conformance-call").start(() -> run(callable));
        }

        private void run(Callable<T> callable) {
            system = SystemThread.current();
            try {
                outcome.complete(callable.call());
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
        }

        /**
         * Waits for the call's end.
         *
         * @return what it returned
         * @throws Exception what it threw
         */
        public T result() throws Exception {
            try {
                return outcome.get(Bound.WAIT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw hanging(e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        /** {@return whether it has ended} */
        public boolean isDone() {
            return outcome.isDone();
        }

        private boolean isWaiting() {
            Thread.State state = thread.getState();
            return outcome.isDone() || state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING
                    || isWaitingInTheSystem();
        }

        /** To Java a thread that the operating system holds is running; where it stands tells the truth. */
        private boolean isWaitingInTheSystem() {
            StackTraceElement[] stack = thread.getStackTrace();
            return stack.length > 0 && (isChannelWait(stack[0]) || isWaitInC(stack[0]));
        }

        private boolean isChannelWait(StackTraceElement top) {
            return top.isNativeMethod() && top.getClassName().startsWith(CHANNELS)
                    && (waits.contains(top.getMethodName()) || isAsleep());
        }

        private boolean isWaitInC(StackTraceElement top) {
            return top.getClassName().equals(BORDER) && isAsleep();
        }

        private boolean isAsleep() {
            return system != null && system.isAsleep();
        }

        private AssertionError hanging(Exception cause) {
            AssertionError error = new AssertionError(
                    "a call on another thread has not ended after " + Bound.WAIT_MILLIS + " ms", cause);
            error.setStackTrace(thread.getStackTrace());
            return error;
        }
    }

    /**
     * Makes a call on a thread of its own.
     *
     * @param <T> what it returns
     * @param callable the call
     * @return the call under way
     */
    public <T> Call<T> start(Callable<T> callable) {
        Call<T> call = new Call<>(callable, waits);
        made.add(call);
        return call;
    }

    /**
     * Makes a call on a thread of its own, and lets it come so far that it waits (or has ended).
     *
     * @param <T> what it returns
     * @param callable the call
     * @return the call under way
     */
    public <T> Call<T> waiting(Callable<T> callable) {
        Call<T> call = start(callable);
        Bound.until(() -> "a call on another thread begins to wait", call::isWaiting);
        return call;
    }

    /** All calls end, now that their sockets are closed. */
    void join() {
        for (Call<?> call : made) {
            try {
                call.outcome.handle((result, failure) -> true).get(Bound.WAIT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw call.hanging(e);
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }
}
