package org.ws2j.layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** The elements of a chain from top to base, with the elements of chains inside it in their place. */
final class ChainWalk {
    private final WsaProtocolInfo chain;
    private final List<WsaProtocolInfo> elements = new ArrayList<>();

    private ChainWalk(WsaProtocolInfo chain) {
        this.chain = chain;
    }

    /**
     * Looks a chain's elements up.
     *
     * @throws WinsockException {@code WSAEPROVIDERFAILEDINIT} if one of them is not installed (any more); {@code WSAEINVAL}
     *     if the chain contains itself
     */
    static ChainWalk of(WsaProtocolInfo chain, HostServices services) throws WinsockException {
        Map<Integer, WsaProtocolInfo> catalog = new HashMap<>();
        for (WsaProtocolInfo entry : services.catalog().wscEnumProtocols()) {
            catalog.put(entry.catalogEntryId(), entry);
        }
        ChainWalk walk = new ChainWalk(chain);
        walk.add(chain, catalog, 0);
        return walk;
    }

    private void add(WsaProtocolInfo part, Map<Integer, WsaProtocolInfo> catalog, int depth) throws WinsockException {
        if (depth > ProtocolChain.MAX_PROTOCOL_CHAIN) {
            throw new WinsockException(WsaError.WSAEINVAL, "chain " + chain.catalogEntryId() + " contains itself");
        }
        for (int id : part.protocolChain().chainEntries()) {
            WsaProtocolInfo element = catalog.get(id);
            if (element == null) {
                throw new WinsockException(
                        WsaError.WSAEPROVIDERFAILEDINIT,
                        "entry " + id + " of chain " + part.catalogEntryId() + " is not installed");
            }
            if (element.protocolChain().isChain()) {
                add(element, catalog, depth + 1);
            } else {
                elements.add(element);
            }
        }
    }

    /**
     * Finds the place of a module.
     *
     * @param nth which of its places, 0 for the topmost
     * @return the index of the element
     * @throws WinsockException {@code WSAEINVAL} if there is no such place, or nothing below it
     */
    int placeOf(int nth, HostServices services, Upcalls upcalls) throws WinsockException {
        TransportProvider own = services.catalog().loadProvider(services.modulePath());
        int missing = nth;
        for (int i = 0; i < elements.size() - 1; i++) {
            String path = upcalls.wpuGetProviderPath(elements.get(i).providerId());
            if (services.catalog().loadProvider(path) == own && missing-- == 0) {
                return i;
            }
        }
        throw new WinsockException(
                WsaError.WSAEINVAL, "chain " + chain.catalogEntryId() + " has no place for this layer");
    }

    WsaProtocolInfo element(int index) {
        return elements.get(index);
    }
}
