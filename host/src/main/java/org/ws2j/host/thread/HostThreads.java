package org.ws2j.host.thread;

import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ws2j.spi.HostClock;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaThreadId;

/**
 * The threads that a host has seen: their records, their ids, and the procedures queued for them.
 *
 * <p>A thread needs no registration; its record is made when it is first needed and goes with the thread. All methods may
 * be called from any thread.
 */
public final class HostThreads {
    private final Realm realm = new Realm();
    private final HostClock clock;
    private final BiConsumer<String, Throwable> reporter;
    private final AtomicInteger slots = new AtomicInteger();

    /** Not static: the records of one host are not those of another one. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<HostThread> records = new ThreadLocal<>();

    /** Every record; weakly, since a record lives in its thread and shall go with it. */
    private final Set<Reference<HostThread>> known = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<HostThread> collected = new ReferenceQueue<>();

    /**
     * Makes the threads of a host.
     *
     * @param clock what all waiting goes by
     * @param reporter takes what procedures, sinks and handlers throw: what was being done, and the failure
     */
    public HostThreads(HostClock clock, BiConsumer<String, Throwable> reporter) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.reporter = Objects.requireNonNull(reporter, "reporter");
    }

    /** {@return the record of the calling thread, made if there is none} */
    public HostThread current() {
        HostThread record = records.get();
        return record != null ? record : register();
    }

    /** {@return the record of the calling thread, null if there is none} */
    public HostThread currentOrNull() {
        return records.get();
    }

    /**
     * Makes a place in every record of this host.
     *
     * @param <T> what lies there
     * @param maker makes it at first use, on the thread itself; what it makes must not refer to the host
     * @return the slot
     */
    public <T> ThreadSlot<T> newSlot(Function<HostThread, T> maker) {
        return new ThreadSlot<>(slots.getAndIncrement(), maker);
    }

    /** {@return a new id of the calling thread, distinct from all others; {@link #close} gives it up} */
    public WsaThreadId openId() {
        HostThread record = current();
        record.openIds().incrementAndGet();
        return new HostThreadId(record, false);
    }

    /**
     * Gives up an id. What was queued to it still runs. The thread may have ended.
     *
     * @param id an id from {@link #openId}
     * @throws WinsockException {@code WSAEINVAL} for anything else, and the second time
     */
    public void close(WsaThreadId id) throws WinsockException {
        HostThreadId opened = ours(id);
        if (opened == null || opened.isImplicit() || !opened.close()) {
            throw new WinsockException(WSAEINVAL, "not an open thread id of this host: " + id);
        }
        opened.thread().openIds().decrementAndGet();
    }

    /**
     * Queues a procedure for a thread; never blocks.
     *
     * @param id names the thread
     * @param userApc runs there in an alertable wait
     * @param context its parameter
     * @throws WinsockException {@code WSAEFAULT} for null, another host's id, a closed one, one whose thread has ended, and
     *     for a null procedure
     */
    public void queueApc(WsaThreadId id, UserApc userApc, Object context) throws WinsockException {
        queueApc(id, userApc, context, () -> true);
    }

    /**
     * Queues a procedure for a thread, as long as it may be.
     *
     * @param id names the thread
     * @param userApc runs there in an alertable wait
     * @param context its parameter
     * @param allowed asked once it is queued: what comes too late is taken back
     * @return false if it was taken back
     * @throws WinsockException {@code WSAEFAULT} as {@link #queueApc(WsaThreadId, UserApc, Object)}
     */
    public boolean queueApc(WsaThreadId id, UserApc userApc, Object context, BooleanSupplier allowed)
            throws WinsockException {
        if (userApc == null) {
            throw new WinsockException(WSAEFAULT, "no procedure");
        }
        HostThreadId open = ours(id);
        if (open == null || open.isClosed()) {
            throw new WinsockException(WSAEFAULT, "not an open thread id of this host: " + id);
        }
        HostThread target = open.thread();
        if (!target.isAlive()) {
            target.dropApcs();
            throw new WinsockException(WSAEFAULT, "the thread has ended: " + target);
        }
        return target.queue(userApc, context, allowed);
    }

    /**
     * Runs what is queued for the calling thread, in order, until nothing is left, what the procedures queue included. One
     * that waits alertably goes on with those after it.
     *
     * @return whether any ran
     */
    public boolean runApcs() {
        HostThread record = currentOrNull();
        // Nothing can be queued for a thread that never had an id.
        return record != null && runApcs(record);
    }

    private boolean runApcs(HostThread record) {
        HostThread.Apc apc = record.nextApc();
        boolean ran = apc != null;
        while (apc != null) {
            run(apc);
            apc = record.nextApc();
        }
        return ran;
    }

    private void run(HostThread.Apc apc) {
        try {
            apc.procedure().run(apc.context());
        } catch (Throwable e) {
            Fatal.rethrow(e);
            report("running a queued procedure", e);
        }
    }

    /**
     * Reports a failure that no caller can be told of.
     *
     * @param what what was being done, to what
     * @param failure what was thrown
     */
    public void report(String what, Throwable failure) {
        reporter.accept(what, failure);
    }

    /** {@return how many ids from {@link #openId} are open; those of threads that have ended do not count} */
    public int openIds() {
        known.removeIf(HostThreads::hasEnded);
        return records().mapToInt(record -> record.openIds().get()).sum();
    }

    /** Drops every queued procedure, as the last clean-up does; ids stay as they are. */
    public void dropApcs() {
        records().forEach(HostThread::dropApcs);
    }

    private Stream<HostThread> records() {
        return known.stream().map(Reference::get).filter(Objects::nonNull);
    }

    private static boolean hasEnded(Reference<HostThread> reference) {
        HostThread record = reference.get();
        return record == null || !record.isAlive();
    }

    private HostThread register() {
        for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
            known.remove(gone);
        }
        HostThread record = new HostThread(realm, clock);
        known.add(new WeakReference<>(record, collected));
        records.set(record);
        return record;
    }

    /** {@return the id as one of this host's, null for any other} */
    private HostThreadId ours(WsaThreadId id) {
        return id instanceof HostThreadId hostId && hostId.thread().realm() == realm ? hostId : null;
    }
}
