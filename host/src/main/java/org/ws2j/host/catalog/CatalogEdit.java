package org.ws2j.host.catalog;

import org.ws2j.spi.WinsockException;

/**
 * A change to the catalog, as a function of the newest state: it does all or, by throwing, nothing.
 *
 * <p>It runs under the catalog's lock, so it calls nobody.
 *
 * @param <T> what the change tells its caller
 */
@FunctionalInterface
public interface CatalogEdit<T> {
    /**
     * Makes the state that follows.
     *
     * @param current the newest state
     * @return the state that follows, and the result for the caller
     * @throws WinsockException if the change is refused
     */
    Edited<T> apply(CatalogState current) throws WinsockException;

    /**
     * A change that was made.
     *
     * @param state the state that follows
     * @param result what the caller is told
     * @param <T> the type of the result
     */
    record Edited<T>(CatalogState state, T result) {}
}
