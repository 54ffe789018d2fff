package org.ws2j.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    public void verify(String path) throws WinsockException {
        String expanded = expand(path);
        for (CatalogEntry entry : atStart.entries()) {
            // The same file under another spelling of its path is the same file.
            if (entry.sha256() != null && expand(entry.path()).equals(expanded)) {
                verify(path, entry);
            }
        }
    }

    private void verify(String path, CatalogEntry entry) throws WinsockException {
        String file = expand(path);
        if (file.startsWith(ModuleLoader.BUILTIN)) {
            throw refused(path, "a module beside the host has no file to compare with the pin", null);
        }
        int mark = file.lastIndexOf('!');
        try {
            byte[] module = Files.readAllBytes(Path.of(mark < 0 ? file : file.substring(0, mark)));
            String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(module));
            if (!digest.equals(entry.sha256())) {
                throw refused(
                        path, "its SHA-256 is " + digest + ", pinned by catalog entry " + entry.id() + " is "
                                + entry.sha256(),
                        null);
            }
        } catch (IOException | NoSuchAlgorithmException e) {
            throw refused(path, "it cannot be compared with its pin: " + e, e);
        }
    }

    private static WinsockException refused(String path, String why, Throwable cause) {
        return new WinsockException(
                WsaError.WSAEPROVIDERFAILEDINIT, "the provider's module at " + path + " is not loaded: " + why, cause);
    }
}
