package org.ws2j.host.window;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.ws2j.host.thread.Fatal;
import org.ws2j.spi.Message;
import org.ws2j.spi.WindowProc;

/**
 * A window whose messages an executor handles, whatever executor it is: in order, one at a time.
 *
 * <pre>
 *   IDLE      --post--&gt;                  SUBMITTED  handed to the executor
 *   SUBMITTED --the executor runs it--&gt;  DRAINING   handles messages until none is left
 *   SUBMITTED --the executor refuses--&gt;  IDLE       what is queued is dropped
 *   DRAINING  --no message left--&gt;       IDLE
 * </pre>
 *
 * <p>A handler that posts to its own window only queues, since the state is DRAINING then; so an executor that runs its task
 * inside {@code execute} neither recurses nor deadlocks.
 */
final class ExecutorWindow extends HostWindow {
    private enum State {
        IDLE, SUBMITTED, DRAINING
    }

    private final Executor executor;
    private final int limit;
    private final BiConsumer<String, Throwable> reporter;

    /** Guards everything below; not held while the executor is called or a message handled. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Message> messages = new ArrayDeque<>();
    private State state = State.IDLE;
    /** Counts submissions, so that a late task or refusal is not taken for that of a later one. */
    private long submission;

    ExecutorWindow(Object owner, long number, WindowProc windowProc, Executor executor, int limit,
            BiConsumer<String, Throwable> reporter) {
        super(owner, number, windowProc);
        this.executor = executor;
        this.limit = limit;
        this.reporter = reporter;
    }

    @Override
    boolean post(Message message) {
        long mine;
        lock.lock();
        try {
            if (!isAlive() || messages.size() >= limit) {
                return false;
            }
            messages.add(message);
            if (state != State.IDLE) {
                return true;
            }
            state = State.SUBMITTED;
            mine = ++submission;
        } finally {
            lock.unlock();
        }
        return submit(mine);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // not one that is equal
    boolean remove(Message message) {
        lock.lock();
        try {
            return messages.removeIf(queued -> queued == message);
        } finally {
            lock.unlock();
        }
    }

    @Override
    void dropMessages() {
        lock.lock();
        try {
            messages.clear();
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether the executor took the messages; it may have handled them already} */
    private boolean submit(long mine) {
        try {
            executor.execute(() -> drain(mine));
            return true;
        } catch (Throwable refusal) {
            int dropped = refused(mine);
            Fatal.rethrow(refusal);
            reporter.accept("handing messages of " + this + " to its executor; dropped: " + dropped, refusal);
            return dropped == 0;
        }
    }

    /** {@return how many messages are lost; 0 if the executor ran the task before it threw} */
    private int refused(long mine) {
        lock.lock();
        try {
            if (state != State.SUBMITTED || submission != mine) {
                return 0;
            }
            int dropped = messages.size();
            messages.clear();
            state = State.IDLE;
            return Math.max(dropped, 1);
        } finally {
            lock.unlock();
        }
    }

    private void drain(long mine) {
        lock.lock();
        try {
            if (state != State.SUBMITTED || submission != mine) {
                return;
            }
            state = State.DRAINING;
        } finally {
            lock.unlock();
        }
        boolean finished = false;
        try {
            for (Message message = nextOrIdle(); message != null; message = nextOrIdle()) {
                handleReporting(message);
            }
            finished = true;
        } finally {
            if (!finished) {
                // The virtual machine is failing; what it leaves is taken up by the next post, if there is one.
                becomeIdle();
            }
        }
    }

    private void handleReporting(Message message) {
        try {
            handle(message);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            reporter.accept("handling message " + message.number() + " of " + this, e);
        }
    }

    private Message nextOrIdle() {
        lock.lock();
        try {
            Message message = messages.poll();
            if (message == null) {
                state = State.IDLE;
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    private void becomeIdle() {
        lock.lock();
        try {
            state = State.IDLE;
        } finally {
            lock.unlock();
        }
    }
}
