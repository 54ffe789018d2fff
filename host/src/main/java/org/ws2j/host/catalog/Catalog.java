package org.ws2j.host.catalog;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.ws2j.spi.WinsockException;

/**
 * The protocol catalog: its newest state, changes one at a time, and who wants to hear of them.
 *
 * <p>Any thread may call. Watches are called by the thread that made or found the change, after the lock was released.
 */
public final class Catalog {
    private final CatalogStore store;

    /** Guards {@link #seen}, and keeps a change and its being seen together. Nobody else's code runs under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final List<CatalogWatch> watches = new CopyOnWriteArrayList<>();

    /** The state that watches have been told of. */
    private CatalogState seen;

    private Catalog(CatalogStore store, CatalogState seen) {
        this.store = store;
        this.seen = seen;
    }

    /**
     * Opens the catalog in a store.
     *
     * @param store where it lies
     * @return the catalog
     * @throws WinsockException {@code WSASYSCALLFAILURE} if the store cannot be read, or holds no catalog
     */
    public static Catalog open(CatalogStore store) throws WinsockException {
        return new Catalog(store, store.read());
    }

    /**
     * Makes a catalog that lives as long as its object.
     *
     * @param initial what it holds at first
     * @return the catalog
     */
    public static Catalog inMemory(CatalogState initial) {
        return new Catalog(new MemoryCatalogStore(initial), initial);
    }

    /**
     * Returns the newest state, changes by other processes included; it is a snapshot for whoever keeps it, as a
     * process does from its WSAStartup on.
     *
     * @return the state
     * @throws WinsockException {@code WSASYSCALLFAILURE} if the store cannot be read, or holds no catalog any more
     */
    public CatalogState snapshot() throws WinsockException {
        CatalogState newest;
        boolean changed;
        lock.lock();
        try {
            newest = store.read();
            changed = !newest.equals(seen);
            seen = newest;
        } finally {
            lock.unlock();
        }
        if (changed) {
            tellAll();
        }
        return newest;
    }

    /**
     * Returns the state that was read last, without asking the store: for callers that can tell nobody of a broken
     * store.
     *
     * @return the last good state
     */
    public CatalogState lastGood() {
        lock.lock();
        try {
            return seen;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes a change, then tells the watches.
     *
     * @param edit the change
     * @param <T> the type of the result
     * @return what the change tells its caller
     * @throws WinsockException as {@link CatalogStore#change}; nothing is changed then
     */
    public <T> T change(CatalogEdit<T> edit) throws WinsockException {
        CatalogEdit.Edited<T> edited;
        lock.lock();
        try {
            edited = store.change(edit);
            seen = edited.state();
        } finally {
            lock.unlock();
        }
        tellAll();
        return edited.result();
    }

    /**
     * Asks to be told of each successful change: one made here, and one of another process when it is found.
     *
     * @param changed called by the thread that made or found the change, no lock held. If it throws, the other watches
     *     are still called, then the exception leaves the call that made or found the change; the change stays made
     * @return the registration
     */
    public CatalogWatch watch(Runnable changed) {
        CatalogWatch watch = new CatalogWatch(changed, watches::remove);
        watches.add(watch);
        return watch;
    }

    private void tellAll() {
        Throwable failure = null;
        for (CatalogWatch watch : watches) {
            try {
                watch.fire();
            } catch (RuntimeException | Error thrown) {
                failure = firstOf(failure, thrown);
            }
        }
        switch (failure) {
            case null -> {}
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new AssertionError(failure);
        }
    }

    private static Throwable firstOf(Throwable first, Throwable next) {
        if (first == null || first == next) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}
