package org.ws2j.host.catalog;

import java.util.concurrent.locks.ReentrantLock;
import org.ws2j.spi.WinsockException;

/** A catalog that lives as long as this object. */
public final class MemoryCatalogStore implements CatalogStore {
    /** Held from reading the state to replacing it, so that no change is lost. */
    private final ReentrantLock changing = new ReentrantLock();

    /** Written under {@link #changing}, read by anyone. */
    private volatile CatalogState state;

    /**
     * Makes a store.
     *
     * @param initial what it holds at first
     */
    public MemoryCatalogStore(CatalogState initial) {
        state = initial;
    }

    @Override
    public CatalogState read() {
        return state;
    }

    @Override
    public <T> CatalogEdit.Edited<T> change(CatalogEdit<T> edit) throws WinsockException {
        changing.lock();
        try {
            CatalogEdit.Edited<T> edited = edit.apply(state);
            state = edited.state();
            return edited;
        } finally {
            changing.unlock();
        }
    }
}
