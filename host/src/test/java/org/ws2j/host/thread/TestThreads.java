package org.ws2j.host.thread;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** Starts threads whose outcome a test waits for. */
public final class TestThreads {
    private TestThreads() {
    }

    /** A task with the thread that runs it. */
    public static final class Running<T> {
        private final FutureTask<T> task;
        private final Thread thread;

        Running(Callable<T> callable, Thread.Builder builder) {
            task = new FutureTask<>(callable);
            thread = builder.unstarted(task);
        }

        public Thread thread() {
            return thread;
        }

        /** The outcome; waits for it. */
        public T get() throws Exception {
            return task.get();
        }

        public boolean isDone() {
            return task.isDone();
        }

        /** Waits until the thread is parked in a wait of the host, on whatever clock. */
        public Running<T> awaitParked() {
            while (!(LockSupport.getBlocker(thread) instanceof Pending) || !isWaiting()) {
                if (task.isDone()) {
                    throw new AssertionError("ended before it waited: " + task);
                }
                Thread.onSpinWait();
            }
            return this;
        }

        private boolean isWaiting() {
            Thread.State state = thread.getState();
            return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        }

        /** The outcome; then the thread itself is at its end. */
        public T ended() throws Exception {
            T result = task.get();
            thread.join();
            return result;
        }
    }

    public static <T> Running<T> start(Callable<T> task) {
        return started(new Running<>(task, Thread.ofPlatform().daemon()));
    }

    public static <T> Running<T> startVirtual(Callable<T> task) {
        return started(new Running<>(task, Thread.ofVirtual()));
    }

    private static <T> Running<T> started(Running<T> running) {
        running.thread().start();
        return running;
    }
}
