package org.ws2j.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HandleNumbers;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspResult;

/** The base provider in C, over the sockets of the system. */
@Timeout(60)
final class PosixProviderTest {
    private static final long MILLIS = 10_000;

    private final List<Throwable> reports = new ArrayList<>();
    private Winsock ws;

    @BeforeEach
    void start() throws Exception {
        Path library = NativeBuild.example("posix", "posix");
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        List<WsaProtocolInfo> entries = TransportModules.find(library.toString()).protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), library.toString(), entries, Map.of());
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

    private record Connection(SocketHandle client, SocketHandle server) {}

    private SocketHandle socket(int type) throws WinsockException {
        return ws.socket(AddressFamily.AF_INET, type, 0);
    }

    private SocketHandle bound(int type) throws WinsockException {
        SocketHandle s = socket(type);
        ws.bind(s, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return s;
    }

    private Connection connect() throws WinsockException {
        SocketHandle listener = bound(SocketType.SOCK_STREAM);
        ws.listen(listener, 5);
        SocketHandle client = socket(SocketType.SOCK_STREAM);
        ws.connect(client, ws.getsockname(listener));
        Connection c = new Connection(client, ws.accept(listener, null));
        ws.closesocket(listener);
        return c;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer buffer, int length) {
        return UTF_8.decode(buffer.slice(0, length)).toString();
    }

    @Test
    void aStreamGoesBothWaysAndEnds() throws WinsockException {
        Connection c = connect();
        ByteBuffer room = ByteBuffer.allocate(16);

        assertThat(ws.send(c.client, bytes("hello"), 0)).isEqualTo(5);
        assertThat(ws.recv(c.server, room, 0)).isEqualTo(5);
        assertThat(text(room, 5)).isEqualTo("hello");
        ws.closesocket(c.client);
        assertThat(ws.recv(c.server, ByteBuffer.allocate(4), 0)).isZero();
        ws.closesocket(c.server);
        assertThat(ws.openHandles().isEmpty()).isTrue();
    }

    @Test
    void aSocketIsItsFileDescriptor() throws WinsockException {
        SocketHandle s = bound(SocketType.SOCK_DGRAM);

        int descriptor = Integer.decode(s.toString().replace("SOCKET ", ""));
        assertThat(descriptor).isPositive().isLessThan(HandleNumbers.FIRST_GIVEN);
        ws.closesocket(s);
        SocketHandle next = bound(SocketType.SOCK_DGRAM);
        assertThat(next).isNotSameAs(s);
        assertThatExceptionOfType(WinsockException.class)
                .isThrownBy(() -> ws.getsockname(s))
                .matches(e -> e.is(WsaError.WSAENOTSOCK));
    }

    @Test
    void theFileFunctionsReadAndWriteTheDescriptor() throws WinsockException {
        Connection c = connect();
        ByteBuffer room = ByteBuffer.allocate(16);

        assertThat(ws.files().writeFile(c.client, bytes("file"))).isEqualTo(4);
        assertThat(ws.recv(c.server, room, 0)).isEqualTo(4);
        ws.send(c.server, bytes("back"), 0);
        assertThat(ws.select(FdSet.of(c.client), null, null, new Timeval(10, 0))).isOne();
        ByteBuffer answer = ByteBuffer.allocate(16);
        assertThat(ws.files().readFile(c.client, answer)).isEqualTo(4);
        assertThat(text(answer, 4)).isEqualTo("back");
    }

    @Test
    void aDatagramTellsItsSource() throws WinsockException {
        SocketHandle one = bound(SocketType.SOCK_DGRAM);
        SocketHandle other = bound(SocketType.SOCK_DGRAM);
        ReceiveResult result = new ReceiveResult();
        ByteBuffer room = ByteBuffer.allocate(16);

        ws.sendto(one, bytes("datagram"), 0, ws.getsockname(other));
        assertThat(ws.recvfrom(other, room, result)).isEqualTo(8);
        assertThat(result.from()).isEqualTo(ws.getsockname(one));
    }

    @Test
    void anOverlappedReceiveIsCompletedByTheProvidersOwnThread() throws WinsockException {
        Connection c = connect();
        HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
        ByteBuffer room = ByteBuffer.allocate(16);

        long pending = ws.wsaRecv(c.server, room, null, block, null);
        assertThat(pending).isEqualTo(WspResult.IO_PENDING);
        ws.send(c.client, bytes("later"), 0);
        assertThat(ws.waits().waitForSingleEvent(block.hEvent(), MILLIS, false)).isZero();
        assertThat(ws.wsaGetOverlappedResult(c.server, block, false, null)).isEqualTo(5);
        assertThat(text(room, 5)).isEqualTo("later");
    }

    @Test
    void closingAbortsAnOverlappedReceive() throws WinsockException {
        Connection c = connect();
        HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
        ws.wsaRecv(c.server, ByteBuffer.allocate(4), null, block, null);

        ws.closesocket(c.server);

        assertThat(ws.waits().waitForSingleEvent(block.hEvent(), MILLIS, false)).isZero();
        assertThat(block.internal()).isEqualTo(WsaError.WSA_OPERATION_ABORTED.code());
    }

    @Test
    void networkEventsAreRecorded() throws WinsockException {
        Connection c = connect();
        WsaEvent event = ws.wsaCreateEvent();
        ws.wsaEventSelect(c.server, event, NetworkEvent.FD_READ);
        ws.send(c.client, bytes("x"), 0);

        assertThat(ws.waits().waitForSingleEvent(event, MILLIS, false)).isZero();
        WsaNetworkEvents events = new WsaNetworkEvents();
        ws.wsaEnumNetworkEvents(c.server, event, events);
        assertThat(events.lNetworkEvents()).isEqualTo(NetworkEvent.FD_READ);
    }

    @Test
    void whatItLacksIsRefused() throws WinsockException {
        SocketHandle s = bound(SocketType.SOCK_DGRAM);

        assertThatExceptionOfType(WinsockException.class)
                .isThrownBy(() -> ws.wsaDuplicateSocket(s, 1))
                .matches(e -> e.is(WsaError.WSAEOPNOTSUPP));
    }
}
