package org.ws2j.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.ws2j.host.thread.Pending;
import org.ws2j.spi.HostClock;

/**
 * Gives the turn to one thread of a simulated program after the other.
 *
 * <p>The thread that has the turn runs, and everybody else waits; when it gives the turn up, it decides who is next. So nothing
 * here needs a lock: the turn is handed on by semaphores, and what the one has written the next one sees. Whoever calls {@link
 * #run} only watches that turns end.
 */
final class SimulatedScheduler implements HostClock {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long the end waits in real time for a thread that is not at its gate. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** 2000-01-01T00:00Z. */
    private static final long EPOCH_SECONDS = 946_684_800;
    private static final long PAUSE_NANOS = 1_000;

    /** In place of a count of ended threads. */
    private static final int NOT_FOR_AN_END = -1;

    private final SplittableRandom random;
    /** Guarded by this. */
    private final Set<String> names = new HashSet<>();

    /** Those that have not ended, in the order of their starts. */
    private final List<SimulatedThread> threads = new CopyOnWriteArrayList<>();
    private final List<Simulation.Turn> trace = new ArrayList<>();

    /** Has a permit when nobody has the turn any more: {@link #outcome} says why. */
    private final Semaphore runEnded = new Semaphore(0);

    /** All below are written by whoever has the turn. */
    private volatile long now;

    private volatile long limit = SimulatedThread.NEVER;
    private volatile SimulatedThread running;
    private final AtomicInteger turns = new AtomicInteger();

    /** How many threads have ended. */
    private final AtomicInteger ended = new AtomicInteger();

    /** A thread that may still be about to end; null for none. */
    private volatile SimulatedThread ending;

    /** What ended the run; null if all threads ended. */
    private volatile Throwable outcome;

    private volatile boolean over;
    private volatile Duration patience = PATIENCE;

    SimulatedScheduler(long seed) {
        random = new SplittableRandom(seed);
    }

    void patience(Duration realTime) {
        patience = realTime;
    }

    boolean isOver() {
        return over;
    }

    List<Simulation.Turn> trace() {
        return List.copyOf(trace);
    }

    // ---- the threads of the program ----

