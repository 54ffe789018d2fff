package org.ws2j.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspResult;

/** Two handles of one socket through the layer in C. */
@Timeout(60)
final class DuplicateTest {
    private static final long MILLIS = 10_000;

    private Winsock ws;

    @AfterEach
    void end() {
        if (ws != null) {
            ws.close();
        }
    }

    private void startOver(String base) throws Exception {
        Path layer = NativeBuild.upcase("upcase");
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        List<WsaProtocolInfo> entries = TransportModules.find(base).protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), base, entries, Map.of());
        catalog.wscInstallProviderAndChains(UUID.randomUUID(), layer.toString(), "c", 0, null, Map.of());
        ws = Winsock.builder().catalog(catalog).build();
        ws.wsaStartup(WinsockVersion.V2_2);
    }

    private String receive(SocketHandle from, SocketHandle sender) throws WinsockException {
        HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
        ByteBuffer room = ByteBuffer.allocate(8);
        ws.sendto(sender, ByteBuffer.wrap("data".getBytes(UTF_8)), 0, ws.getsockname(from));
        assertThat(ws.wsaRecv(from, room, null, block, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(ws.waits().waitForSingleEvent(block.hEvent(), MILLIS, false)).isZero();
        int n = (int) ws.wsaGetOverlappedResult(from, block, false, null);
        return UTF_8.decode(room.slice(0, n)).toString();
    }

    /** Below they may be one file, which is associated with a port once. */
    @ParameterizedTest
    @ValueSource(strings = {"builtin:memory", "builtin:tcpip"})
    void bothHandlesTellTheEndOfWhatIsOverlapped(String base) throws Exception {
        startOver(base);
        SocketHandle s = ws.socket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, 0);
        ws.bind(s, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        WsaProtocolInfo info = ws.wsaDuplicateSocket(s, ws.processId());
        SocketHandle duplicate = ws.wsaSocket(
                AddressFamily.AF_INET, SocketType.SOCK_DGRAM, 0, info, 0, SocketFlag.WSA_FLAG_OVERLAPPED);

        assertThat(receive(s, s)).isEqualTo("DATA");
        assertThat(receive(duplicate, s)).isEqualTo("DATA");
    }
}
