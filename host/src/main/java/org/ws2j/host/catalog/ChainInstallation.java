package org.ws2j.host.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * WSCInstallProviderAndChains: a layer's hidden entry, and its chains over what is installed.
 *
 * <pre>
 *   before:  1001 tcp, 1002 udp
 *   after:   1004 layer over [tcp] (1003, 1001), 1005 layer over [udp] (1003, 1002), 1001 tcp, 1002 udp, 1003 layer
 * </pre>
 *
 * <p>Each chain gets a GUID of its own, since a provider is started once for each GUID, and a layer that mixes its own
 * functions with those of the layer below needs a table for each chain.
 */
public final class ChainInstallation implements CatalogEdit<ChainInstallation.Installed> {
    private final UUID providerId;

    private final String path;

    private final String name;

    private final int serviceFlags;

    private final List<Triple> wanted;

    private final Map<String, String> options;

    /**
     * Checks the arguments.
     *
     * @param providerId the layer's GUID, for its hidden entry
     * @param path where its module lies
     * @param name the layer's name
     * @param serviceFlags {@link ServiceFlag#XP1_IFS_HANDLES} or 0, for the hidden entry and the chains
     * @param infos what to go over: of each, family, type and protocol count, and duplicates do not; null for every
     *     base protocol
     * @param options names and values for the hidden entry and each chain
     * @throws WinsockException {@code WSAEINVAL} for a null GUID, a null or bad path or name, other flags and an empty
     *     list; {@code WSAEFAULT} for null options and a null in the list
     */
    public ChainInstallation(
            UUID providerId,
            String path,
            String name,
            int serviceFlags,
            List<WsaProtocolInfo> infos,
            Map<String, String> options)
            throws WinsockException {
        // This call documents WSAEINVAL for them, unlike its neighbours.
        if (providerId == null || path == null || name == null) {
            throw Refusal.invalid("the GUID, the path and the name must be given");
        }
        EntryRules.checkPath(path);
        EntryRules.refuse(EntryRules.nameProblem(name));
        if (name.isBlank()) {
            throw Refusal.invalid("the layer has no name");
        }
        if ((serviceFlags & ~ServiceFlag.XP1_IFS_HANDLES) != 0) {
            throw Refusal.invalid("the flags can be XP1_IFS_HANDLES or 0, not 0x" + Integer.toHexString(serviceFlags));
        }
        EntryRules.checkOptions(options);
        this.providerId = providerId;
        this.path = path;
        this.name = name;
        this.serviceFlags = serviceFlags;
        this.wanted = infos == null ? null : triples(infos);
        this.options = Map.copyOf(options);
    }

    /**
     * Makes the entries.
     *
     * @throws WinsockException {@code WSAEINVAL} if the GUID or the name is in the catalog already, or nothing there is
     *     what the list asks for; {@code WSANO_RECOVERY} without a list if there is no base protocol, and if a chain
     *     would be longer than {@link ProtocolChain#MAX_PROTOCOL_CHAIN}
     */
    @Override
    public Edited<Installed> apply(CatalogState current) throws WinsockException {
        checkUnknown(current);
        List<WsaProtocolInfo> lower = wanted == null ? bases(current) : topmost(current);
        NewIds ids = new NewIds(current.nextId());
        WsaProtocolInfo hidden = hidden(lower.getFirst(), ids.next());
        List<CatalogEntry> entries = new ArrayList<>();
        List<WsaProtocolInfo> chains = new ArrayList<>();
        for (WsaProtocolInfo below : lower) {
            WsaProtocolInfo chain = chain(below, hidden.catalogEntryId(), ids.next());
            chains.add(chain);
            entries.add(entry(chain));
        }
        entries.addAll(current.entries());
        entries.add(entry(hidden));
        return new Edited<>(
                new CatalogState(entries, ids.nextId()), new Installed(hidden.catalogEntryId(), List.copyOf(chains)));
    }

    /**
     * What was installed.
     *
     * @param hiddenEntryId the number of the layer's hidden entry, which stands for the layer in chains
     * @param chains the chains, in their order
     */
    public record Installed(int hiddenEntryId, List<WsaProtocolInfo> chains) {}

