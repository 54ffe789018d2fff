package org.ws2j.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspResult;

/** A layer in Java between two providers in C: what C gives to C passes through Java, twice. */
@Timeout(60)
final class BetweenTest {
    private static final long MILLIS = 30_000;

    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private Winsock ws;

    @BeforeEach
    void start() throws Exception {
        String base = NativeBuild.posix().toString();
        String layer = NativeBuild.upcase("upcase").toString();
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        List<WsaProtocolInfo> entries = TransportModules.find(base).protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), base, entries, Map.of());
        catalog.wscInstallProviderAndChains(UUID.randomUUID(), "builtin:ifs-passthrough", "java", 0, null, Map.of());
        catalog.wscInstallProviderAndChains(UUID.randomUUID(), layer, "c", 0, null, Map.of());
        ws = Winsock.builder().catalog(catalog).reporter((what, e) -> reports.add(e)).build();
        ws.wsaStartup(WinsockVersion.V2_2);
    }

    @AfterEach
    void end() {
        if (ws != null) {
            ws.close();
        }
        assertThat(reports).isEmpty();
    }

    private SocketHandle bound() throws WinsockException {
        SocketHandle s = ws.socket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, 0);
        ws.bind(s, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return s;
    }

    @Test
    void anOverlappedReceiveTellsItsSourceAndItsDataThroughAllThree() throws WinsockException {
        SocketHandle receiver = bound();
        SocketHandle sender = bound();
        HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
        ByteBuffer room = ByteBuffer.allocate(16);
        ReceiveResult result = new ReceiveResult();
        assertThat(ws.wsaRecvFrom(receiver, room, result, block, null)).isEqualTo(WspResult.IO_PENDING);
        ws.sendto(sender, ByteBuffer.wrap("through".getBytes(UTF_8)), 0, ws.getsockname(receiver));
        ws.waits().waitForSingleEvent(block.hEvent(), MILLIS, false);

        assertThat(ws.wsaGetOverlappedResult(receiver, block, false, result)).isEqualTo(7);
        assertThat(UTF_8.decode(room.slice(0, 7)).toString()).isEqualTo("THROUGH");
        assertThat(result.from()).isEqualTo(ws.getsockname(sender));
    }
}
