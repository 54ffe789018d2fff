package org.ws2j.agent.behaviour;

import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Something that runs on a thread of its own, until it blocks and is ended by the main thread. */
final class Background {
    private static final long PATIENCE_SECONDS = 20;
    private static final long BETWEEN_LOOKS_NANOS = 4_000_000;

    /** How often the thread has to be found at the same place to count as blocked. */
    private static final int LOOKS = 4;

    private static final Set<Thread.State> WAITING =
            Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.BLOCKED);

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private volatile String outcome;
    private volatile boolean interrupted;

    private Background(Thread.Builder builder, Report.Action action) {
        thread = builder.unstarted(() -> {
            outcome = Report.outcome(action);
            interrupted = Thread.currentThread().isInterrupted();
            over.countDown();
        });
    }

    static Background platform(Report.Action action) {
        return started(Thread.ofPlatform().daemon(), action);
    }

    static Background virtual(Report.Action action) {
        return started(Thread.ofVirtual(), action);
    }

    private static Background started(Thread.Builder builder, Report.Action action) {
        Background made = new Background(builder, action);
        made.thread.start();
        return made;
    }

    /** Returns when the thread waits: parked, or inside the operating system at the same place several times. */
    Background awaitBlocked() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        int seen = 0;
        StackTraceElement last = null;
        while (seen < LOOKS && over.getCount() > 0) {
            StackTraceElement[] stack = thread.getStackTrace();
            StackTraceElement top = stack.length == 0 ? null : stack[0];
            boolean waits = top != null && (top.isNativeMethod() || WAITING.contains(thread.getState()));
            seen = waits && top.equals(last) ? seen + 1 : 0;
            last = top;
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not blocked: " + thread);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
        return this;
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    /** {@return what came of it} */
    String outcome() throws InterruptedException {
        if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            StringBuilder where = new StringBuilder("HANGS");
            for (StackTraceElement each : thread.getStackTrace()) {
                where.append(" < ").append(each);
            }
            return where.toString();
        }
        return outcome;
    }

    /** {@return what came of it, and whether the thread was interrupted afterwards} */
    String outcomeAndStatus() throws InterruptedException {
        String end = outcome();
        return end + ", interrupted " + interrupted;
    }
}
