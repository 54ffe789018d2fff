package org.ws2j.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.provider.memory.MemoryModule;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WspResult;

/**
 * Runs operations through the layer in C for as long as wanted: synchronous, overlapped with an event, and overlapped with a
 * completion routine, over connections that come and go, on several threads. No test by itself.
 *
 * <p>{@code ./ws2 border soak} builds the layer under AddressSanitizer and so that it counts its allocations, and starts this:
 * {@code Soak LIBRARY OPERATIONS THREADS}. It ends with 0 if nothing failed and nothing is left.
 */
final class Soak {
    private static final long MILLIS = 600_000;
    private static final long SECONDS_OF_PROGRESS = 30;
    private static final int TEXT = 4;

    /** Operations of one kind that are under way together: without that the change of threads is all that takes time. */
    private static final int AT_ONCE = 32;

    private static final int ROUNDS = 8;

    /** Synchronous calls cost little beside the others: a quarter of all operations goes through the worker threads. */
    private static final int SYNCHRONOUS_ROUNDS = 4;

    private final Winsock ws;
    private final long operations;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    private Soak(Winsock ws, long operations) {
        this.ws = ws;
        this.operations = operations;
    }

    public static void main(String[] args) throws Throwable {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        var entries = new MemoryModule().protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), "builtin:memory", entries, Map.of());
        Path library = Path.of(args[0]).toAbsolutePath();
        catalog.wscInstallProviderAndChains(UUID.randomUUID(), library.toString(), "soak", 0, null, Map.of());
        boolean right;
        try (Winsock ws = Winsock.builder().catalog(catalog).build()) {
            ws.wsaStartup(WinsockVersion.V2_2);
            right = new Soak(ws, Long.parseLong(args[1])).run(Integer.parseInt(args[2]));
        }
        boolean isFreed = isFreed(library);
        System.exit(right && isFreed ? 0 : 1);
    }

    /** After WSPCleanup: what a library that counts its allocations still holds. */
    private static boolean isFreed(Path library) throws Throwable {
        Optional<MemorySegment> counter =
                SymbolLookup.libraryLookup(library, Arena.global()).find("CountedAllocations");
        if (counter.isEmpty()) {
            System.out.println("the library does not count its allocations");
            return true;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counts = arena.allocate(ValueLayout.JAVA_LONG, 2);
            Linker.nativeLinker()
                    .downcallHandle(counter.get(), FunctionDescriptor.ofVoid(ValueLayout.ADDRESS))
                    .invokeExact(counts);
            long live = counts.getAtIndex(ValueLayout.JAVA_LONG, 0);
            System.out.println("of " + counts.getAtIndex(ValueLayout.JAVA_LONG, 1) + " allocations of the library "
                    + live + " are left after WSPCleanup");
            return live == 0;
        }
    }

    private boolean run(int threads) throws InterruptedException {
        long start = System.nanoTime();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofPlatform().start(this::connections));
        }
        for (Thread thread : all) {
            while (!thread.join(Duration.ofSeconds(SECONDS_OF_PROGRESS))) {
                tell(start);
            }
        }
        tell(start);
        System.out.println("left open: " + ws.openHandles());
        return failures.get() == 0 && done.get() >= operations && ws.openHandles().sockets() == 0
                && ws.openHandles().events() == 0;
    }

    private void tell(long start) {
        System.out.println(Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s: " + done.get()
                + " operations, " + failures.get() + " failures");
    }

    private void connections() {
        try {
            while (done.get() < operations) {
                connection();
            }
        } catch (Throwable e) {
            failures.incrementAndGet();
            e.printStackTrace(System.out);
        }
    }

    private void connection() throws WinsockException {
        SocketHandle listener = ws.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
        ws.bind(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ws.listen(listener, 1);
        SocketHandle client = ws.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
        ws.connect(client, ws.getsockname(listener));
        SocketHandle server = ws.accept(listener, null);
        ws.closesocket(listener);
        WsaEvent received = ws.wsaCreateEvent();
        WsaEvent sent = ws.wsaCreateEvent();
        List<HeapOverlapped> receives = blocks(received);
        List<HeapOverlapped> sends = blocks(sent);
        for (int i = 0; i < ROUNDS; i++) {
            for (int k = 0; k < SYNCHRONOUS_ROUNDS; k++) {
                synchronously(client, server);
            }
            withAnEvent(client, server, receives, sends);
            withARoutine(client, server, receives);
        }
        // Something is under way when the socket closes.
        pend(server, receives.getLast(), ByteBuffer.allocate(TEXT), null);
        ws.closesocket(server);
        await(received);
        ws.closesocket(client);
        ws.wsaCloseEvent(received);
        ws.wsaCloseEvent(sent);
    }

    /** Operations on a socket end in their order, so the last one's event is that of all. */
    private static List<HeapOverlapped> blocks(WsaEvent last) {
        List<HeapOverlapped> blocks = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            blocks.add(i == AT_ONCE - 1 ? new HeapOverlapped(last) : new HeapOverlapped());
        }
        return blocks;
    }

    private static ByteBuffer text() {
        return ByteBuffer.wrap("soak".getBytes(StandardCharsets.US_ASCII));
    }

    private void synchronously(SocketHandle client, SocketHandle server) throws WinsockException {
        ByteBuffer in = ByteBuffer.allocate(TEXT);
        for (int i = 0; i < AT_ONCE; i++) {
            ws.send(client, text(), 0);
        }
        for (int i = 0; i < AT_ONCE; i++) {
            expect(ws.recv(server, in.clear(), 0), in);
        }
        done.addAndGet(2L * AT_ONCE);
    }

    private void withAnEvent(
            SocketHandle client, SocketHandle server, List<HeapOverlapped> receives, List<HeapOverlapped> sends)
            throws WinsockException {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (HeapOverlapped block : receives) {
            buffers.add(ByteBuffer.allocate(TEXT));
            pend(server, block, buffers.getLast(), null);
        }
        for (HeapOverlapped block : sends) {
            pending(ws.wsaSend(client, text(), 0, block, null));
        }
        await(receives.getLast().hEvent());
        await(sends.getLast().hEvent());
        for (int i = 0; i < AT_ONCE; i++) {
            expect(ws.wsaGetOverlappedResult(server, receives.get(i), false, null), buffers.get(i));
        }
        done.addAndGet(2L * AT_ONCE);
    }

    private void await(WsaEvent event) throws WinsockException {
        int waited = ws.waits().waitForSingleEvent(event, MILLIS, false);
        if (waited != 0) {
            throw new IllegalStateException("the wait for the event ended with " + waited);
        }
        ws.waits().resetEvent(event);
    }

    private void withARoutine(SocketHandle client, SocketHandle server, List<HeapOverlapped> receives)
            throws WinsockException {
        int[] called = {0};
        for (HeapOverlapped block : receives) {
            ByteBuffer in = ByteBuffer.allocate(TEXT);
            pend(server, block, in, (error, bytes, over, flags) -> {
                expect(error == 0 ? bytes : -error, in);
                called[0]++;
            });
        }
        for (int i = 0; i < AT_ONCE; i++) {
            ws.send(client, text(), 0);
        }
        while (called[0] < AT_ONCE) {
            if (ws.waits().sleepEx(MILLIS, true) == 0) {
                throw new IllegalStateException("only " + called[0] + " completion routines ran");
            }
        }
        done.addAndGet(2L * AT_ONCE);
    }

    private void pend(SocketHandle s, HeapOverlapped block, ByteBuffer in, WsaCompletionRoutine routine)
            throws WinsockException {
        pending(ws.wsaRecv(s, in, null, block, routine));
    }

    private static void pending(long result) {
        if (result != WspResult.IO_PENDING) {
            throw new IllegalStateException("the layer answers pending always, but not " + result);
        }
    }

    private static void expect(long bytes, ByteBuffer in) {
        if (bytes != TEXT || in.get(0) != 'S' || in.get(TEXT - 1) != 'K') {
            throw new IllegalStateException(bytes + " bytes: " + (char) in.get(0));
        }
    }
}
