package org.ws2j.host.catalog;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * One entry of the catalog, with what the host keeps beside the protocol info.
 *
 * @param info the entry as everybody sees it
 * @param path where the provider's module lies, as it was installed
 * @param options names and values for the provider, in the order of the names
 * @param sha256 the digest that the module must have, 64 lower-case hexadecimal digits; null for any
 * @param installedWith the provider that was installed together with this entry: another one than the entry's own for a
 *     chain made by WSCInstallProviderAndChains, which has a GUID of its own
 */
public record CatalogEntry(
        WsaProtocolInfo info, String path, Map<String, String> options, String sha256, UUID installedWith) {
    /** Copies the options. */
    public CatalogEntry {
        Objects.requireNonNull(info, "info");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(installedWith, "installedWith");
        // Sorted, so that a file is written the same way each time.
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /**
     * Makes an entry that was installed by itself, without a pin.
     *
     * @param info the entry as everybody sees it
     * @param path where the provider's module lies
     * @param options names and values for the provider
     */
    public CatalogEntry(WsaProtocolInfo info, String path, Map<String, String> options) {
        this(info, path, options, null, info.providerId());
    }

    /** {@return the number that the catalog gave the entry} */
    public int id() {
        return info.catalogEntryId();
    }

    /**
     * Tells whether deinstalling a provider removes this entry.
     *
     * @param providerId the provider
     * @return true for the provider's entries, and for the chains that were made when it was installed
     */
    public boolean belongsTo(UUID providerId) {
        return info.providerId().equals(providerId) || installedWith.equals(providerId);
    }

    CatalogEntry withInfo(WsaProtocolInfo value) {
        return new CatalogEntry(value, path, options, sha256, installedWith);
    }

    CatalogEntry withPath(String value) {
        return new CatalogEntry(info, value, options, sha256, installedWith);
    }

    CatalogEntry withOptions(Map<String, String> value) {
        return new CatalogEntry(info, path, value, sha256, installedWith);
    }

    CatalogEntry withSha256(String value) {
        return new CatalogEntry(info, path, options, value, installedWith);
    }
}
