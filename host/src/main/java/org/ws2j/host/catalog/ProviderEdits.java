package org.ws2j.host.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * The changes to single providers and entries. Arguments are checked when the edit is made, the rest when it is
 * applied.
 */
public final class ProviderEdits {
    private ProviderEdits() {}

    /**
     * WSCInstallProvider: appends a provider's entries.
     *
     * @param providerId the provider's GUID, which every entry gets
     * @param path where its module lies
     * @param infos the entries; their GUIDs and numbers do not matter
     * @param options names and values for each of the entries
     * @return the edit; its result are the entries as they were installed
     * @throws WinsockException {@code WSAEFAULT} for null, {@code WSAEINVAL} for a bad argument; the edit throws {@code
     *     WSANO_RECOVERY} for a GUID that is installed, {@code WSAEINVAL} for a chain over what is not there
     */
    public static CatalogEdit<List<WsaProtocolInfo>> install(
            UUID providerId, String path, List<WsaProtocolInfo> infos, Map<String, String> options)
            throws WinsockException {
        Refusal.ofNull(providerId, "the provider's GUID");
        EntryRules.checkPath(path);
        EntryRules.checkOptions(options);
        List<WsaProtocolInfo> wanted = checked(infos);
        if (wanted.isEmpty()) {
            throw Refusal.invalid("a provider needs at least one entry");
        }
        return current -> {
            if (current.entryOf(providerId).isPresent()) {
                throw Refusal.noRecovery("the provider " + providerId + " is installed already");
            }
            NewIds ids = new NewIds(current.nextId());
            List<WsaProtocolInfo> installed = new ArrayList<>();
            List<CatalogEntry> entries = new ArrayList<>(current.entries());
            for (WsaProtocolInfo info : wanted) {
                checkChain(current, info);
                WsaProtocolInfo numbered = adopted(info, providerId, ids.next());
                installed.add(numbered);
                entries.add(new CatalogEntry(numbered, path, options));
            }
            return new CatalogEdit.Edited<>(new CatalogState(entries, ids.nextId()), List.copyOf(installed));
        };
    }

    /**
     * WSCDeinstallProvider: removes a provider's entries, and the chains that were made when it was installed.
     *
     * @param providerId the provider
     * @return the edit
     * @throws WinsockException {@code WSAEFAULT} for null; the edit throws {@code WSAEINVAL} for an unknown GUID
     */
    public static CatalogEdit<Void> deinstall(UUID providerId) throws WinsockException {
        Refusal.ofNull(providerId, "the provider's GUID");
        return current -> {
            List<CatalogEntry> kept = new ArrayList<>(current.entries());
            if (!kept.removeIf(entry -> entry.belongsTo(providerId))) {
                throw Refusal.unknownProvider(providerId);
            }
            return done(new CatalogState(kept, current.nextId()));
        };
    }

    /**
     * WSCUpdateProvider: gives a provider another path, and some of its entries other values.
     *
     * @param providerId the provider
     * @param path where its module lies now; its chains go with it
     * @param infos new values for the entries with these numbers; the other entries keep theirs
     * @return the edit
     * @throws WinsockException {@code WSAEFAULT} for null, {@code WSAEINVAL} for a bad argument; the edit throws {@code
     *     WSAEINVAL} for an unknown GUID, for a number that is not one of the provider's entries, and for a chain over
     *     what is not there, or over itself
     */
    public static CatalogEdit<Void> update(UUID providerId, String path, List<WsaProtocolInfo> infos)
            throws WinsockException {
        Refusal.ofNull(providerId, "the provider's GUID");
        EntryRules.checkPath(path);
        List<WsaProtocolInfo> wanted = checked(infos);
        return current -> {
            if (current.entryOf(providerId).isEmpty()) {
                throw Refusal.unknownProvider(providerId);
            }
            Map<Integer, WsaProtocolInfo> byId = new HashMap<>();
            for (WsaProtocolInfo info : wanted) {
                checkOwner(current, info.catalogEntryId(), providerId);
                checkChain(current, info);
                byId.put(info.catalogEntryId(), info);
            }
            CatalogState state = mapped(current, entry -> entry.belongsTo(providerId)
                    ? updated(entry, byId.get(entry.id())).withPath(path)
                    : entry);
            Optional<Integer> endless = ChainRules.endlessChain(state);
            if (endless.isPresent()) {
                throw Refusal.invalid("the chain " + endless.get() + " would lead back to itself");
            }
            return done(state);
        };
    }

