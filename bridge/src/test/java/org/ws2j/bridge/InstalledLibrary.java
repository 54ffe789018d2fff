package org.ws2j.bridge;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.host.Winsock;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;

/** A host with one base provider in C, started. */
final class InstalledLibrary implements AutoCloseable {
    private final List<Throwable> reports = new ArrayList<>();
    private final Winsock winsock;

    InstalledLibrary(Path library) throws Exception {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        List<WsaProtocolInfo> entries = TransportModules.find(library.toString()).protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), library.toString(), entries, Map.of());
        winsock = Winsock.builder().catalog(catalog).reporter((what, e) -> reports.add(e)).build();
        winsock.wsaStartup(WinsockVersion.V2_2);
    }

    Winsock winsock() {
        return winsock;
    }

    /** {@return what was reported to the host} */
    List<Throwable> reports() {
        return reports;
    }

    @Override
    public void close() {
        winsock.close();
    }
}
