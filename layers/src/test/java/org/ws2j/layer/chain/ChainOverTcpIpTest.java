package org.ws2j.layer.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspResult;

/** What a client can do, through pass-through chains of different depths over the system's TCP and UDP. */
@Timeout(30)
@ParameterizedClass
@ValueSource(strings = {"passthrough 1", "passthrough 3", "passthrough 7", "ifs-passthrough 1", "ifs-passthrough 3"})
final class ChainOverTcpIpTest {
    private static final long SECONDS = 20_000;
    private static final int ABORTED = WsaError.WSA_OPERATION_ABORTED.code();

    @Parameter
    private String shape;

    private Chains chains;
    private EchoServer server;

    @BeforeEach
    void start() throws IOException {
        chains = new Chains()
                .over(shape.substring(0, shape.indexOf(' ')), depth())
                .start();
        server = new EchoServer();
    }

    /** The leak check of every test: it has closed what it made, and then nothing is left at any depth. */
    @AfterEach
    void nothingIsLeft() throws IOException {
        server.close();
        assertThat(chains.reports).isEmpty();
        chains.close();
        assertThat(chains.open().details()).isEmpty();
        assertThat(chains.open().isEmpty()).isTrue();
        assertThat(chains.reports).isEmpty();
    }

    private int depth() {
        return Integer.parseInt(shape.substring(shape.indexOf(' ') + 1));
    }

    private boolean isIfs() {
        return shape.startsWith("ifs");
    }

    private SocketHandle connected() throws WinsockException {
        SocketHandle s = chains.tcp();
        assertThat(chains.winsock.connect(s, server.address())).isZero();
        return s;
    }

    private void close(SocketHandle s) throws WinsockException {
        chains.winsock.closesocket(s);
        assertThat(chains.open().sockets()).isZero();
    }

    private static ByteBuffer bytes(String text) {
        return US_ASCII.encode(text);
    }

    private static String text(ByteBuffer buffer, long length) {
        return US_ASCII.decode(buffer.duplicate().clear().limit((int) length)).toString();
    }

