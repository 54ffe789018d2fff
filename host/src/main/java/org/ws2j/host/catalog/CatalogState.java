package org.ws2j.host.catalog;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * The catalog at one moment: never changes.
 *
 * @param entries the entries, in the order that rules enumeration and the choice of a provider
 * @param nextId the number for the next entry; greater than every number given so far, so that none is given twice
 */
public record CatalogState(List<CatalogEntry> entries, int nextId) {
    /** The number of the first entry of a catalog, as on Windows. */
    public static final int FIRST_ID = 1001;

    /** A catalog that nothing was installed into yet. */
    public static final CatalogState EMPTY = new CatalogState(List.of(), FIRST_ID);

    /** Copies the list. */
    public CatalogState {
        entries = List.copyOf(entries);
    }

    /**
     * Looks an entry up by its number.
     *
     * @param catalogEntryId the number
     * @return the entry; empty if there is none with that number (any more)
     */
    public Optional<CatalogEntry> entry(int catalogEntryId) {
        return first(entry -> entry.id() == catalogEntryId);
    }

    /**
     * Looks a provider up by its GUID.
     *
     * @param providerId the GUID
     * @return the first of the provider's entries; empty for an unknown GUID and for null
     */
    public Optional<CatalogEntry> entryOf(UUID providerId) {
        return first(entry -> entry.info().providerId().equals(providerId));
    }

    /**
     * Enumerates everything, hidden entries and layers alone included.
     *
     * @param protocols the protocol numbers wanted; none or null for all
     * @return the entries that accept one of the numbers, in order
     */
    public List<WsaProtocolInfo> wscEnumProtocols(int... protocols) {
        return infos(info -> ProtocolFilter.accepts(info, protocols));
    }

    /**
     * Enumerates what applications can use: base protocols and chains that are not hidden.
     *
     * @param protocols the protocol numbers wanted; none or null for all
     * @return the entries that accept one of the numbers, in order
     */
    public List<WsaProtocolInfo> wsaEnumProtocols(int... protocols) {
        return infos(info -> !info.isHidden()
                && !info.protocolChain().isLayer()
                && ProtocolFilter.accepts(info, protocols));
    }

    /**
     * Stores an enumeration as C asks for it.
     *
     * @param found what was enumerated
     * @param buffer filled from the first place on
     * @return how many entries were stored
     * @throws BufferTooSmallException {@code WSAENOBUFS} if the buffer is null or too small; it is not touched then
     */
    public static int store(List<WsaProtocolInfo> found, WsaProtocolInfo[] buffer) throws BufferTooSmallException {
        int offered = buffer == null ? 0 : buffer.length;
        // Null asks for the size: it fails even if there is nothing to store.
        if (buffer == null || offered < found.size()) {
            throw new BufferTooSmallException(WsaError.WSAENOBUFS, found.size(), offered);
        }
        for (int i = 0; i < found.size(); i++) {
            buffer[i] = found.get(i);
        }
        return found.size();
    }

    /**
     * Returns the path of a provider's module, as it was installed.
     *
     * @param providerId the provider
     * @return the path; references to the environment are not expanded
     * @throws WinsockException {@code WSAEFAULT} for null, {@code WSAEINVAL} for an unknown GUID
     */
    public String providerPath(UUID providerId) throws WinsockException {
        Refusal.ofNull(providerId, "the provider's GUID");
        return entryOf(providerId)
                .orElseThrow(() -> Refusal.unknownProvider(providerId))
                .path();
    }

    /**
     * Puts the path of a provider's module and a terminating NUL into a buffer, as C asks for it.
     *
     * @param providerId the provider
     * @param buffer filled from its position on, which advances
     * @return the length of the path with the NUL, in characters
     * @throws BufferTooSmallException {@code WSAEFAULT} if the buffer is null or too small; it is not touched then
     * @throws WinsockException as {@link #providerPath(UUID)}
     */
    public int providerPath(UUID providerId, CharBuffer buffer) throws WinsockException {
        String path = providerPath(providerId);
        int needed = path.length() + 1;
        int offered = buffer == null ? 0 : buffer.remaining();
        if (offered < needed) {
            throw new BufferTooSmallException(WsaError.WSAEFAULT, needed, offered);
        }
        buffer.put(path).put('\0');
        return needed;
    }

    /**
     * Returns the options of an entry.
     *
     * @param catalogEntryId the entry
     * @return names and values; empty for an unknown entry
     */
    public Map<String, String> options(int catalogEntryId) {
        return entry(catalogEntryId).map(CatalogEntry::options).orElse(Map.of());
    }

    private Optional<CatalogEntry> first(Predicate<CatalogEntry> wanted) {
        return entries.stream().filter(wanted).findFirst();
    }

    private List<WsaProtocolInfo> infos(Predicate<WsaProtocolInfo> wanted) {
        List<WsaProtocolInfo> found = new ArrayList<>();
        for (CatalogEntry entry : entries) {
            if (wanted.test(entry.info())) {
                found.add(entry.info());
            }
        }
        return List.copyOf(found);
    }
}
