package org.ws2j.layer.load;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;

/** A host whose sockets go through trace over tcpip. */
final class LoadStack {
    private LoadStack() {}

    static Winsock traceOverTcpIp(Path capture) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.inMemory();
        catalog.wscInstallProviderAndChains(
                UUID.randomUUID(), "builtin:trace", "trace", 0, null, Map.of("file", capture.toString()));
        Winsock winsock = Winsock.builder()
                .catalog(catalog)
                .reporter((what, failure) -> {
                    throw new AssertionError(what, failure);
                })
                .build();
        winsock.wsaStartup(WinsockVersion.V2_2);
        return winsock;
    }
}
