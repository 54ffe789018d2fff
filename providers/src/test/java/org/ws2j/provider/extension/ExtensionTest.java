package org.ws2j.provider.extension;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.provider.memory.MemoryModule;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaOverlapped;

/** A host with one of the base providers; afterwards nothing of either may be left. */
@Timeout(60)
abstract class ExtensionTest {
    /** The providers that have extension functions. */
    enum Base {
        TCPIP {
            @Override
            WinsockBuilder host() {
                return Winsock.builder().module(new TcpIpModule());
            }
        },
        MEMORY {
            @Override
            WinsockBuilder host() throws WinsockException {
                MemoryModule module = new MemoryModule();
                ProtocolCatalog catalog = ProtocolCatalog.inMemory(List.of(module));
                UUID id = module.protocols().getFirst().providerId();
                catalog.wscInstallProvider(id, "builtin:memory", module.protocols(), Map.of());
                return Winsock.builder().module(module).catalog(catalog);
            }
        };

        abstract WinsockBuilder host() throws WinsockException;
    }

    /** Room for one address of IPv4. */
    static final int ROOM = 16 + AcceptEx.ADDRESS_OVERHEAD;

    static final int ABORTED = WsaError.WSA_OPERATION_ABORTED.code();

    @Parameter
    Base base;

    final List<Throwable> reported = new CopyOnWriteArrayList<>();
    Winsock winsock;

    /** Two ends of one connection, and the listener that it came from. */
    record Connection(SocketHandle listener, SocketHandle client, SocketHandle server) {
    }

    @BeforeEach
    final void startHost() throws WinsockException {
        winsock = base.host()
                .reporter((what, failure) -> reported.add(new AssertionError(what + ": " + failure, failure))).build();
        winsock.wsaStartup(WinsockVersion.V2_2);
    }

    @AfterEach
    final void nothingIsLeft() {
        winsock.close();
        assertThat(winsock.openHandles().sockets()).isZero();
        assertThat(reported).isEmpty();
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    static void assertFails(WsaError error, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(WinsockException.class,
                e -> assertThat(WsaError.describe(e.code())).isEqualTo(WsaError.describe(error.code())));
    }

    /** As {@link #assertFails}, for an extension function, which also leaves its error with the thread. */
    final void assertTold(WsaError error, ThrowingCallable call) {
        winsock.wsaSetLastError(0);
        assertFails(error, call);
        assertThat(winsock.wsaGetLastError()).isEqualTo(error.code());
    }

    /** Waits for something that nobody tells of; the test's time-out bounds it. */
    static void awaitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    /** {@return an extension function, asked of a socket} */
    final <T> T function(SocketHandle s, UUID id, Class<T> type) throws WinsockException {
        IoctlResult out = new IoctlResult();
        assertThat(winsock.wsaIoctl(s, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, id, out, null, null)).isZero();
        return type.cast(out.value());
    }

    final AcceptEx acceptEx(SocketHandle s) throws WinsockException {
        return function(s, ExtensionFunction.WSAID_ACCEPTEX, AcceptEx.class);
    }

    final ConnectEx connectEx(SocketHandle s) throws WinsockException {
        return function(s, ExtensionFunction.WSAID_CONNECTEX, ConnectEx.class);
    }

    final DisconnectEx disconnectEx(SocketHandle s) throws WinsockException {
        return function(s, ExtensionFunction.WSAID_DISCONNECTEX, DisconnectEx.class);
    }

    /** A block with an event. */
    final HeapOverlapped block() throws WinsockException {
        return new HeapOverlapped(winsock.wsaCreateEvent());
    }

    /** {@return the bytes of an operation that succeeds} */
    final long await(SocketHandle s, WsaOverlapped block) throws WinsockException {
        return winsock.wsaGetOverlappedResult(s, block, true, null);
    }

    final CompletionPort port(SocketHandle s, Object key) throws WinsockException {
        CompletionPort port = winsock.ports().createIoCompletionPort(1);
        winsock.ports().associate(s, port, key);
        return port;
    }

    final CompletionPacket packet(CompletionPort port) throws WinsockException {
        CompletionPacket packet = new CompletionPacket();
        // False for a packet that tells of a failure, too.
        boolean dequeued = winsock.ports().getQueuedCompletionStatus(port, packet, 30_000);
        assertThat(dequeued || packet.overlapped() != null).isTrue();
        return packet;
    }

    final void assertNoPacket(CompletionPort port) throws WinsockException {
        CompletionPacket packet = new CompletionPacket();
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isFalse();
        assertThat(packet.overlapped()).isNull();
    }

    final SocketHandle stream() throws WinsockException {
        return winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
    }

    final SocketHandle boundStream() throws WinsockException {
        SocketHandle s = stream();
        winsock.bind(s, loopback(0));
        return s;
    }

    /** A datagram socket with an address on loopback. */
    final SocketHandle datagram() throws WinsockException {
        SocketHandle s = winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
        winsock.bind(s, loopback(0));
        return s;
    }

    final InetSocketAddress nameOf(SocketHandle s) throws WinsockException {
        return (InetSocketAddress) winsock.getsockname(s);
    }

    final SocketHandle listener() throws WinsockException {
        SocketHandle s = boundStream();
        winsock.listen(s, 16);
        return s;
    }

    final Connection connection() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = stream();
        winsock.connect(client, nameOf(listener));
        return new Connection(listener, client, winsock.accept(listener, null));
    }

    /** An address that refuses connections: it was free a moment ago. */
    final InetSocketAddress nobody() throws WinsockException {
        SocketHandle s = boundStream();
        InetSocketAddress name = nameOf(s);
        winsock.closesocket(s);
        return name;
    }

    final String receive(SocketHandle s, int room) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(room);
        winsock.recv(s, buffer, 0);
        return US_ASCII.decode(buffer.flip()).toString();
    }

    /** Receives up to the end of the stream. */
    final byte[] receiveAll(SocketHandle s) throws WinsockException {
        ByteBuffer all = ByteBuffer.allocate(8 * 1024 * 1024);
        while (winsock.recv(s, all, 0) > 0) {
            assertThat(all.hasRemaining()).isTrue();
        }
        byte[] content = new byte[all.position()];
        all.flip().get(content);
        return content;
    }

    final void updateAcceptContext(SocketHandle accepted, SocketHandle listener) throws WinsockException {
        winsock.setsockopt(accepted, SocketOption.SOL_SOCKET, SocketOption.SO_UPDATE_ACCEPT_CONTEXT, listener);
    }

    final void updateConnectContext(SocketHandle connected) throws WinsockException {
        winsock.setsockopt(connected, SocketOption.SOL_SOCKET, SocketOption.SO_UPDATE_CONNECT_CONTEXT, null);
    }

    /** {@return the network events that are recorded} */
    final int events(SocketHandle s, WsaEvent event) throws WinsockException {
        WsaNetworkEvents record = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(s, event, record);
        return record.lNetworkEvents();
    }
}
