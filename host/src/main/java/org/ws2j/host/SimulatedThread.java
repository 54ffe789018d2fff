package org.ws2j.host;

import java.io.Serial;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ws2j.host.event.EventWaits;
import org.ws2j.host.port.IoCompletionPorts;
import org.ws2j.host.system.FileFunctions;
import org.ws2j.host.window.MessageQueues;

/**
 * A thread of a simulated program: it runs from one turn to the next.
 *
 * <p>Only the thread itself writes its fields, while it has the turn, except {@link #permit} and {@link #interrupted}, which
 * everybody may set. Whoever gets the turn sees what was written before, by {@link #turn}.
 */
final class SimulatedThread extends Thread {
    static final long NEVER = Long.MAX_VALUE;

    /** What a program waits in. */
    private static final Set<String> CLIENT_FUNCTIONS = Stream.of(
            Winsock.class, EventWaits.class, IoCompletionPorts.class, MessageQueues.class, FileFunctions.class)
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet());

    /**
     * Ends a thread where it waits. The machine that it ran on is no more: like every error of that kind it passes through hosts
     * and providers.
     */
    private static final class Over extends VirtualMachineError {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    private final SimulatedScheduler scheduler;
    private final Simulation.Task task;
    private final Semaphore turn = new Semaphore(0);

    /** As LockSupport's: whether the next park returns at once. */
    private volatile boolean permit;

    /** Whether the thread was interrupted while it waited: the semaphore that it waits at hides the status meanwhile. */
    private volatile boolean interrupted;

    /** From when on the thread can run without a permit. */
    private volatile long wakeAt;

    /** While it waits for another thread to end: how many had ended when it last looked. -1 otherwise. */
    private volatile int endedSeen = -1;

    /** Whether it was told that the simulation is over. */
    private boolean isEnding;

    /** In how many calls of providers the thread is, one inside the other. */
    private int providerCalls;

    SimulatedThread(SimulatedScheduler scheduler, String name, Simulation.Task task, long now) {
        super(name);
        this.scheduler = scheduler;
        this.task = task;
        wakeAt = now;
        setDaemon(true);
    }

    @Override
    public void run() {
        awaitTurn();
        Throwable failure = null;
        try {
            if (!scheduler.isOver()) {
                task.run();
            }
        } catch (Over e) {
            // Where it was to end.
        } catch (Throwable e) {
            failure = e;
        }
        scheduler.ended(this, failure);
    }

    private void awaitTurn() {
        turn.acquireUninterruptibly();
        scheduler.joinEnded();
    }

    boolean belongsTo(SimulatedScheduler other) {
        return scheduler == other;
    }

    long wakeAt() {
        return wakeAt;
    }

    boolean canRun(long now) {
        return permit || interrupted || wakeAt <= now;
    }

    @Override
    public void interrupt() {
        super.interrupt();
        interrupted = true;
    }

    void permit() {
        permit = true;
    }

    /** Says what the next park is for; on the thread itself. */
    void waitsForAnEnd(int ended) {
        endedSeen = ended;
    }

    /** {@return whether the thread waits for an end, and has seen all that there were} */
    boolean waitsInVain(int ended) {
        return endedSeen == ended;
    }

    /** Parks; on the thread itself. */
    void park(long until) {
        handOver(until);
        if (scheduler.isOver()) {
            throw new Over();
        }
        permit = false;
        endedSeen = -1;
    }

    /** Gives the turn up, to get it back at a time, or when it is unparked or interrupted; on the thread itself. */
    void handOver(long until) {
        if (!scheduler.isOver()) {
            wakeAt = until;
            if (isInterrupted()) {
                interrupted = true;
            }
            if (!scheduler.handOn(this)) {
                awaitTurn();
            }
            interrupted = false;
        }
        if (scheduler.isOver() && !isEnding) {
            isEnding = true; // What the program does on its way out it does without turns.
            throw new Over();
        }
    }

    /** Enters a call of a provider; {@return whether it is not inside another one} */
    boolean enterProvider() {
        return providerCalls++ == 0;
    }

    void leaveProvider() {
        providerCalls--;
    }

    void giveTurn() {
        turn.release();
    }

    /** {@return the function of the client that the thread waits in, and where the program calls it} */
    String place() {
        StackTraceElement[] stack = getStackTrace();
        for (int i = stack.length - 1; i >= 0; i--) {
            if (CLIENT_FUNCTIONS.contains(stack[i].getClassName())) {
                String caller = i + 1 < stack.length ? ", called by " + stack[i + 1] : "";
                return stack[i].getMethodName() + caller;
            }
        }
        return stack.length == 0 ? "nothing" : stack[0].toString();
    }

    /** {@return the stack of the thread, to be added to an exception} */
    Throwable stack() {
        Throwable stack = new Throwable("the stack of " + getName());
        stack.setStackTrace(getStackTrace());
        return stack;
    }
}
