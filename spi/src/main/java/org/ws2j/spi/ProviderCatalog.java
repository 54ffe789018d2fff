package org.ws2j.spi;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a provider may ask of the protocol catalog: it is the live one, hidden entries and layers included. */
public interface ProviderCatalog {
    /**
     * Enumerates the catalog, in its order.
     *
     * @param protocols the protocol numbers wanted; none for all
     * @return every entry, hidden ones and layers alone included
     */
    List<WsaProtocolInfo> wscEnumProtocols(int... protocols);

    /**
     * Enumerates the catalog into a buffer, as C asks for it.
     *
     * @param protocols the protocol numbers wanted; null for all
     * @param buffer filled from the first place on
     * @return how many entries were stored
     * @throws BufferTooSmallException {@code WSAENOBUFS} if the buffer is null or too small; it tells the number of entries,
     *     and the buffer is not touched
     */
    int wscEnumProtocols(int[] protocols, WsaProtocolInfo[] buffer) throws BufferTooSmallException;

    /**
     * Returns the path of a provider's module, as {@link Upcalls#wpuGetProviderPath(UUID)}.
     *
     * @param providerId the provider's GUID
     * @return the path as it was installed; references to the environment are not expanded
     * @throws WinsockException {@code WSAEINVAL} for an unknown GUID, {@code WSAEFAULT} for null
     */
    String wscGetProviderPath(UUID providerId) throws WinsockException;

    /**
     * Loads the module at a path, if it is not loaded yet, and returns its start-up function: LoadLibrary and GetProcAddress
     * in one.
     *
     * @param path a path of the catalog; references to the environment are expanded here
     * @return the start-up function, the same one each time
     * @throws WinsockException {@code WSAEPROVIDERFAILEDINIT} if there is no module at that path, it cannot be loaded, or it
     *     is not the one that an entry with that path is pinned to
     */
    TransportProvider loadProvider(String path) throws WinsockException;

    /**
     * Returns the options that an entry was installed with.
     *
     * @param catalogEntryId the entry
     * @return names and values; empty for an entry without options and for an unknown one
     */
    Map<String, String> options(int catalogEntryId);
}
