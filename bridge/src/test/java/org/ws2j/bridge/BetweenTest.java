package org.ws2j.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;

/** A layer in Java between two providers in C: a block of C's passes through Java to C. */
@Timeout(60)
final class BetweenTest {
    private static final long MILLIS = 30_000;

    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final ProtocolCatalog catalog = ProtocolCatalog.empty();
    private Winsock ws;
    private SocketHandle s;
    private SocketHandle otherEnd;

    @BeforeEach
    void start() throws Exception {
        String base = NativeBuild.descriptors().toString();
        List<WsaProtocolInfo> entries = TransportModules.find(base).protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), base, entries, Map.of());
        List<WsaProtocolInfo> java = layer("builtin:ifs-passthrough", "java", ServiceFlag.XP1_IFS_HANDLES, null);
        List<WsaProtocolInfo> chain = layer(NativeBuild.upcase("upcase").toString(), "c", 0, java);
        assertThat(chain.getFirst().protocolChain().chainLen()).isEqualTo(3);
        ws = Winsock.builder().catalog(catalog).reporter((what, e) -> reports.add(e)).build();
        ws.wsaStartup(WinsockVersion.V2_2);
        s = ws.wsaSocket(
                AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0, chain.getFirst(), 0, SocketFlag.WSA_FLAG_OVERLAPPED);
        otherEnd = ws.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0, java.getFirst(), 0, 0);
    }

    private List<WsaProtocolInfo> layer(String path, String name, int flags, List<WsaProtocolInfo> over)
            throws WinsockException {
        return catalog.wscInstallProviderAndChains(UUID.randomUUID(), path, name, flags, over, Map.of()).chains();
    }

    @AfterEach
    void end() {
        if (ws != null) {
            ws.close();
        }
        assertThat(reports).isEmpty();
    }

    private void write(String text) throws WinsockException {
        ws.files().writeFile(otherEnd, ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private String receive(HeapOverlapped block) throws WinsockException {
        ByteBuffer room = ByteBuffer.allocate(16);
        ws.wsaRecv(s, room, null, block, null);
        assertThat(ws.waits().waitForSingleEvent(block.hEvent(), MILLIS, false)).isZero();
        int n = (int) ws.wsaGetOverlappedResult(s, block, false, null);
        return UTF_8.decode(room.slice(0, n)).toString();
    }

    @Test
    void anOverlappedReceiveComesThroughAllThree() throws WinsockException {
        HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
        write("through");
        assertThat(receive(block)).isEqualTo("THROUGH");
        write("again");
        assertThat(receive(block)).isEqualTo("AGAIN");
    }

    @Test
    void aReceiveThatWaitsComesThroughAllThree() throws WinsockException {
        write("through");
        ByteBuffer room = ByteBuffer.allocate(16);

        assertThat(ws.recv(s, room, 0)).isEqualTo(7);
        assertThat(UTF_8.decode(room.slice(0, 7)).toString()).isEqualTo("THROUGH");
    }
}
