package org.ws2j.host.startup;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * Tells which started provider the catalog entry id of an upcall means.
 *
 * <p>Three kinds of id arrive: that of a base entry or a chain, whose provider has that entry's GUID; that of the hidden
 * entry of a layer, which stands in chains that have GUIDs of their own; and 0 from a base provider that has only one entry.
 * Where several providers fit, the one of the chain whose call is in progress on this thread is meant, else the one that was
 * started first.
 */
public final class Owners {
    private final ProviderRegistry registry;
    private final Supplier<HandleOwner> inProgress;

    /** The answer to the last question for an id that a started provider has; null before the first. */
    private volatile Known lastKnown;

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
    public HandleOwner owner(int catalogEntryId) {
        HandleOwner only = onlyStarted(catalogEntryId);
        if (only != null) {
            return only;
        }
        // A base provider may have been started by a layer before the host did so.
        if (inProgress.get() instanceof StartedProvider called && called.info().catalogEntryId() == catalogEntryId) {
            return called;
        }
        Start start = start(catalogEntryId);
        return start == null ? null : start.owner();
    }

    /** {@return the provider that was started for an entry, if one was and none else: the usual case, and the quickest} */
    private HandleOwner onlyStarted(int catalogEntryId) {
        Start only = null;
        for (Start start : registry.starts()) {
            if (start.info.catalogEntryId() == catalogEntryId) {
                if (only != null) {
                    return null;
                }
                only = start;
            }
        }
        return only == null ? null : only.provider();
    }

    /**
     * Tells whether an id is known at all: to the catalog, or as that of a provider that was started.
     *
     * @param catalogEntryId the id
     * @return true if it is
     */
    public boolean knows(int catalogEntryId) {
        Known last = lastKnown; // Providers ask before each wait, mostly for the same id, which makes no object then.
        if (last != null && last.catalogEntryId() == catalogEntryId && !last.start().isForgotten()) {
            return true;
        }
        Start found = start(catalogEntryId);
        if (found != null && catalogEntryId != 0) {
            lastKnown = new Known(catalogEntryId, found);
        }
        return found != null || registry.catalog().entry(catalogEntryId) != null;
    }

    /** {@return the provider that the current thread is starting, the innermost one; null if none} */
    public HandleOwner starting() {
        return startHere();
    }

    /** An id, and a provider that was started for it. */
    private record Known(int catalogEntryId, Start start) {}

    private Start start(int catalogEntryId) {
        if (catalogEntryId == 0) {
            return ofOnlyEntry();
        }
        // The first start for a chain is that of its top layer, which was entered before those below it.
        Start same = first(start -> start.info.catalogEntryId() == catalogEntryId);
        if (same != null) {
            return same;
        }
        WsaProtocolInfo entry = registry.catalog().entry(catalogEntryId);
        if (entry == null) {
            return null;
        }
        return entry.protocolChain().isLayer()
                ? ofLayer(entry)
                : first(start -> start.info.providerId().equals(entry.providerId()));
    }

    private Start ofLayer(WsaProtocolInfo layer) {
        String path;
        try {
            path = registry.catalog().expand(registry.catalog().path(layer.providerId()));
        } catch (WinsockException e) {
            return null;
        }
        WsaProtocolInfo current = current();
        int chain = current == null ? 0 : current.catalogEntryId();
        Predicate<Start> ofLayer = start -> start.path.equals(path) && isPlaceOf(layer.catalogEntryId(), start);
        Start inProgress = first(ofLayer.and(start -> start.info.catalogEntryId() == chain));
        return inProgress != null ? inProgress : first(ofLayer);
    }

    private Start ofOnlyEntry() {
        WsaProtocolInfo current = current();
        if (current == null) {
            return first(start -> start.info.protocolChain().isBase() && hasOneEntry(start));
        }
        int base = current.protocolChain().isChain()
                ? flatten(current.protocolChain().chainEntries()).getLast()
                : current.catalogEntryId();
        return first(start -> start.info.catalogEntryId() == base && hasOneEntry(start));
    }

    private boolean hasOneEntry(Start start) {
        return registry.catalog().entriesOf(start.info.providerId()) == 1;
    }

    private Start first(Predicate<Start> wanted) {
        for (Start start : registry.starts()) {
            if (wanted.test(start)) {
                return start;
            }
        }
        return null;
    }

    /** {@return the entry whose provider the current thread is starting or calling; null if neither} */
    private WsaProtocolInfo current() {
        Start starting = startHere();
        if (starting != null) {
            return starting.info;
        }
        return switch (inProgress.get()) {
            case StartedProvider provider -> provider.info();
            case Start start -> start.info;
            case null, default -> null;
        };
    }

    private Start startHere() {
        Start innermost = null;
        for (Start start : registry.starts()) {
            innermost = start.runsHere() ? start : innermost;
        }
        return innermost;
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
}
