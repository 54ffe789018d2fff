package org.ws2j.host;

import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.ws2j.host.catalog.CatalogEntry;
import org.ws2j.host.catalog.CatalogState;
import org.ws2j.host.catalog.PathReferences;
import org.ws2j.host.startup.CatalogView;
import org.ws2j.host.startup.ModuleLoader;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** The catalog as start-up and upcalls see it: as it was at the client's start, and beyond that as it is now. */
final class LiveCatalog implements CatalogView {
    private final ProtocolCatalog catalog;
    private final UnaryOperator<String> environment;
    private volatile CatalogState atStart = CatalogState.EMPTY;

    LiveCatalog(ProtocolCatalog catalog, UnaryOperator<String> environment) {
        this.catalog = catalog;
        this.environment = environment;
    }

    void startFrom(CatalogState snapshot) {
        atStart = snapshot;
    }

    @Override
    public WsaProtocolInfo entry(int catalogEntryId) {
        return atStart.entry(catalogEntryId)
                .or(() -> catalog.catalog().lastGood().entry(catalogEntryId))
                .map(CatalogEntry::info)
                .orElse(null);
    }

    @Override
    public long entriesOf(UUID providerId) {
        CatalogState state = atStart.entryOf(providerId).isPresent() ? atStart : catalog.catalog().lastGood();
        return state.entries().stream()
                .filter(entry -> entry.info().providerId().equals(providerId))
                .count();
    }

    @Override
    public String path(UUID providerId) throws WinsockException {
        Optional<CatalogEntry> entry = atStart.entryOf(providerId);
        return entry.isPresent() ? entry.get().path() : catalog.wscGetProviderPath(providerId);
    }

    @Override
    public String expand(String path) {
        return PathReferences.expand(path, environment);
    }

    @Override
    public void verify(String path, String digest) throws WinsockException {
        CatalogState started = atStart;
        for (CatalogEntry entry : started.entries()) {
            verify(path, digest, entry);
        }
        for (CatalogEntry entry : catalog.catalog().lastGood().entries()) {
            if (started.entry(entry.id()).isEmpty()) {
                verify(path, digest, entry);
            }
        }
    }

    private void verify(String path, String digest, CatalogEntry entry) throws WinsockException {
        // The same file under another spelling of its path is the same file.
        if (entry.sha256() == null || !expand(entry.path()).equals(path) || entry.sha256().equals(digest)) {
            return;
        }
        if (path.startsWith(ModuleLoader.BUILTIN)) {
            throw refused(path, "a module beside the host has no file to compare with the pin");
        }
        throw refused(
                path,
                digest == null
                        ? "there is no file that can be read and compared with its pin"
                        : "its SHA-256 is " + digest + ", pinned by catalog entry " + entry.id() + " is "
                                + entry.sha256());
    }

    private static WinsockException refused(String path, String why) {
        return new WinsockException(
                WsaError.WSAEPROVIDERFAILEDINIT, "the provider's module at " + path + " is not used: " + why);
    }
}
