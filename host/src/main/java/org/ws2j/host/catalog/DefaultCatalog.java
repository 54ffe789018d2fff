package org.ws2j.host.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** The catalog of a host that nobody has configured: the base protocols of the module {@code tcpip}. */
public final class DefaultCatalog {
    /** The name of the module whose protocols are there from the start. */
    public static final String MODULE = "tcpip";

    /** What the path of a module begins with that lies on the host's own module or class path. */
    public static final String BUILTIN = "builtin:";

    private DefaultCatalog() {}

    /**
     * Makes the catalog.
     *
     * @param modules the modules at hand
     * @return a catalog with the entries of {@value #MODULE}; an empty one if that is not among the modules
     * @throws WinsockException {@code WSAEINVAL} if the module's entries are not acceptable
     */
    public static CatalogState of(Collection<? extends TransportModule> modules) throws WinsockException {
        for (TransportModule module : modules) {
            List<WsaProtocolInfo> protocols = MODULE.equals(module.name()) ? module.protocols() : List.of();
            if (!protocols.isEmpty()) {
                UUID providerId = protocols.getFirst().providerId();
                return ProviderEdits.install(providerId, BUILTIN + MODULE, protocols, Map.of())
                        .apply(CatalogState.EMPTY)
                        .state();
            }
        }
        return CatalogState.EMPTY;
    }
}
