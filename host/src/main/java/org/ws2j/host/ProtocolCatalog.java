package org.ws2j.host;

import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.UUID;
import org.ws2j.host.catalog.Catalog;
import org.ws2j.host.catalog.CatalogFile;
import org.ws2j.host.catalog.CatalogState;
import org.ws2j.host.catalog.ChainInstallation;
import org.ws2j.host.catalog.DefaultCatalog;
import org.ws2j.host.catalog.ProviderEdits;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * The protocol catalog, for those who configure it: the functions that installers of providers call on Windows.
 *
 * <p>The order of the entries rules which provider serves a new socket. A running host sees the catalog as it was at
 * its WSAStartup; what is changed here it sees after WSACleanup and another WSAStartup. The enumerations of this class
 * always see the newest state, changes by other processes to the same file included.
 *
 * <p>Every change is made completely or, if the call throws, not at all. Changes are allowed before WSAStartup, and
 * need no rights beyond those to write the file. A catalog in a file throws from every method {@code WSASYSCALLFAILURE}
 * if the file holds no catalog (the message tells the place and how to go on). If the file cannot be read, every look at
 * it throws {@code WSASYSCALLFAILURE}, and every change {@code WSANO_RECOVERY}. A change throws {@code WSANO_RECOVERY}
 * also if the file cannot be written, and {@code WSAEINPROGRESS} if another process does not finish its change.
 *
 * <p>Any thread may call.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/winsock/transport-configuration-and-installation-2">Transport
 *     configuration and installation</a>
 */
public final class ProtocolCatalog {
    private final Catalog catalog;

    private ProtocolCatalog(Catalog catalog) {
        this.catalog = catalog;
    }

    /** {@return a new empty catalog in memory} */
    public static ProtocolCatalog empty() {
        return new ProtocolCatalog(Catalog.inMemory(CatalogState.EMPTY));
    }

    /**
     * Makes a catalog in memory that works without configuration: TCP and UDP of the operating system, by the module
     * {@code tcpip} of the host's own module or class path. Without that module it is empty.
     *
     * @return the catalog
     * @throws WinsockException {@code WSASYSCALLFAILURE} if a module on the path is broken
     */
    public static ProtocolCatalog inMemory() throws WinsockException {
        return inMemory(modulesAtHand());
    }

    /**
     * Makes a catalog in memory with the protocols of the module {@code tcpip}, if that is among the given ones.
     *
     * @param modules the modules at hand
     * @return the catalog
     * @throws WinsockException {@code WSAEINVAL} if the module's entries are not acceptable
     */
    public static ProtocolCatalog inMemory(Collection<? extends TransportModule> modules) throws WinsockException {
        return new ProtocolCatalog(Catalog.inMemory(DefaultCatalog.of(modules)));
    }

    /**
     * Opens a catalog in a file. As long as the file is not there the catalog is the one of {@link #inMemory()}; the
     * first change writes the file.
     *
     * @param file the file; {@code .lock} and {@code .bak} lie beside it
     * @return the catalog
     * @throws WinsockException {@code WSASYSCALLFAILURE} if the file cannot be read or holds no catalog, or is missing
     *     while its backup is there; {@link #restoreBackup} brings the last good state back
     */
    public static ProtocolCatalog open(Path file) throws WinsockException {
        return open(file, modulesAtHand());
    }

    /**
     * Opens a catalog in a file. As long as the file is not there the catalog is the one of
     * {@link #inMemory(Collection)}; the first change writes the file.
     *
     * @param file the file; {@code .lock} and {@code .bak} lie beside it
     * @param modules the modules at hand
     * @return the catalog
     * @throws WinsockException as {@link #open(Path)}
     */
    public static ProtocolCatalog open(Path file, Collection<? extends TransportModule> modules)
            throws WinsockException {
        return new ProtocolCatalog(Catalog.open(CatalogFile.at(file, DefaultCatalog.of(modules))));
    }

    /**
     * Puts the state that was last written by a call of this class back into a catalog file. What was in the file is
     * kept beside it, with {@code .replaced} behind its name.
     *
     * @param file the catalog file
     * @throws WinsockException {@code WSASYSCALLFAILURE} if there is no backup, or it holds no catalog either;
     *     {@code WSANO_RECOVERY} if the file cannot be written; {@code WSAEINPROGRESS} if another process does not finish
     *     its change
     */
    public static void restoreBackup(Path file) throws WinsockException {
        CatalogFile.at(file, CatalogState.EMPTY).restoreBackup();
    }

    /** {@return the catalog behind this, for the host} */
    Catalog catalog() {
        return catalog;
    }

