package org.ws2j.host.startup;

import java.util.UUID;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** What start-up asks of the catalog: the process's own view of it, and beyond that the live one. */
public interface CatalogView {
    /**
     * Finds an entry.
     *
     * @param catalogEntryId its number
     * @return the entry, null if there is none
     */
    WsaProtocolInfo entry(int catalogEntryId);

    /**
     * Counts the entries of a provider.
     *
     * @param providerId the provider's GUID
     * @return how many entries have it
     */
    long entriesOf(UUID providerId);

    /**
     * Finds the path of a provider's module.
     *
     * @param providerId the provider's GUID
     * @return the path as it was installed
     * @throws WinsockException {@code WSAEINVAL} for an unknown GUID
     */
    String path(UUID providerId) throws WinsockException;

    /**
     * Replaces the references to the environment in a path.
     *
     * @param path a path as it was installed
     * @return the path to load from
     */
    String expand(String path);

    /**
     * Checks a module against the pins of the entries that name its path.
     *
     * @param path the path, without references to the environment
     * @param digest the SHA-256 digest of the module's file, in lower-case hexadecimal digits; null without a readable file
     * @throws WinsockException {@code WSAEPROVIDERFAILEDINIT} if it is not the module that was pinned
     */
    void verify(String path, String digest) throws WinsockException;
}