    private String receive(SocketHandle s, int length) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && chains.winsock.recv(s, buffer, 0) > 0) {
            assertThat(buffer.position()).isPositive();
        }
        return text(buffer, buffer.position());
    }

    @Test
    void aSocketPerLayerIsOpenAndNoneAfterTheClose() throws WinsockException {
        SocketHandle s = chains.tcp();
        int expected = isIfs() ? 1 : depth() + 1;
        assertThat(chains.open().sockets()).isEqualTo(expected);
        close(s);
    }

    @Test
    void bytesGoAndComeBack() throws WinsockException {
        SocketHandle s = connected();
        assertThat(chains.winsock.send(s, bytes("hello"), 0)).isEqualTo(5);
        assertThat(receive(s, 5)).isEqualTo("hello");
        ByteBuffer[] parts = {bytes("gather"), bytes("ed")};
        assertThat(chains.winsock.wsaSend(s, parts, 0, null, null)).isEqualTo(8);
        assertThat(receive(s, 8)).isEqualTo("gathered");
        chains.winsock.shutdown(s, ShutdownHow.SD_SEND);
        assertThat(chains.winsock.recv(s, ByteBuffer.allocate(1), 0)).isZero();
        close(s);
    }

    @Test
    void namesAndOptionsAreTheSockets() throws WinsockException {
        SocketHandle s = connected();
        assertThat(chains.winsock.getpeername(s)).isEqualTo(server.address());
        assertThat(((InetSocketAddress) chains.winsock.getsockname(s)).getPort()).isPositive();
        chains.winsock.setsockopt(s, 6, SocketOption.TCP_NODELAY, true);
        assertThat(chains.winsock.getsockopt(s, 6, SocketOption.TCP_NODELAY)).isEqualTo(true);
        WsaProtocolInfo info =
                (WsaProtocolInfo) chains.winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_PROTOCOL_INFOW);
        assertThat(info.protocolChain().isChain()).isTrue();
        assertThat(info.isIfs()).isEqualTo(isIfs());
        assertThat(chains.winsock.wsaAddressToString(server.address(), info)).contains("127.0.0.1");
        IoctlResult base = new IoctlResult();
        assertThat(chains.winsock.wsaIoctl(s, IoctlCode.SIO_BASE_HANDLE, null, base, null, null)).isZero();
        assertThat(base.value() == s).isEqualTo(isIfs());
        close(s);
    }

    @Test
    void aRefusedConnectIsReported() throws IOException {
        // Bound and not listening: nobody else can take the port meanwhile.
        try (Socket reserved = new Socket()) {
            reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketHandle s = chains.tcp();
            assertThatThrownBy(() -> chains.winsock.connect(s, reserved.getLocalSocketAddress()))
                    .hasMessageContaining("WSAECONNREFUSED");
            close(s);
        }
    }

    @Test
    void aListenerAccepts() throws IOException {
        SocketHandle listener = chains.tcp();
        chains.winsock.bind(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        chains.winsock.listen(listener, 5);
        InetSocketAddress address = (InetSocketAddress) chains.winsock.getsockname(listener);
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            AddressHolder peer = new AddressHolder();
            SocketHandle accepted = chains.winsock.accept(listener, peer);
            assertThat(peer.address()).isEqualTo(client.getLocalSocketAddress());
            client.getOutputStream().write("knock".getBytes(US_ASCII));
            assertThat(receive(accepted, 5)).isEqualTo("knock");
            chains.winsock.closesocket(accepted);
        }
        close(listener);
    }

    @Test
    void datagramsGoAndComeBack() throws IOException {
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            SocketHandle s = chains.udp();
            chains.winsock.sendto(s, bytes("ping"), 0, peer.getLocalSocketAddress());
            DatagramPacket packet = new DatagramPacket(new byte[16], 16);
            peer.receive(packet);
            peer.send(new DatagramPacket("pong!".getBytes(US_ASCII), 5, packet.getSocketAddress()));
            ReceiveResult result = new ReceiveResult();
            ByteBuffer buffer = ByteBuffer.allocate(16);
            assertThat(chains.winsock.recvfrom(s, buffer, result)).isEqualTo(5);
            assertThat(result.from()).isEqualTo(peer.getLocalSocketAddress());
            close(s);
        }
    }

    @Test
    void selectFindsTheReadySockets() throws WinsockException {
        SocketHandle quiet = connected();
        SocketHandle busy = connected();
        chains.winsock.send(busy, bytes("x"), 0);
        FdSet read = FdSet.of(quiet, busy);
        FdSet write = FdSet.of(quiet);
        assertThat(chains.winsock.select(read, null, null, new Timeval(20, 0))).isEqualTo(1);
        assertThat(read.get(0)).isSameAs(busy);
        assertThat(chains.winsock.select(null, write, null, new Timeval(20, 0))).isEqualTo(1);
        FdSet nothing = FdSet.of(quiet);
        assertThat(chains.winsock.select(nothing, null, null, Timeval.POLL)).isZero();
        assertThat(nothing.fdCount()).isZero();
        chains.winsock.closesocket(quiet);
        close(busy);
    }

    @Test
    void networkEventsComeByEvent() throws WinsockException {
        SocketHandle s = chains.tcp();
        WsaEvent event = chains.winsock.wsaCreateEvent();
        chains.winsock.wsaEventSelect(s, event, NetworkEvent.FD_CONNECT | NetworkEvent.FD_READ);
        chains.winsock.connect(s, server.address());
        awaitEvent(s, event, NetworkEvent.FD_CONNECT);
        chains.winsock.send(s, bytes("x"), 0);
        awaitEvent(s, event, NetworkEvent.FD_READ);
        close(s);
        chains.winsock.wsaCloseEvent(event);
    }

    private void awaitEvent(SocketHandle s, WsaEvent event, int wanted) throws WinsockException {
        WsaNetworkEvents events = new WsaNetworkEvents();
        do {
            assertThat(chains.winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, SECONDS, false)).isZero();
            chains.winsock.wsaEnumNetworkEvents(s, event, events);
        } while (!events.has(wanted));
        assertThat(events.iErrorCode(NetworkEvent.bitOf(wanted))).isZero();
    }

    @Test
    void acceptedSocketsReportByMessageWithTheirOwnHandle() throws IOException {
        List<Message> messages = new ArrayList<>();
        WindowHandle window = chains.winsock.windows().createWindow(messages::add);
        SocketHandle listener = chains.tcp();
        chains.winsock.bind(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        chains.winsock.wsaAsyncSelect(listener, window, Message.WM_USER,
                NetworkEvent.FD_ACCEPT | NetworkEvent.FD_READ | NetworkEvent.FD_WRITE | NetworkEvent.FD_CLOSE);
        chains.winsock.listen(listener, 5);
        InetSocketAddress address = (InetSocketAddress) chains.winsock.getsockname(listener);
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            client.getOutputStream().write('x');
            awaitMessage(messages, listener, NetworkEvent.FD_ACCEPT);
            SocketHandle accepted = chains.winsock.accept(listener, null);
            awaitMessage(messages, accepted, NetworkEvent.FD_WRITE);
            awaitMessage(messages, accepted, NetworkEvent.FD_READ);
            chains.winsock.closesocket(listener);
            assertThat(chains.winsock.recv(accepted, ByteBuffer.allocate(4), 0)).isEqualTo(1);
            client.shutdownOutput();
            awaitMessage(messages, accepted, NetworkEvent.FD_CLOSE);
            close(accepted);
        }
        chains.winsock.windows().destroyWindow(window);
        assertThat(chains.open().windows()).isZero();
    }

    private void awaitMessage(List<Message> messages, SocketHandle s, int event) {
        while (messages.stream().noneMatch(
                m -> m.wParam() == s && NetworkEvent.selectEvent(m.lParam()) == event)) {
            Message message = chains.winsock.windows().getMessage(SECONDS);
            assertThat(message).as("message %x of %s", event, s).isNotNull();
            chains.winsock.windows().dispatchMessage(message);
        }
    }

    @Test
    void overlappedByEvent() throws WinsockException {
        SocketHandle s = connected();
        HeapOverlapped in = new HeapOverlapped(chains.winsock.wsaCreateEvent());
        ByteBuffer buffer = ByteBuffer.allocate(16);
        assertThat(chains.winsock.wsaRecv(s, buffer, null, in, null)).isEqualTo(WspResult.IO_PENDING);
        HeapOverlapped out = new HeapOverlapped(chains.winsock.wsaCreateEvent());
        chains.winsock.wsaSend(s, bytes("event"), 0, out, null);
        assertThat(chains.winsock.wsaGetOverlappedResult(s, out, true, null)).isEqualTo(5);
        long received = chains.winsock.wsaGetOverlappedResult(s, in, true, null);
        assertThat("event").startsWith(text(buffer, received));
        close(s);
        chains.winsock.wsaCloseEvent(in.hEvent());
        chains.winsock.wsaCloseEvent(out.hEvent());
    }

    @Test
    void overlappedByRoutine() throws WinsockException {
        SocketHandle s = connected();
        List<String> log = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(16);
        chains.winsock.wsaRecv(s, buffer, null, new HeapOverlapped(),
                (error, n, block, flags) -> log.add("in " + error + " " + text(buffer, n)));
        chains.winsock.wsaSend(s, bytes("r"), 0, new HeapOverlapped(),
                (error, n, block, flags) -> log.add("out " + error + " " + n));
        while (log.size() < 2) {
            assertThat(chains.winsock.waits().sleepEx(SECONDS, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        }
        assertThat(log).containsExactlyInAnyOrder("in 0 r", "out 0 1");
        close(s);
    }

    @Test
    void overlappedByPort() throws WinsockException {
        SocketHandle s = connected();
        CompletionPort port = chains.winsock.ports().createIoCompletionPort(1);
        chains.winsock.ports().associate(s, port, "key");
        HeapOverlapped in = new HeapOverlapped();
        HeapOverlapped out = new HeapOverlapped();
        chains.winsock.wsaRecv(s, ByteBuffer.allocate(4), null, in, null);
        chains.winsock.wsaSend(s, bytes("p"), 0, out, null);
        CompletionPacket packet = new CompletionPacket();
        List<Object> completed = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            assertThat(chains.winsock.ports().getQueuedCompletionStatus(port, packet, SECONDS)).isTrue();
            assertThat(packet.completionKey()).isEqualTo("key");
            assertThat(packet.bytesTransferred()).isEqualTo(1);
            completed.add(packet.overlapped());
        }
        assertThat(completed).containsExactlyInAnyOrder(in, out);
        close(s);
        chains.winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void closingAbortsAnEventsReceiveOnce() throws WinsockException {
        SocketHandle s = connected();
        HeapOverlapped in = new HeapOverlapped(chains.winsock.wsaCreateEvent());
        chains.winsock.wsaRecv(s, ByteBuffer.allocate(4), null, in, null);
        chains.winsock.closesocket(s);
        WsaEvent[] events = {in.hEvent()};
        assertThat(chains.winsock.wsaWaitForMultipleEvents(events, false, SECONDS, false)).isZero();
        assertThat(in.isCompleted()).isTrue();
        if (!isIfs()) {
            assertThat(in.offsetHigh()).isEqualTo(ABORTED);
        }
        chains.winsock.wsaCloseEvent(in.hEvent());
    }

    @Test
    void closingAbortsARoutinesReceiveOnce() throws WinsockException {
        SocketHandle s = connected();
        List<Integer> errors = new ArrayList<>();
        chains.winsock.wsaRecv(s, ByteBuffer.allocate(4), null, new HeapOverlapped(),
                (error, n, block, flags) -> errors.add(error));
        chains.winsock.closesocket(s);
        assertThat(chains.winsock.waits().sleepEx(SECONDS, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        chains.winsock.waits().sleepEx(0, true);
        assertThat(errors).containsExactly(ABORTED);
    }

    @Test
    void closingAbortsAPortsReceiveOnce() throws WinsockException {
        SocketHandle s = connected();
        CompletionPort port = chains.winsock.ports().createIoCompletionPort(1);
        chains.winsock.ports().associate(s, port, s);
        HeapOverlapped in = new HeapOverlapped();
        chains.winsock.wsaRecv(s, ByteBuffer.allocate(4), null, in, null);
        chains.winsock.closesocket(s);
        CompletionPacket packet = new CompletionPacket();
        assertThat(chains.winsock.ports().getQueuedCompletionStatus(port, packet, SECONDS)).isTrue();
        assertThat(packet.overlapped()).isSameAs(in);
        if (!isIfs()) {
            assertThat(packet.error()).isEqualTo(ABORTED);
        }
        CompletionPacket none = new CompletionPacket();
        assertThat(chains.winsock.ports().getQueuedCompletionStatus(port, none, 0)).isFalse();
        assertThat(none.overlapped()).isNull();
        chains.winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void theLastCleanUpIndicatesNothing() throws WinsockException {
        SocketHandle s = connected();
        List<Integer> errors = new ArrayList<>();
        HeapOverlapped in = new HeapOverlapped();
        chains.winsock.wsaRecv(s, ByteBuffer.allocate(4), null, in, (error, n, block, flags) -> errors.add(error));
        chains.winsock.wsaCleanup();
        chains.winsock.waits().sleepEx(0, true);
        assertThat(errors).isEmpty();
        assertThat(chains.open().sockets()).isZero();
    }

    @Test
    void aFileViewReadsAndWrites() throws WinsockException {
        SocketHandle s = connected();
        ByteBuffer data = bytes("file");
        assertThat(chains.winsock.files().writeFile(s, data)).isEqualTo(4);
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThat(chains.winsock.files().readFile(s, buffer)).isEqualTo(1);
        assertThat(text(buffer, 1)).isEqualTo("f");
        close(s);
    }
}
