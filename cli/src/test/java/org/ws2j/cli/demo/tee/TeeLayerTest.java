package org.ws2j.cli.demo.tee;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaProtocolInfo;

@Timeout(30)
final class TeeLayerTest {
    private static final UUID TEE = new UUID(1, 2);
    private static final byte[] TEXT = "what the server says".getBytes(US_ASCII);

    private final ConcurrentLinkedQueue<String> reports = new ConcurrentLinkedQueue<>();
    private ServerSocket server;
    private ServerSocket collector;
    private Winsock winsock;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 0, InetAddress.ofLiteral("127.0.0.1"));
        collector = new ServerSocket(0, 0, InetAddress.ofLiteral("127.0.0.1"));
    }

    @AfterEach
    void leaveNothingOpen() throws IOException {
        server.close();
        collector.close();
        winsock.close();
        assertThat(winsock.openHandles().isEmpty()).as("%s", winsock.openHandles()).isTrue();
    }

    @Test
    void theCollectorGetsWhatTheClientReceived() throws IOException {
        start(Map.of(TeeModule.COLLECTOR_OPTION, "127.0.0.1:" + collector.getLocalPort()));
        SocketHandle s = connect();
        try (Socket peer = server.accept()) {
            peer.getOutputStream().write(TEXT);
        }
        assertThat(receive(s)).isEqualTo(TEXT);
        winsock.closesocket(s);

        try (Socket copy = collector.accept()) {
            assertThat(copy.getInputStream().readAllBytes()).isEqualTo(TEXT);
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void theCleanUpSendsWhatIsStillToBeCopied() throws IOException {
        start(Map.of(TeeModule.COLLECTOR_OPTION, "127.0.0.1:" + collector.getLocalPort()));
        SocketHandle s = connect();
        try (Socket peer = server.accept()) {
            peer.getOutputStream().write(TEXT);
        }
        assertThat(receive(s)).isEqualTo(TEXT);
        winsock.wsaCleanup();

        try (Socket copy = collector.accept()) {
            assertThat(copy.getInputStream().readAllBytes()).isEqualTo(TEXT);
        }
    }

    @Test
    void withoutCollectorTheStreamGoesOnAndTheHostIsToldOnce() throws IOException {
        int port = collector.getLocalPort();
        collector.close();
        start(Map.of(TeeModule.COLLECTOR_OPTION, "127.0.0.1:" + port));
        SocketHandle s = connect();
        try (Socket peer = server.accept()) {
            peer.getOutputStream().write(TEXT);
            assertThat(receive(s)).isEqualTo(TEXT);
            peer.getOutputStream().write(TEXT);
            assertThat(receiveOverlapped(s)).isEqualTo(TEXT);
        }
        winsock.closesocket(s);

        assertThat(reports).singleElement().asString().contains("127.0.0.1:" + port, "WSAECONNREFUSED");
    }

    /** The layer waits for it, but not for ever: five seconds. */
    @Test
    void aCollectorThatTakesNothingDoesNotKeepTheCleanUp() throws IOException {
        start(Map.of(TeeModule.COLLECTOR_OPTION, "127.0.0.1:" + collector.getLocalPort()));
        SocketHandle s = connect();
        Socket peer = server.accept();
        Thread.ofVirtual().start(() -> sendUntilClosed(peer));
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);
        int outcome = Waits.WSA_WAIT_EVENT_0;
        while (outcome == Waits.WSA_WAIT_EVENT_0) {
            winsock.wsaRecv(s, ByteBuffer.allocate(1 << 20), null, block, null);
            outcome = winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 5_000, false);
        }
        assertThat(block.isCompleted()).isFalse();

        winsock.wsaCleanup();

        assertThat(block.isCompleted()).isTrue();
        assertThat(reports).singleElement().asString().contains("WSAETIMEDOUT");
        winsock.waits().closeEvent(event);
    }

    @Test
    void withoutOptionTheLayerDoesNotStart() throws IOException {
        start(Map.of());

        assertThatThrownBy(this::connect)
                .isInstanceOf(WinsockException.class)
                .hasMessageContaining("WSAEPROVIDERFAILEDINIT")
                .hasMessageContaining("collector=ADDRESS:PORT");
    }

    private void start(Map<String, String> options) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.inMemory();
        List<WsaProtocolInfo> tcp = catalog.wscEnumProtocols(IpProtocol.IPPROTO_TCP).stream()
                .filter(info -> info.addressFamily() == AddressFamily.AF_INET)
                .toList();
        catalog.wscInstallProviderAndChains(TEE, "builtin:tee", "tee", 0, tcp, options);
        winsock = Winsock.builder()
                .catalog(catalog)
                .module(new TeeModule())
                .reporter((what, failure) -> reports.add(what + ": " + failure))
                .build();
        winsock.wsaStartup(WinsockVersion.V2_2);
    }

    private SocketHandle connect() throws WinsockException {
        SocketHandle s = winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
        winsock.connect(s, server.getLocalSocketAddress());
        return s;
    }

    private void sendUntilClosed(Socket peer) {
        byte[] piece = new byte[1 << 16];
        try (peer) {
            while (!server.isClosed()) {
                peer.getOutputStream().write(piece);
            }
        } catch (IOException e) {
            // The client's clean-up resets the connection: that is how this ends.
            assertThat(e).isInstanceOf(SocketException.class);
        }
    }

    private byte[] receive(SocketHandle s) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(TEXT.length);
        int n = 1;
        while (n > 0 && buffer.hasRemaining()) {
            n = winsock.recv(s, buffer, 0);
        }
        return buffer.array();
    }

    private byte[] receiveOverlapped(SocketHandle s) throws WinsockException {
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped block = new HeapOverlapped(event);
        ByteBuffer buffer = ByteBuffer.allocate(TEXT.length);
        winsock.wsaRecv(s, buffer, null, block, null);
        winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, Waits.WSA_INFINITE, false);
        assertThat(winsock.wsaGetOverlappedResult(s, block, false, null)).isEqualTo(TEXT.length);
        winsock.wsaCloseEvent(event);
        return buffer.array();
    }
}
