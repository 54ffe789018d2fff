package org.ws2j.host.catalog;

import org.ws2j.spi.WinsockException;

/** Where a catalog lies. Any thread may call. */
public interface CatalogStore {
    /**
     * Returns the newest state, changes by others included.
     *
     * @return the state; the very same object as long as it has not changed
     * @throws WinsockException {@code WSASYSCALLFAILURE} if the store cannot be read, or holds no catalog
     */
    CatalogState read() throws WinsockException;

    /**
     * Makes a change to the newest state, while nobody else makes one.
     *
     * @param edit the change
     * @param <T> the type of the result
     * @return what the change made
     * @throws WinsockException what the change throws; as {@link #read()}; {@code WSANO_RECOVERY} if the store cannot
     *     be written, {@code WSAEINPROGRESS} if somebody else does not finish his change. Nothing is changed then
     */
    <T> CatalogEdit.Edited<T> change(CatalogEdit<T> edit) throws WinsockException;
}
