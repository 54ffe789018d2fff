package org.ws2j.spi;

/**
 * The one function that the module of a transport service provider exports: WSPStartup.
 *
 * <p>A host has one such object for each module that it has loaded. Start-up is called on it once for each provider (each
 * GUID) that is installed with this module's path, and once more for each layer that starts it as the next one below; every
 * success is matched by one {@link WspProcTable#wspCleanup()}, after which the provider can be started again.
 */
@FunctionalInterface
public interface TransportProvider {
    /**
     * Starts the provider, or counts one more use of it.
     *
     * <p>The upcalls work from the moment this is entered. The caller holds no lock; the provider may enumerate the catalog
     * and start the next provider of a chain from inside. May be called by several threads at once.
     *
     * @param requested the highest version of the provider interface that the caller can use: 2.2
     * @param protocolInfo the catalog entry that the provider is started for: for a base provider its own entry, for a layer
     *     the chain's
     * @param upcalls the sixteen upcalls; a layer hands them on as they are
     * @return what the provider says of itself, and its functions. The host accepts version 2.2 alone: it cleans up a provider
     *     that answers another version or none, and its client gets {@code WSAEINVALIDPROVIDER}
     * @throws WinsockException {@code WSAVERNOTSUPPORTED} if the requested version is below the lowest that the provider
     *     supports; {@code WSASYSNOTREADY}, {@code WSAEINPROGRESS}, {@code WSAEPROCLIM}, {@code WSAEFAULT}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wspstartup">WSPStartup</a>
     */
    WspStartup wspStartup(WinsockVersion requested, WsaProtocolInfo protocolInfo, Upcalls upcalls)
            throws WinsockException;
}
