package org.ws2j.provider.tcpip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;

/** A host with the provider; afterwards nothing of either may be left. */
@Timeout(30)
abstract class TcpIpTest {
    static final InetAddress LOOPBACK4 = address("127.0.0.1");
    static final InetAddress LOOPBACK6 = address("::1");

    final List<Throwable> reported = new CopyOnWriteArrayList<>();
    Winsock winsock;

    /** Two ends of one connection, and the listener that it came from. */
    record Connection(SocketHandle listener, SocketHandle client, SocketHandle server) {
    }

    @BeforeEach
    final void startHost() throws WinsockException {
        winsock = Winsock.builder()
                .module(new TcpIpModule())
                .reporter((what, failure) -> reported.add(new AssertionError(what + ": " + failure, failure)))
                .build();
        winsock.wsaStartup(version());
    }

    WinsockVersion version() {
        return WinsockVersion.V2_2;
    }

    @AfterEach
    final void nothingIsLeft() {
        winsock.close();
        assertThat(reported).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("ws2j-tcpip-poller");
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(LOOPBACK4, port);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    static String text(ByteBuffer filled) {
        ByteBuffer view = filled.duplicate().flip();
        return US_ASCII.decode(view).toString();
    }

    static void assertFails(WsaError error, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(WinsockException.class,
                e -> assertThat(WsaError.describe(e.code())).isEqualTo(WsaError.describe(error.code())));
    }

    static void assertFailsLater(WsaError error, CompletableFuture<?> call) {
        Exception outer = catchThrowableOfType(Exception.class, () -> call.get(20, TimeUnit.SECONDS));
        assertThat(outer).isNotNull();
        assertFails(error, () -> {
            throw outer.getCause();
        });
    }

    /** {@return what makes the threads that call} */
    Thread.Builder threads() {
        return Thread.ofPlatform().daemon();
    }

    final <T> CompletableFuture<T> async(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        threads().start(() -> complete(result, call));
        return result;
    }

    static <T> void complete(CompletableFuture<T> result, Callable<T> call) {
        try {
            result.complete(call.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /** Waits for something that nobody tells of; the test's time-out bounds it. */
    static void awaitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    final void awaitBlocked(SocketHandle s) throws WinsockException {
        TcpIpSocket socket = inside(s);
        awaitUntil(socket::isWaitedFor);
    }

    final TcpIpSocket inside(SocketHandle s) throws WinsockException {
        return (TcpIpSocket) winsock.files().fileObject(s);
    }

    final SocketHandle tcp() throws WinsockException {
        return winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
    }

    final SocketHandle tcp6() throws WinsockException {
        return winsock.socket(AddressFamily.AF_INET6, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
    }

    final SocketHandle udp() throws WinsockException {
        return winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
    }

    /** A datagram socket with an address on loopback. */
    final SocketHandle boundUdp() throws WinsockException {
        SocketHandle s = udp();
        winsock.bind(s, loopback(0));
        return s;
    }

    final InetSocketAddress nameOf(SocketHandle s) throws WinsockException {
        return (InetSocketAddress) winsock.getsockname(s);
    }

    final SocketHandle listener() throws WinsockException {
        SocketHandle s = tcp();
        winsock.bind(s, loopback(0));
        winsock.listen(s, 16);
        return s;
    }

    final Connection connection() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));
        return new Connection(listener, client, winsock.accept(listener, null));
    }

    /** An address that refuses connections: it was free a moment ago. */
    final InetSocketAddress nobody() throws WinsockException {
        SocketHandle s = tcp();
        winsock.bind(s, loopback(0));
        InetSocketAddress name = nameOf(s);
        winsock.closesocket(s);
        return name;
    }

    final void nonBlocking(SocketHandle s) throws WinsockException {
        winsock.ioctlsocket(s, IoctlCode.FIONBIO, true);
    }

    final String receive(SocketHandle s, int room) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(room);
        winsock.recv(s, buffer, 0);
        return text(buffer);
    }

    /** Sends until nothing more fits, on a non-blocking socket. */
    final long fill(SocketHandle s) throws WinsockException {
        ByteBuffer data = ByteBuffer.allocateDirect(256 * 1024);
        long sum = 0;
        while (true) {
            long n = winsock.send(s, data.clear(), 0);
            if (n < 0) {
                return sum;
            }
            sum += n;
        }
    }

    /** Receives a number of bytes on a blocking socket. */
    final void drain(SocketHandle s, long count) throws WinsockException {
        ByteBuffer data = ByteBuffer.allocateDirect(256 * 1024);
        long left = count;
        while (left > 0) {
            data.clear().limit((int) Math.min(left, data.capacity()));
            left -= winsock.recv(s, data, 0);
        }
    }
}
