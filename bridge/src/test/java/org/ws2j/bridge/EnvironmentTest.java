package org.ws2j.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;

/** Paths that refer to the environment. */
@Timeout(60)
final class EnvironmentTest {
    private static void install(ProtocolCatalog catalog) throws WinsockException {
        List<WsaProtocolInfo> entries = TransportModules.find("builtin:memory").protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), "builtin:memory", entries, Map.of());
    }

    private static void addLayer(ProtocolCatalog catalog, String path) throws WinsockException {
        catalog.wscInstallProviderAndChains(UUID.randomUUID(), path, path, 0, null, Map.of());
    }

    @Test
    void aLayerInCFindsItselfInItsChain() throws Exception {
        Path layer = NativeBuild.upcase("upcase");
        Path above = NativeBuild.upcase("upcase-too");
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        install(catalog);
        addLayer(catalog, "%LIBRARIES%/" + layer.getFileName());
        addLayer(catalog, "%LIBRARIES%/" + above.getFileName());
        try (Winsock ws = Winsock.builder()
                .catalog(catalog)
                .environment(Map.of("LIBRARIES", layer.getParent().toString())::get)
                .build()) {
            ws.wsaStartup(WinsockVersion.V2_2);

            assertThat(ws.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0)).isNotNull();
        }
    }
}