    /**
     * WSCWriteProviderOrder: puts the entries into another order.
     *
     * @param catalogEntryIds the numbers of all entries, each once
     * @return the edit
     * @throws WinsockException {@code WSAEFAULT} for null; the edit throws {@code WSAEINVAL} if a number is missing,
     *     unknown or there twice
     */
    public static CatalogEdit<Void> order(int... catalogEntryIds) throws WinsockException {
        Refusal.ofNull(catalogEntryIds, "the list of entries");
        int[] wanted = catalogEntryIds.clone();
        return current -> {
            int[] given = Arrays.stream(wanted).sorted().toArray();
            int[] all =
                    current.entries().stream().mapToInt(CatalogEntry::id).sorted().toArray();
            if (!Arrays.equals(given, all)) {
                throw Refusal.invalid("an order names every entry once: " + Arrays.toString(all) + ", not "
                        + Arrays.toString(given));
            }
            List<CatalogEntry> ordered = Arrays.stream(wanted)
                    .mapToObj(id -> current.entry(id).orElseThrow())
                    .toList();
            return done(new CatalogState(ordered, current.nextId()));
        };
    }

    /**
     * Replaces the options of an entry.
     *
     * @param catalogEntryId the entry
     * @param options names and values
     * @return the edit
     * @throws WinsockException {@code WSAEFAULT} for null, {@code WSAEINVAL} for an option without a name; the edit
     *     throws {@code WSAEINVAL} for an unknown entry
     */
    public static CatalogEdit<Void> options(int catalogEntryId, Map<String, String> options) throws WinsockException {
        EntryRules.checkOptions(options);
        Map<String, String> wanted = Map.copyOf(options);
        return one(catalogEntryId, entry -> entry.withOptions(wanted));
    }

    /**
     * Pins the module of an entry to its content.
     *
     * @param catalogEntryId the entry
     * @param sha256 the digest, 64 hexadecimal digits of either case; null for no pin
     * @return the edit
     * @throws WinsockException {@code WSAEINVAL} for what is no digest; the edit throws it for an unknown entry
     */
    public static CatalogEdit<Void> pin(int catalogEntryId, String sha256) throws WinsockException {
        String digest = sha256 == null ? null : sha256.toLowerCase(Locale.ROOT);
        if (digest != null) {
            EntryRules.refuse(EntryRules.sha256Problem(digest));
        }
        return one(catalogEntryId, entry -> entry.withSha256(digest));
    }

    private static CatalogEdit<Void> one(int catalogEntryId, UnaryOperator<CatalogEntry> change) {
        return current -> {
            if (current.entry(catalogEntryId).isEmpty()) {
                throw Refusal.unknownEntry(catalogEntryId);
            }
            return done(mapped(current, entry -> entry.id() == catalogEntryId ? change.apply(entry) : entry));
        };
    }

    private static List<WsaProtocolInfo> checked(List<WsaProtocolInfo> infos) throws WinsockException {
        Refusal.ofNull(infos, "the list of entries");
        List<WsaProtocolInfo> copy = new ArrayList<>(infos);
        for (WsaProtocolInfo info : copy) {
            EntryRules.checkInfo(info);
        }
        return copy;
    }

    private static void checkChain(CatalogState current, WsaProtocolInfo info) throws WinsockException {
        for (int element : EntryRules.trimmed(info.protocolChain()).chainEntries()) {
            if (current.entry(element).isEmpty()) {
                throw Refusal.invalid("a chain needs its entries to be installed before it: there is no " + element);
            }
        }
    }

    private static void checkOwner(CatalogState current, int id, UUID providerId) throws WinsockException {
        CatalogEntry entry = current.entry(id).orElseThrow(() -> Refusal.unknownEntry(id));
        if (!entry.info().providerId().equals(providerId)) {
            throw Refusal.invalid("the entry " + id + " is not one of the provider " + providerId);
        }
    }

    private static CatalogEntry updated(CatalogEntry entry, WsaProtocolInfo wanted) {
        return wanted == null
                ? entry
                : entry.withInfo(adopted(wanted, entry.info().providerId(), entry.id()));
    }

    private static WsaProtocolInfo adopted(WsaProtocolInfo info, UUID providerId, int id) {
        return info.toBuilder()
                .providerId(providerId)
                .catalogEntryId(id)
                .protocolChain(EntryRules.trimmed(info.protocolChain()))
                .build();
    }

    private static CatalogState mapped(CatalogState current, UnaryOperator<CatalogEntry> change) {
        return new CatalogState(current.entries().stream().map(change).toList(), current.nextId());
    }

    private static CatalogEdit.Edited<Void> done(CatalogState state) {
        return new CatalogEdit.Edited<>(state, null);
    }
}
