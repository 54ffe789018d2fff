package org.ws2j.host;

import java.time.Duration;
import java.util.List;
import org.ws2j.spi.HostClock;

/**
 * A machine on which a program with many threads runs the same way every time: one thread runs at a time, a seed decides which,
 * and time passes only when nobody can run.
 *
 * <p>The threads of the program are started here. Each runs until it waits by the simulation's clock, as everything does that
 * waits inside a {@link Winsock} and its providers; then one of those that can run goes on, chosen by the seed. If none can,
 * the clock jumps to the moment for which the first one waits: hours pass in no time. If none waits for a moment either, the
 * run ends with a {@link SimulationException} that tells who waits where.
 *
 * <pre>{@code
 * try (Simulation simulation = Simulation.seeded(42);
 *         Winsock winsock = Winsock.builder()
 *                 .simulation(simulation)
 *                 .catalog(memoryCatalog)
 *                 .build()) {
 *     winsock.wsaStartup(WinsockVersion.V2_2);
 *     simulation.start("server", () -> serve(winsock));
 *     simulation.start("client", () -> ask(winsock));
 *     simulation.run();
 * }
 * }</pre>
 *
 * <p>The same seed makes the same {@linkplain #trace() choices} in the same program; another one is another interleaving of its
 * threads. With {@link WinsockBuilder#clock clock(simulation.clock())} threads take turns where they wait; with
 * {@link WinsockBuilder#simulation simulation(simulation)} also at each call of a provider.
 *
 * <p>What the program must not do: wait for anything but the clock, be it for a lock that a thread which has not got the turn
 * holds, a {@code Thread.sleep}, or the real network. Use the provider {@code memory}, and for waiting among threads the
 * host's own events. A thread that keeps the turn for too long of real time ends the run with a report. It should also do
 * nothing that differs from run to run: iterate over identity hashes, read the real time, or ask for the number of processors,
 * which a completion port does whose concurrency is 0.
 *
 * <p><b>Threads.</b> {@link #run} belongs to one thread, which is none of the program's. {@link #start} and the clock may be
 * used by all. An unpark from outside the program is obeyed, but when it comes is not decided here.
 */
public final class Simulation implements AutoCloseable {
    private final SimulatedScheduler scheduler;

    private Simulation(long seed) {
        scheduler = new SimulatedScheduler(seed);
    }

    /** What a thread of the program does. */
    @FunctionalInterface
    public interface Task {
        /**
         * Runs on a thread of its own, when that thread has the turn.
         *
         * @throws Exception anything: it ends the run, which throws it
         */
        void run() throws Exception;
    }

    /**
     * A choice of the simulation.
     *
     * @param nanos the time of the {@linkplain #clock() clock}, in nanoseconds
     * @param thread the name of the thread that got the turn
     */
    public record Turn(long nanos, String thread) {}

    /**
     * Makes a simulation.
     *
     * @param seed decides which thread gets each turn
     * @return the simulation, at the time 0
     */
    public static Simulation seeded(long seed) {
        return new Simulation(seed);
    }

    /**
     * Sets how long a thread may keep the turn; 20 seconds at first.
     *
     * @param realTime the time on the clock of the machine
     * @return this simulation
     */
    public Simulation patience(Duration realTime) {
        scheduler.patience(realTime);
        return this;
    }

    /**
     * Returns the clock of the simulation. Only its own threads can park by it; on others that fails with an
     * {@link IllegalStateException}.
     *
     * @return the clock: it starts at 0, and at the wall-clock time 2000-01-01T00:00Z
     */
    public HostClock clock() {
        return scheduler;
    }

    /**
     * Starts a thread of the program. It runs when it gets its first turn in {@link #run}; a thread of the program may start
     * others.
     *
     * @param name a name that no other thread of this simulation has
     * @param task what it does
     * @return the thread, to interrupt it
     * @throws IllegalArgumentException if the name is taken
     */
    public Thread start(String name, Task task) {
        return scheduler.start(name, task);
    }

    /**
     * Lets the seed decide who goes on, if a thread of the program calls this; any other goes on itself. Takes 1 µs of the clock.
     * Once the simulation is over, the first one ends the thread, and what it does on its way out goes on here.
     */
    public void pause() {
        scheduler.pause();
    }

    /** A call of a provider: the thread takes turns before it, unless it is inside another one, where locks may be held. */
    Object providerCall(TableProxies.Call call) throws Throwable {
        return scheduler.providerCall(call);
    }

    /**
     * Runs the program until all of its threads have ended. May be called again after more were started.
     *
     * @throws SimulationException if no thread can ever go on, or one keeps the turn for too long
     * @throws Exception (or error) what the first thread threw that failed; the others are ended where they wait, or pause
     */
    public void run() throws Exception {
        scheduler.run(Long.MAX_VALUE);
    }

    /**
     * Runs the program, but not longer than to a moment of the clock.
     *
     * @param limit the moment, from the time 0 on
     * @throws SimulationException as {@link #run()}, and if threads could go on only after the limit
     * @throws Exception as {@link #run()}
     */
    public void run(Duration limit) throws Exception {
        scheduler.run(limit.toNanos());
    }

    /** {@return the time that has passed on the clock} */
    public Duration elapsed() {
        return Duration.ofNanos(scheduler.nanoTime());
    }

    /** {@return all choices so far, in order: equal for two runs that went the same way} */
    public List<Turn> trace() {
        return scheduler.trace();
    }

    /**
     * Ends threads that have not ended, where they wait, or pause. After a run that failed there are none, but for one that waits for
     * something else, or computes for ever.
     */
    @Override
    public void close() {
        scheduler.end();
    }
}
