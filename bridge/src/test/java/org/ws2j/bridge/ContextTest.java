package org.ws2j.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** Sockets of one provider in C where another one expects its own. */
@Timeout(60)
final class ContextTest {
    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final ProtocolCatalog catalog = ProtocolCatalog.empty();
    private Winsock ws;
    private SocketHandle own;
    private SocketHandle foreign;

    @BeforeEach
    void start() throws Exception {
        Path posix = NativeBuild.posix();
        WsaProtocolInfo base = install("builtin:memory");
        WsaProtocolInfo other = install(posix.toString());
        WsaProtocolInfo chain = catalog.wscInstallProviderAndChains(
                UUID.randomUUID(), NativeBuild.upcase("upcase").toString(), "c", 0, List.of(base), Map.of()).chains()
                .getFirst();
        ws = Winsock.builder().catalog(catalog).reporter((what, e) -> reports.add(e)).build();
        ws.wsaStartup(WinsockVersion.V2_2);
        own = socket(chain);
        foreign = socket(other);
    }

    private WsaProtocolInfo install(String path) throws WinsockException {
        List<WsaProtocolInfo> entries = TransportModules.find(path).protocols();
        UUID id = entries.getFirst().providerId();
        catalog.wscInstallProvider(id, path, entries, Map.of());
        return catalog.wscEnumProtocols().stream()
                .filter(entry -> entry.providerId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private SocketHandle socket(WsaProtocolInfo entry) throws WinsockException {
        return ws.wsaSocket(
                AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0, entry, 0, SocketFlag.WSA_FLAG_OVERLAPPED);
    }

    @AfterEach
    void end() {
        if (ws != null) {
            ws.close();
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void theListenerOfAnAcceptedSocketIsNoneOfAnotherProviders() {
        assertThatExceptionOfType(WinsockException.class)
                .isThrownBy(() -> ws.setsockopt(
                        own, SocketOption.SOL_SOCKET, SocketOption.SO_UPDATE_ACCEPT_CONTEXT, foreign))
                .matches(e -> e.is(WsaError.WSAENOTSOCK));
    }
}
