package org.ws2j.agent.async;

import java.util.concurrent.FutureTask;

/** What the program waits for, or cancels, where it has given no handler. */
final class OperationFuture<V> extends FutureTask<V> {
    private final Operation<V, ?> operation;

    OperationFuture(Operation<V, ?> operation) {
        super(() -> {
            throw new AssertionError("an operation ends by its completion");
        });
        this.operation = operation;
    }

    /** {@return whether the program gets it; if not, it has cancelled} */
    boolean tell(V result, Throwable failure) {
        if (failure == null) {
            set(result);
        } else {
            setException(failure);
        }
        return !isCancelled();
    }

    /** Whoever cancels may also close the channel. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(false);
        if (cancelled) {
            operation.cancelled(mayInterruptIfRunning);
        }
        return cancelled;
    }
}
