package org.ws2j.spi;

import java.util.List;

/**
 * The module of a transport service provider, as a DLL is one on Windows.
 *
 * <p>A jar names its implementation as a service ({@code provides org.ws2j.spi.TransportModule with …}, or
 * {@code META-INF/services}); it needs a public constructor without parameters and does no work there. The catalog refers to
 * it by path: {@code builtin:NAME} for one that lies on the host's own module or class path, otherwise the path of the jar,
 * with {@code !NAME} behind it where the jar has several.
 */
public interface TransportModule {
    /** {@return the name by which a path refers to this module, such as {@code tcpip}} */
    String name();

    /**
     * Returns the entries that a base provider is to be installed with, all with the provider's GUID: what an installer of the
     * module puts into the catalog. Their ids are the catalog's to give.
     *
     * @return the entries; none (the default) from a layer, which is installed in chains over others
     */
    default List<WsaProtocolInfo> protocols() {
        return List.of();
    }

    /**
     * Binds the module to a host: called once for each host that loads it.
     *
     * @param services what the system offers, for as long as the host lives
     * @return the module's start-up function; each call gives another one, with no state in common
     * @throws WinsockException if the module cannot work on this system
     */
    TransportProvider load(HostServices services) throws WinsockException;
}
