package org.ws2j.host.startup;

import java.util.List;
import java.util.function.Supplier;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * Tells which started provider the catalog entry id of an upcall means.
 *
 * <p>Three kinds of id arrive: that of a base entry or a chain, whose provider has that entry's GUID; that of the hidden
 * entry of a layer, which stands in chains that have GUIDs of their own; and 0 from a base provider with only one entry. Where
 * several providers fit, the one of the chain whose call is in progress on this thread is meant, else the one that was started
 * first.
 */
public final class Owners {
    private final ProviderRegistry registry;
    private final Supplier<HandleOwner> inProgress;

    /**
     * Makes a resolver.
     *
     * @param registry the providers
     * @param inProgress the provider that the host is calling on the current thread, null if none
     */
    public Owners(ProviderRegistry registry, Supplier<HandleOwner> inProgress) {
        this.registry = registry;
        this.inProgress = inProgress;
    }

    /**
     * Finds the provider that an id means.
     *
     * @param catalogEntryId the id
     * @return the provider, null for an id that means none
     */
    public StartedProvider owner(int catalogEntryId) {
        if (catalogEntryId == 0) {
            return onlyEntry();
        }
        // A base provider may have been started by a layer before the host did so.
        if (currentChain() == catalogEntryId) {
            return current();
        }
        StartedProvider same = startedFor(catalogEntryId);
        if (same != null) {
            return same;
        }
        WsaProtocolInfo entry = registry.catalog().entry(catalogEntryId);
        if (entry == null) {
            return null;
        }
        return entry.protocolChain().isLayer() ? ofLayer(entry) : ofProvider(entry);
    }

    /**
     * Tells whether an id is known at all: to the catalog, or as that of a provider that was started.
     *
     * @param catalogEntryId the id
     * @return true if it is
     */
    public boolean knows(int catalogEntryId) {
        return catalogEntryId == 0
                ? onlyEntry() != null
                : startedFor(catalogEntryId) != null || registry.catalog().entry(catalogEntryId) != null;
    }

    private StartedProvider startedFor(int catalogEntryId) {
        for (Start start : registry.starts()) {
            StartedProvider provider = start.provider;
            // The first start for a chain is that of its top layer, which was entered before those below it.
            if (start.info.catalogEntryId() == catalogEntryId && provider != null) {
                return provider;
            }
        }
        return null;
    }

    private StartedProvider ofProvider(WsaProtocolInfo entry) {
        for (Start start : registry.starts()) {
            if (start.isDone() && start.info.providerId().equals(entry.providerId())) {
                return start.provider;
            }
        }
        return null;
    }

    private StartedProvider ofLayer(WsaProtocolInfo layer) {
        String path;
        try {
            path = registry.catalog().expand(registry.catalog().path(layer.providerId()));
        } catch (WinsockException e) {
            return null;
        }
        int current = currentChain();
        StartedProvider first = null;
        for (Start start : registry.starts()) {
            if (start.isDone() && start.path.equals(path) && isPlaceOf(layer.catalogEntryId(), start)) {
                if (start.info.catalogEntryId() == current) {
                    return start.provider;
                }
                first = first == null ? start.provider : first;
            }
        }
        return first;
    }

    private StartedProvider current() {
        return inProgress.get() instanceof StartedProvider p ? p : null;
    }

    /** The entry of the chain or base provider whose call is in progress on this thread, 0 for none. */
    private int currentChain() {
        StartedProvider current = current();
        return current == null ? 0 : current.info().catalogEntryId();
    }

    /**
     * Tells whether a start is that of a layer's place in its chain. A module that stands in a chain several times is started
     * for it several times, from the top: the n-th start belongs to the n-th of its places.
     */
    private boolean isPlaceOf(int layerId, Start start) {
        int place = placeAmongSamePath(layerId, start);
        return place >= 0 && place == orderAmongSameChain(start);
    }

    private int placeAmongSamePath(int layerId, Start start) {
        int place = 0;
        for (int id : flatten(start.chainEntries())) {
            if (id == layerId) {
                return place;
            }
            if (hasPath(id, start.path)) {
                place++;
            }
        }
        return -1;
    }

    private int orderAmongSameChain(Start start) {
        int order = 0;
        for (Start other : registry.starts()) {
            if (other == start) {
                return order;
            }
            if (other.path.equals(start.path) && other.info.catalogEntryId() == start.info.catalogEntryId()) {
                order++;
            }
        }
        return order;
    }

    private boolean hasPath(int catalogEntryId, String path) {
        WsaProtocolInfo entry = registry.catalog().entry(catalogEntryId);
        try {
            return entry != null && registry.catalog()
                    .expand(registry.catalog().path(entry.providerId()))
                    .equals(path);
        } catch (WinsockException e) {
            return false;
        }
    }

    /** Follows elements of a chain that are chains themselves. */
    private List<Integer> flatten(List<Integer> chain) {
        return chain.stream()
                .flatMap(id -> {
                    WsaProtocolInfo entry = registry.catalog().entry(id);
                    ProtocolChain inner = entry == null ? ProtocolChain.BASE : entry.protocolChain();
                    return inner.isChain() ? flatten(inner.chainEntries()).stream() : List.of(id).stream();
                })
                .toList();
    }

    /** What 0 means: the base provider of the call in progress, else the first one; if it has no other entry. */
    private StartedProvider onlyEntry() {
        StartedProvider current = current();
        if (current != null) {
            StartedProvider base = current.isBase() ? current : startedFor(baseOf(current));
            return base != null && hasOneEntry(base) ? base : null;
        }
        for (Start start : registry.starts()) {
            if (start.isDone() && start.provider.isBase() && hasOneEntry(start.provider)) {
                return start.provider;
            }
        }
        return null;
    }

    private int baseOf(StartedProvider chain) {
        return flatten(chain.info().protocolChain().chainEntries()).getLast();
    }

    private boolean hasOneEntry(StartedProvider base) {
        return registry.catalog().entries(base.info().providerId()) == 1;
    }
}
