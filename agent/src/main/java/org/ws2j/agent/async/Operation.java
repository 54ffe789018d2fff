package org.ws2j.agent.async;

import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.ws2j.agent.socket.JdkExceptions;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/**
 * One asynchronous operation: the block of an overlapped one, and who is told how it ends.
 *
 * <p>Its state is {@code STARTING}, {@code PENDING} or its {@link Outcome}, which is set once. If that is there before the call that
 * starts the operation has returned, the starting thread tells; otherwise whoever has set it: the completion, the timer, or who
 * cancels. After the last two the completion still comes, and only then the group is free of the operation.
 */
final class Operation<V, A> extends HeapOverlapped implements CompletionSink, Runnable {
    private static final Object STARTING = new Object();
    private static final Object PENDING = new Object();

    /** How it ended; without a failure, well. */
    private record Outcome<V>(V result, Throwable failure) {}

    /** Starts the overlapped operation, of which this is the block. */
    @FunctionalInterface
    interface Start {
        void start(WsaOverlapped block) throws IOException;
    }

    /** What an operation is to its channel. */
    abstract static class Kind<V> {
        /** It is over, well or badly: the direction is free again. */
        abstract void over();

        /** {@return the result of a success; what it fails with all the same} */
        abstract V succeeded(int bytes) throws IOException;

        /** {@return the result, if a failure is no failure to the program; otherwise null} */
        V insteadOf(int error) {
            return null;
        }

        /** {@return what the program sees of a failure} */
        abstract Throwable failed(int error, IOException translated);

        /** It was given up while under way: nothing is to be begun in its direction any more. */
        abstract void gaveUp();

        /** The end of one that was given up, with its result if it has one. */
        void late(V result) {
            // Most have nothing to be undone.
        }

        /** Closes the channel, for a program that cancels and wants that. */
        abstract void close() throws IOException;
    }

    private final AsyncGroup group;
    private final SocketHandle handle;
    private final Kind<V> kind;
    private final CompletionHandler<V, ? super A> handler;
    private final A attachment;

    /** Null with a handler. */
    private final OperationFuture<V> future;

    private final AtomicReference<Object> state = new AtomicReference<>(STARTING);

    /** Null without a time-out. */
    private volatile Future<?> alarm;

    Operation(AsyncGroup group, SocketHandle handle, Kind<V> kind, CompletionHandler<V, ? super A> handler,
            A attachment) {
        this.group = group;
        this.handle = handle;
        this.kind = kind;
        this.handler = handler;
        this.attachment = attachment;
        this.future = handler == null ? new OperationFuture<>(this) : null;
    }

    /** {@return what the program gets where it has given no handler, or else null} */
    OperationFuture<V> future() {
        return future;
    }

    // The beginning

    /** Ends it without asking the socket. */
    void endAtOnce(V result, Throwable failure) {
        state.set(new Outcome<>(result, failure));
        tellFromStart();
    }

    /** Begins it; a time-out of 0 or less is none. */
    void start(Start call, long timeout, TimeUnit unit) {
        group.began();
        try {
            call.start(this);
        } catch (WinsockException e) {
            refused(e.code(), JdkExceptions.of(e));
        } catch (IOException e) {
            refused(0, e);
        }
        if (!state.compareAndSet(STARTING, PENDING)) {
            try {
                tellFromStart();
            } finally {
                group.ended();
            }
        } else if (timeout > 0) {
            arm(timeout, unit);
        }
    }

    /** It was not accepted: no completion comes. */
    private void refused(int error, IOException e) {
        kind.over();
        state.set(new Outcome<>(null, kind.failed(error, e)));
    }

    private void arm(long timeout, TimeUnit unit) {
        alarm = group.asyncProvider().timer().schedule(this::timedOut, timeout, unit);
        if (state.get() != PENDING) {
            disarm();
        }
    }

    private void disarm() {
        Future<?> armed = alarm;
        if (armed != null) {
            armed.cancel(false);
        }
    }

    // The end

    @Override
    public CompletionSink sink() {
        return this;
    }

    @Override
    public void completed(WsaOverlapped overlapped, int error, int bytes) {
        Outcome<V> outcome = evaluate(error, bytes);
        if (state.compareAndSet(STARTING, outcome)) {
            return; // The starting thread tells.
        }
        if (state.compareAndSet(PENDING, outcome)) {
            disarm();
            tell(outcome);
        } else {
            kind.late(outcome.result());
        }
        group.ended();
    }

    private Outcome<V> evaluate(int error, int bytes) {
        kind.over();
        if (error != 0) {
            V instead = kind.insteadOf(error);
            if (instead != null) {
                return new Outcome<>(instead, null);
            }
            return new Outcome<>(null, kind.failed(error, JdkExceptions.ofCode(error)));
        }
        try {
            return new Outcome<>(kind.succeeded(bytes), null);
        } catch (IOException | RuntimeException e) {
            return new Outcome<>(null, e);
        }
    }

    private void timedOut() {
        Outcome<V> outcome = new Outcome<>(null, new InterruptedByTimeoutException());
        group.began(); // The completion may come before the handler is given to the group.
        try {
            if (giveUp(outcome)) {
                tell(outcome);
            }
        } finally {
            group.ended();
        }
    }

    /** The program has cancelled by its future, which knows already. */
    void cancelled(boolean andClose) {
        kind.gaveUp(); // Also if the completion has come just now, for its result is not told.
        if (giveUp(new Outcome<>(null, new CancellationException()))) {
            disarm();
        }
        if (andClose) {
            try {
                kind.close();
            } catch (IOException e) { // Cancelling has no way to fail.
                group.asyncProvider().report("closing a channel whose operation was cancelled", e);
            }
        }
    }

    private boolean giveUp(Outcome<V> outcome) {
        boolean first = state.compareAndSet(PENDING, outcome);
        if (first) {
            kind.gaveUp();
            cancelBelow();
        }
        return first;
    }

    private void cancelBelow() {
        try {
            group.asyncProvider().network().winsock().files().cancelIoEx(handle, this);
        } catch (WinsockException e) {
            boolean endsByItself = e.is(WsaError.ERROR_NOT_FOUND) || e.is(WsaError.WSA_INVALID_HANDLE);
            if (!endsByItself) {
                group.asyncProvider().report("cancelling an operation", e);
            }
        }
    }

    // Telling

    private void tell(Outcome<V> outcome) {
        if (future == null) {
            group.execute(this);
        } else if (!future.tell(outcome.result(), outcome.failure())) {
            kind.late(outcome.result());
        }
    }

    private void tellFromStart() {
        if (future != null) {
            Outcome<V> outcome = outcome();
            future.tell(outcome.result(), outcome.failure());
        } else {
            group.invokeOrExecute(this);
        }
    }

    @SuppressWarnings("unchecked") // Nothing else is put there, after the two marks.
    private Outcome<V> outcome() {
        return (Outcome<V>) state.get();
    }

    /** Calls the handler. */
    @Override
    public void run() {
        Outcome<V> outcome = outcome();
        if (outcome.failure() == null) {
            handler.completed(outcome.result(), attachment);
        } else {
            handler.failed(outcome.failure(), attachment);
        }
    }
}
