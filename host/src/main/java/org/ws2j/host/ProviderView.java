package org.ws2j.host;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.ws2j.host.catalog.CatalogState;
import org.ws2j.host.startup.ProviderRegistry;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.ProviderCatalog;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** The catalog as providers see it: the live one, and the modules behind its paths. */
final class ProviderView implements ProviderCatalog {
    private final ProtocolCatalog catalog;
    private final LiveCatalog live;
    private final ProviderRegistry registry;

    ProviderView(ProtocolCatalog catalog, LiveCatalog live, ProviderRegistry registry) {
        this.catalog = catalog;
        this.live = live;
        this.registry = registry;
    }

    @Override
    public List<WsaProtocolInfo> wscEnumProtocols(int... protocols) {
        return newest().wscEnumProtocols(protocols);
    }

    @Override
    public int wscEnumProtocols(int[] protocols, WsaProtocolInfo[] buffer) throws BufferTooSmallException {
        return CatalogState.store(wscEnumProtocols(protocols == null ? new int[0] : protocols), buffer);
    }

    /** A provider cannot be told that the store is broken; the last good state serves it. */
    private CatalogState newest() {
        try {
            return catalog.catalog().snapshot();
        } catch (WinsockException e) {
            return catalog.catalog().lastGood();
        }
    }

    @Override
    public String wscGetProviderPath(UUID providerId) throws WinsockException {
        if (providerId == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the provider's GUID is null");
        }
        return live.path(providerId);
    }

    @Override
    public TransportProvider loadProvider(String path) throws WinsockException {
        if (path == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the path is null");
        }
        return registry.load(path);
    }

    @Override
    public Map<String, String> options(int catalogEntryId) {
        return newest().options(catalogEntryId);
    }
}