    /**
     * Installs a provider: appends its entries to the catalog.
     *
     * @param providerId the provider's GUID, which every entry gets
     * @param path where its module lies, at most 260 characters; may refer to the environment as in {@code %HOME%},
     *     which is expanded when the module is loaded
     * @param infos the entries; base protocols, layers alone, or chains over entries that are installed already. Their
     *     GUIDs and numbers do not matter
     * @param options names and values for the provider, the same for each entry
     * @return the entries as they were installed, with GUID and number
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} for a bad path, an empty list, a name that
     *     is too long, a chain that is too long, has an entry twice or one that is not installed;
     *     {@code WSANO_RECOVERY} if the GUID is installed already
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wscinstallprovider">WSCInstallProvider</a>
     */
    public List<WsaProtocolInfo> wscInstallProvider(
            UUID providerId, String path, List<WsaProtocolInfo> infos, Map<String, String> options)
            throws WinsockException {
        return catalog.change(ProviderEdits.install(providerId, path, infos, options));
    }

    /**
     * Installs a layer with its chains: a hidden entry for the layer itself, and one chain over each protocol. The
     * chains come first in the order, so new sockets go through the layer. Each chain has a GUID of its own, and the
     * layer's path.
     *
     * @param providerId the layer's GUID, for its hidden entry
     * @param path where its module lies, as in {@link #wscInstallProvider}
     * @param name the layer's name; chains are called "NAME over [PROTOCOL]"
     * @param serviceFlags {@link ServiceFlag#XP1_IFS_HANDLES} for a layer that hands out handles of the file system,
     *     else 0
     * @param infos what to go over: for each distinct family, type and protocol the topmost entry that has them, which
     *     may be a chain; null to go directly over every base protocol
     * @param options names and values for the layer, the same for the hidden entry and each chain
     * @return what was installed
     * @throws WinsockException {@code WSAEINVAL} for a null GUID, a null or bad path or name, other flags, an empty
     *     list, a GUID or a name that is in the catalog already, and if an element of the list matches nothing; {@code
     *     WSANO_RECOVERY} if there is no base protocol (without a list), or a chain would have more than seven entries;
     *     {@code WSAEFAULT} for null options or a null in the list
     * @see <a
     *     href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wscinstallproviderandchains">WSCInstallProviderAndChains</a>
     */
    public InstalledChains wscInstallProviderAndChains(
            UUID providerId,
            String path,
            String name,
            int serviceFlags,
            List<WsaProtocolInfo> infos,
            Map<String, String> options)
            throws WinsockException {
        ChainInstallation.Installed installed =
                catalog.change(new ChainInstallation(providerId, path, name, serviceFlags, infos, options));
        return new InstalledChains(installed.hiddenEntryId(), installed.chains());
    }

    /**
     * What {@link #wscInstallProviderAndChains} has installed.
     *
     * @param hiddenEntryId the number of the layer's hidden entry, which stands for the layer in chains
     * @param chains the chains, in their order
     */
    public record InstalledChains(int hiddenEntryId, List<WsaProtocolInfo> chains) {
        /** Copies the list. */
        public InstalledChains {
            chains = List.copyOf(chains);
        }
    }

    /**
     * Removes a provider: all entries with its GUID, and the chains that {@link #wscInstallProviderAndChains} made
     * together with it. With the GUID of such a chain it removes that chain alone.
     *
     * <p>Chains of others through a removed entry stay, and fail to start.
     *
     * @param providerId the provider
     * @throws WinsockException {@code WSAEFAULT} for null, {@code WSAEINVAL} for an unknown GUID
     * @see <a
     *     href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wscdeinstallprovider">WSCDeinstallProvider</a>
     */
    public void wscDeinstallProvider(UUID providerId) throws WinsockException {
        catalog.change(ProviderEdits.deinstall(providerId));
    }

    /**
     * Changes an installed provider.
     *
     * @param providerId the provider
     * @param path where its module lies from now on; the chains that were installed together with it go along
     * @param infos new values for the entries that have these numbers; the other entries keep theirs, and all keep GUID
     *     and place
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} for an unknown GUID, for a number that is
     *     not one of its entries, and for values that {@link #wscInstallProvider} refuses
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wscupdateprovider">WSCUpdateProvider</a>
     */
    public void wscUpdateProvider(UUID providerId, String path, List<WsaProtocolInfo> infos) throws WinsockException {
        catalog.change(ProviderEdits.update(providerId, path, infos));
    }

    /**
     * Enumerates the catalog in its order, hidden entries and layers alone included.
     *
     * @param protocols the protocol numbers wanted; none for all
     * @return the entries that accept one of the numbers
     * @throws WinsockException only if the catalog's file is broken
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wscenumprotocols">WSCEnumProtocols</a>
     */
    public List<WsaProtocolInfo> wscEnumProtocols(int... protocols) throws WinsockException {
        return catalog.snapshot().wscEnumProtocols(protocols);
    }