    synchronized Thread start(String name, Simulation.Task task) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("there is a thread " + name + " already");
        }
        SimulatedThread thread = new SimulatedThread(this, name, task, now);
        threads.add(thread);
        thread.start();
        return thread;
    }

    void pause() {
        SimulatedThread self = current();
        if (self != null) {
            long later = now + PAUSE_NANOS;
            if (!over) {
                now = later;
            }
            self.handOver(later);
        }
    }

    Object providerCall(TableProxies.Call call) throws Throwable {
        SimulatedThread self = current();
        if (self == null) {
            return call.make();
        }
        boolean isOutermost = self.enterProvider();
        try {
            if (isOutermost) {
                pause();
            }
            return call.make();
        } finally {
            self.leaveProvider();
        }
    }

    /** Gives the turn of a thread to the next one. {@return whether that is the same thread} */
    boolean handOn(SimulatedThread from) {
        SimulatedThread next;
        try {
            next = next();
        } catch (SimulationException e) {
            endRun(e);
            return false;
        }
        if (next == null) {
            endRun(null);
            return false;
        }
        trace.add(new Simulation.Turn(now, next.getName()));
        running = next;
        turns.incrementAndGet();
        if (next != from) {
            next.giveTurn();
        }
        return next == from;
    }

    /** A thread has come to its end, and has the turn for the last time. */
    void ended(SimulatedThread thread, Throwable failure) {
        if (over) {
            return;
        }
        ending = thread;
        ended.incrementAndGet();
        threads.remove(thread);
        if (failure == null) {
            handOn(thread);
        } else {
            endRun(failure);
        }
    }

    private void endRun(Throwable why) {
        outcome = why;
        runEnded.release();
    }

    /** Goes before each turn: whoever looks whether a thread lives is to see the same in each run. */
    void joinEnded() {
        SimulatedThread thread = ending;
        if (thread == null) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        ending = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private SimulatedThread current() {
        return Thread.currentThread() instanceof SimulatedThread self && self.belongsTo(this) ? self : null;
    }

    // ---- the clock ----

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long epochNanos() {
        return TimeUnit.SECONDS.toNanos(EPOCH_SECONDS) + now;
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        SimulatedThread self = current();
        if (self == null) {
            throw new IllegalStateException(
                    Thread.currentThread() + " cannot wait by the clock of a simulation that has not started it");
        }
        LockSupport.setCurrentBlocker(blocker);
        self.waitsForAnEnd(blocker instanceof Pending what && what.waitsForAnEnd() ? ended.get() : NOT_FOR_AN_END);
        self.park(nanos >= SimulatedThread.NEVER - now ? SimulatedThread.NEVER : now + Math.max(0, nanos));
        LockSupport.setCurrentBlocker(null);
    }

    @Override
    public void unpark(Thread thread) {
        if (thread instanceof SimulatedThread simulated && simulated.belongsTo(this)) {
            simulated.permit();
        } else {
            LockSupport.unpark(thread);
        }
    }

    // ---- the run ----

    void run(long newLimit) throws Exception {
        if (current() != null || over) {
            throw new IllegalStateException(over ? "the simulation is over" : "a thread of the program cannot run it");
        }
        limit = newLimit;
        boolean ended = false;
        try {
            handOn(null);
            awaitEnd();
            joinEnded();
            rethrow(outcome);
            ended = true;
        } finally {
            if (!ended) {
                end();
            }
        }
    }

    private void awaitEnd() throws InterruptedException {
        int seen = turns.get();
        while (!runEnded.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            if (turns.get() == seen) {
                throw stalled(running);
            }
            seen = turns.get();
        }
    }

    private SimulationException stalled(SimulatedThread thread) {
        Object blocker = LockSupport.getBlocker(thread);
        return report(
                thread.getName() + " has had the turn for " + patience + " of real time, and is " + thread.getState()
                        + (blocker == null ? "" : " at " + blocker));
    }

    /** {@return who gets the turn; null if all threads have ended} */
    private SimulatedThread next() {
        if (threads.isEmpty()) {
            return null;
        }
        if (now > limit) {
            throw report("the limit of " + Duration.ofNanos(limit) + " is over");
        }
        List<SimulatedThread> ready = ready();
        if (ready.isEmpty()) {
            now = earliest();
            ready = ready();
        }
        return ready.get(ready.size() == 1 ? 0 : random.nextInt(ready.size()));
    }

    private List<SimulatedThread> ready() {
        return threads.stream().filter(thread -> thread.canRun(now)).toList();
    }

    private long earliest() {
        long earliest = threads.stream().mapToLong(SimulatedThread::wakeAt).min().orElse(SimulatedThread.NEVER);
        // Who looks again and again whether somebody has ended sees the same as before.
        if (threads.stream()
                .allMatch(thread -> thread.wakeAt() == SimulatedThread.NEVER || thread.waitsInVain(ended.get()))) {
            throw report("no thread can go on, and none waits for a time");
        }
        if (earliest > limit) {
            throw report("the next thread can go on only after the limit of " + Duration.ofNanos(limit));
        }
        return earliest;
    }

    private static void rethrow(Throwable failure) throws Exception {
        switch (failure) {
            case null -> {}
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new SimulationException("a thread threw " + failure);
        }
    }

    private SimulationException report(String what) {
        SimulationException report = new SimulationException(what + " (at " + Duration.ofNanos(now) + "): "
                + threads.stream()
                        .map(thread -> thread.getName() + " is in " + thread.place() + until(thread))
                        .collect(Collectors.joining("; ")));
        threads.forEach(thread -> report.addSuppressed(thread.stack()));
        return report;
    }

    private static String until(SimulatedThread thread) {
        long wakeAt = thread.wakeAt();
        return wakeAt == SimulatedThread.NEVER ? "" : ", until " + Duration.ofNanos(wakeAt);
    }

    /** Ends the threads one after the other, each where it waits; one that does not wait here is interrupted, and left. */
    void end() {
        over = true;
        boolean interrupted = false;
        for (SimulatedThread thread : threads) {
            thread.giveTurn();
            interrupted |= !joined(thread);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return false if the calling thread was interrupted} */
    private boolean joined(SimulatedThread thread) {
        try {
            if (!thread.join(GRACE)) {
                thread.interrupt();
                thread.join(GRACE);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