    private void checkUnknown(CatalogState current) throws WinsockException {
        for (CatalogEntry entry : current.entries()) {
            if (entry.belongsTo(providerId)) {
                throw Refusal.invalid("the provider " + providerId + " is installed already");
            }
            if (entry.info().protocolName().equals(name)) {
                throw Refusal.invalid("the name \"" + name + "\" is in the catalog already");
            }
        }
    }

    private static List<WsaProtocolInfo> bases(CatalogState current) throws WinsockException {
        List<WsaProtocolInfo> found = new ArrayList<>();
        Set<Triple> triples = new HashSet<>();
        for (CatalogEntry entry : current.entries()) {
            WsaProtocolInfo info = entry.info();
            if (info.protocolChain().isBase() && triples.add(Triple.of(info))) {
                found.add(info);
            }
        }
        if (found.isEmpty()) {
            throw Refusal.noRecovery("there is no base protocol to go over");
        }
        return found;
    }

    private List<WsaProtocolInfo> topmost(CatalogState current) throws WinsockException {
        List<WsaProtocolInfo> found = new ArrayList<>();
        for (Triple triple : wanted) {
            Predicate<WsaProtocolInfo> fits =
                    info -> !info.protocolChain().isLayer() && Triple.of(info).equals(triple);
            found.add(current.entries().stream()
                    .map(CatalogEntry::info)
                    .filter(fits)
                    .findFirst()
                    .orElseThrow(() -> Refusal.invalid("nothing in the catalog has " + triple)));
        }
        return found;
    }

    /** The rest comes from an entry below: a hidden entry is used by no one, and some fields may not be 0. */
    private WsaProtocolInfo hidden(WsaProtocolInfo below, int id) {
        int flags = (below.providerFlags() | ProviderFlag.PFL_HIDDEN) & ~ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO;
        return below.toBuilder()
                .serviceFlags1(layerFlags(below))
                .providerFlags(flags)
                .providerId(providerId)
                .catalogEntryId(id)
                .protocolChain(ProtocolChain.LAYER)
                .socketType(0)
                .protocolName(name)
                .build();
    }

    /** The other flags stay: layers find the entry below by comparing them all. */
    private WsaProtocolInfo chain(WsaProtocolInfo below, int hiddenId, int id) throws WinsockException {
        return below.toBuilder()
                .serviceFlags1(layerFlags(below))
                .providerId(UUID.randomUUID())
                .catalogEntryId(id)
                .protocolChain(over(below, hiddenId))
                .protocolName(chainName(below))
                .build();
    }

    private static ProtocolChain over(WsaProtocolInfo below, int hiddenId) throws WinsockException {
        List<Integer> elements = new ArrayList<>();
        elements.add(hiddenId);
        if (below.protocolChain().isChain()) {
            elements.addAll(below.protocolChain().chainEntries());
        } else {
            elements.add(below.catalogEntryId());
        }
        if (elements.size() > ProtocolChain.MAX_PROTOCOL_CHAIN) {
            throw Refusal.noRecovery("the chain " + below.catalogEntryId() + " has "
                    + ProtocolChain.MAX_PROTOCOL_CHAIN + " entries, there is no room for one more");
        }
        return new ProtocolChain(elements.size(), elements);
    }

    private String chainName(WsaProtocolInfo below) {
        String full = name + " over [" + below.protocolName() + ']';
        return full.length() <= WsaProtocolInfo.WSAPROTOCOL_LEN
                ? full
                : full.substring(0, WsaProtocolInfo.WSAPROTOCOL_LEN);
    }

    private int layerFlags(WsaProtocolInfo below) {
        return (below.serviceFlags1() & ~ServiceFlag.XP1_IFS_HANDLES) | serviceFlags;
    }

    private CatalogEntry entry(WsaProtocolInfo info) {
        return new CatalogEntry(info, path, options, null, providerId);
    }

    private static List<Triple> triples(List<WsaProtocolInfo> infos) throws WinsockException {
        List<Triple> triples = new ArrayList<>();
        for (WsaProtocolInfo info : infos) {
            Refusal.ofNull(info, "a protocol info");
            triples.add(Triple.of(info));
        }
        if (triples.isEmpty()) {
            throw Refusal.invalid("the list of protocols is there, but empty");
        }
        return triples.stream().distinct().toList();
    }

    private record Triple(int addressFamily, int socketType, int protocol) {
        static Triple of(WsaProtocolInfo info) {
            return new Triple(info.addressFamily(), info.socketType(), info.protocol());
        }
    }
}