    /**
     * Enumerates the catalog into a buffer, as C asks for it.
     *
     * @param protocols the protocol numbers wanted; null or none for all
     * @param buffer filled from the first place on
     * @return how many entries were stored
     * @throws BufferTooSmallException {@code WSAENOBUFS} if the buffer is null or too small; it tells the number of
     *     entries, and the buffer is not touched
     * @throws WinsockException only if the catalog's file is broken
     */
    public int wscEnumProtocols(int[] protocols, WsaProtocolInfo[] buffer) throws WinsockException {
        return CatalogState.store(catalog.snapshot().wscEnumProtocols(protocols), buffer);
    }

    /**
     * Returns the path of a provider's module.
     *
     * @param providerId the provider
     * @return the path as it was installed; references to the environment are not expanded
     * @throws WinsockException {@code WSAEFAULT} for null, {@code WSAEINVAL} for an unknown GUID
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nf-ws2spi-wscgetproviderpath">WSCGetProviderPath</a>
     */
    public String wscGetProviderPath(UUID providerId) throws WinsockException {
        return catalog.snapshot().providerPath(providerId);
    }

    /**
     * Puts the path of a provider's module and a terminating NUL into a buffer, as C asks for it.
     *
     * @param providerId the provider
     * @param path the buffer; filled from its position on, which advances
     * @return the length of the path with the NUL, in characters
     * @throws BufferTooSmallException {@code WSAEFAULT} if the buffer is null or too small; it tells the length needed,
     *     and the buffer is not touched
     * @throws WinsockException as {@link #wscGetProviderPath(UUID)}
     */
    public int wscGetProviderPath(UUID providerId, CharBuffer path) throws WinsockException {
        return catalog.snapshot().providerPath(providerId, path);
    }

    /**
     * Puts the entries into another order.
     *
     * @param catalogEntryIds the numbers of all entries, hidden ones and layers alone included, each once
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} if a number is missing, unknown or there
     *     twice
     * @see <a
     *     href="https://learn.microsoft.com/windows/win32/api/sporder/nf-sporder-wscwriteproviderorder">WSCWriteProviderOrder</a>
     */
    public void wscWriteProviderOrder(int... catalogEntryIds) throws WinsockException {
        catalog.change(ProviderEdits.order(catalogEntryIds));
    }

    /**
     * Replaces the options of an entry.
     *
     * @param catalogEntryId the entry
     * @param options names and values for the provider
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} for an unknown entry and an option without
     *     name
     */
    public void setOptions(int catalogEntryId, Map<String, String> options) throws WinsockException {
        catalog.change(ProviderEdits.options(catalogEntryId, options));
    }

    /**
     * Returns the options of an entry.
     *
     * @param catalogEntryId the entry
     * @return names and values; empty for an entry without options and for an unknown one
     * @throws WinsockException only if the catalog's file is broken
     */
    public Map<String, String> options(int catalogEntryId) throws WinsockException {
        return catalog.snapshot().options(catalogEntryId);
    }

    /**
     * Pins the module of an entry to its content: from its next WSAStartup on a host refuses the module if the digest
     * differs, with {@code WSAEPROVIDERFAILEDINIT}, also one that it has loaded before. An entry that was installed since
     * then is pinned at once. What is compared is the file as it was when the host loaded it.
     *
     * @param catalogEntryId the entry
     * @param sha256 the SHA-256 digest of the module's file, 64 hexadecimal digits; null for no pin
     * @throws WinsockException {@code WSAEINVAL} for an unknown entry and for what is no digest
     */
    public void pin(int catalogEntryId, String sha256) throws WinsockException {
        catalog.change(ProviderEdits.pin(catalogEntryId, sha256));
    }

    /**
     * Returns the digest that the module of an entry must have.
     *
     * @param catalogEntryId the entry
     * @return 64 lower-case hexadecimal digits; empty for an entry without a pin and for an unknown one
     * @throws WinsockException only if the catalog's file is broken
     */
    public Optional<String> pin(int catalogEntryId) throws WinsockException {
        return catalog.snapshot().entry(catalogEntryId).map(entry -> entry.sha256());
    }

    private static List<TransportModule> modulesAtHand() throws WinsockException {
        try {
            List<TransportModule> modules = new ArrayList<>();
            ServiceLoader.load(TransportModule.class, ProtocolCatalog.class.getClassLoader())
                    .forEach(modules::add);
            return modules;
        } catch (ServiceConfigurationError broken) {
            throw new WinsockException(WsaError.WSASYSCALLFAILURE, "a transport module is broken", broken);
        }
    }
}
