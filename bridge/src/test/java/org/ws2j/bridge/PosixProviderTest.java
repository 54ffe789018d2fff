package org.ws2j.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** What the conformance kit does not show of the base provider in C: see {@link NativeStacksTest} for the rest. */
@Timeout(60)
final class PosixProviderTest {
    private static final long MILLIS = 10_000;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private InstalledLibrary installed;
    private Winsock ws;

    @BeforeEach
    void start() throws Exception {
        installed = new InstalledLibrary(NativeBuild.posix());
        ws = installed.winsock();
    }

    @AfterEach
    void end() {
        if (installed != null) {
            installed.close();
            assertThat(installed.reports()).isEmpty();
        }
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

    private static <T> FutureTask<T> start(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /** Sockets and what belongs to the provider; the JVM opens files of its own meanwhile. */
    private static long openDescriptors() throws IOException {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(PosixProviderTest::isOfTheProvider).count();
        }
    }

    private static boolean isOfTheProvider(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:") || target.startsWith("anon_inode:[event");
        } catch (IOException e) {
            return false; // Closed meanwhile.
        }
    }

    @Test
    void theLastCleanUpClosesEveryDescriptor() throws Exception {
        ws.wsaCleanup();
        long before = openDescriptors();
        ws.wsaStartup(WinsockVersion.V2_2);
        Connection c = connect();
        ws.wsaDuplicateSocket(c.client, ws.processId());
        ws.wsaRecv(c.server, ByteBuffer.allocate(4), null, new HeapOverlapped(ws.wsaCreateEvent()), null);
        SocketHandle datagram = bound(SocketType.SOCK_DGRAM);
        ws.wsaRecv(datagram, ByteBuffer.allocate(4), null, new HeapOverlapped(), (error, n, block, flags) -> {});
        assertThat(openDescriptors()).isGreaterThanOrEqualTo(before + 5);
        ws.wsaCleanup();

        assertThat(openDescriptors()).isEqualTo(before);
    }

    /** The messages of a window that works at once come on the thread that alone waits for the system. */
    @Test
    void aWindowsProcedureMayBlockOnTheProvidersOwnThread() throws Exception {
        Connection c = connect();
        Connection other = connect();
        CompletableFuture<Integer> received = new CompletableFuture<>();
        WindowHandle window = ws.windows().createWindow(Runnable::run, message -> {
            try {
                received.complete(ws.recv(other.server, ByteBuffer.allocate(8), 0));
            } catch (WinsockException e) {
                received.completeExceptionally(e);
            }
        });
        ws.wsaAsyncSelect(c.server, window, Message.WM_USER, NetworkEvent.FD_READ);
        ws.send(c.client, bytes("x"), 0);
        ws.send(other.client, bytes("later"), 0);

        assertThat(received.get(MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(5);
        ws.windows().destroyWindow(window);
    }

    /** More of them than fit into the buffers of the system, sends and receives alike. */
    @Test
    void manyOverlappedOperationsKeepTheOrderOfAStream() throws Exception {
        int count = 2_000;
        int size = 1 << 12;
        Connection c = connect();
        Queue<HeapOverlapped> sends = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
            ByteBuffer data = ByteBuffer.allocateDirect(size);
            while (data.hasRemaining()) {
                data.putInt(i);
            }
            ws.wsaSend(c.client, data.flip(), 0, block, null);
            sends.add(block);
        }
        for (int i = 0; i < count; i++) {
            ByteBuffer room = ByteBuffer.allocateDirect(size);
            receiveAll(c.server, room);
            assertThat(room.getInt(0)).isEqualTo(i);
            assertThat(room.getInt(size - Integer.BYTES)).isEqualTo(i);
        }
        for (HeapOverlapped block : sends) {
            assertThat(ws.waits().waitForSingleEvent(block.hEvent(), MILLIS, false)).isZero();
            assertThat(ws.wsaGetOverlappedResult(c.client, block, false, null)).isEqualTo(size);
        }
    }

    private void receiveAll(SocketHandle s, ByteBuffer room) throws WinsockException {
        HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
        while (room.hasRemaining()) {
            ByteBuffer rest = room.slice();
            long n = ws.wsaRecv(s, rest, null, block, null);
            assertThat(ws.waits().waitForSingleEvent(block.hEvent(), MILLIS, false)).isZero();
            room.position(room.position() + (int) (n >= 0 ? n : ws.wsaGetOverlappedResult(s, block, false, null)));
        }
        ws.wsaCloseEvent(block.hEvent());
    }

    @Test
    void aBlockOnASocketThatIsNotForOverlappedOperationsIsLeftAlone() throws Exception {
        SocketHandle s = ws.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, 0, null, 0, 0);
        ws.bind(s, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ws.connect(s, ws.getsockname(s));
        HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
        assertThat(ws.wsaSend(s, bytes("data"), 0, block, null)).isEqualTo(4);
        assertThat(block.isCompleted()).isTrue();
        ByteBuffer room = ByteBuffer.allocate(8);
        assertThat(ws.wsaRecv(s, room, null, block, null)).isEqualTo(4);

        assertThat(block.isCompleted()).isTrue();
        assertThat(UTF_8.decode(room.slice(0, 4)).toString()).isEqualTo("data");
    }

    /** Its routine waits for the thread, but who asks is told already. */
    @Test
    void theBeginningOfAMessageThatIsTooLongIsThereWithTheError() throws Exception {
        SocketHandle s = bound(SocketType.SOCK_DGRAM);
        HeapOverlapped block = new HeapOverlapped();
        ByteBuffer room = ByteBuffer.allocate(4);
        List<Integer> told = new ArrayList<>();
        ws.wsaRecv(s, room, null, block, (error, n, b, flags) -> told.add(error));
        ws.sendto(s, bytes("message"), 0, ws.getsockname(s));
        int error = 0;
        while (error == 0) {
            try {
                assertThat(ws.wsaGetOverlappedResult(s, block, false, null)).isEqualTo(WspResult.IO_INCOMPLETE);
            } catch (WinsockException e) {
                error = e.code();
            }
        }
        assertThat(error).isEqualTo(WsaError.WSAEMSGSIZE.code());
        assertThat(UTF_8.decode(room.slice(0, 4)).toString()).isEqualTo("mess");
        assertThat(told).isEmpty();
        assertThat(ws.waits().sleepEx(MILLIS, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(told).containsExactly(WsaError.WSAEMSGSIZE.code());
    }

    @Test
    void aSocketCanBeClosedWhileOthersUseIt() throws Exception {
        for (int round = 0; round < 50; round++) {
            Connection c = connect();
            List<FutureTask<WsaError>> users = new ArrayList<>();
            users.add(start(() -> untilItFails(() -> ws.recv(c.server, ByteBuffer.allocate(64), 0))));
            users.add(start(() -> untilItFails(() -> ws.send(c.server, bytes("data"), 0))));
            users.add(start(() -> untilItFails(() -> ws.select(FdSet.of(c.server), null, null, new Timeval(10, 0)))));
            users.add(start(() -> untilItFails(() -> {
                HeapOverlapped block = new HeapOverlapped();
                return ws.wsaRecv(c.server, ByteBuffer.allocate(8), null, block, null);
            })));
            ws.send(c.client, bytes("hello"), 0);
            ws.closesocket(c.server);

            for (FutureTask<WsaError> user : users) {
                assertThat(user.get(MILLIS, TimeUnit.MILLISECONDS)).isIn(WsaError.WSAENOTSOCK, WsaError.WSAEINTR);
            }
            ws.closesocket(c.client);
        }
    }

    private static WsaError untilItFails(Callable<? extends Number> call) throws Exception {
        try {
            while (call.call().longValue() >= WspResult.IO_PENDING) {
                Thread.onSpinWait();
            }
            throw new AssertionError("a result that is none");
        } catch (WinsockException e) {
            return WsaError.of(e.code()).orElseThrow();
        }
    }

    @Test
    void moreBuffersThanTheSystemTakesAreTooMany() throws WinsockException {
        Connection c = connect();
        ByteBuffer[] many = new ByteBuffer[1_025];
        for (int i = 0; i < many.length; i++) {
            many[i] = bytes("x");
        }

        assertThatExceptionOfType(WinsockException.class)
                .isThrownBy(() -> ws.wsaSend(c.client, many, 0, null, null))
                .matches(e -> e.is(WsaError.WSAENOBUFS));
    }
}
