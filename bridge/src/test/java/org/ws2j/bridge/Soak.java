package org.ws2j.bridge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
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
import org.ws2j.spi.WspResult;

/**
 * Runs operations through the layer in C for as long as wanted: synchronous, overlapped with an event, and overlapped with a
 * completion routine, over connections that come and go, on several threads. No test by itself; with the library built by
 * {@code -fsanitize=address} and its run-time preloaded it shows that the C side is clean:
 *
 * <p>{@code LD_PRELOAD=libasan.so java --enable-native-access=ALL-UNNAMED … org.ws2j.bridge.Soak LIBRARY OPERATIONS THREADS}
 */
final class Soak {
    private static final long MILLIS = 60_000;
    private static final int PER_CONNECTION = 1_000;

    private final Winsock ws;
    private final long operations;
    private final AtomicLong done = new AtomicLong();

    private Soak(Winsock ws, long operations) {
        this.ws = ws;
        this.operations = operations;
    }

    public static void main(String[] args) throws Exception {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        var entries = new MemoryModule().protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), "builtin:memory", entries, Map.of());
        String library = Path.of(args[0]).toAbsolutePath().toString();
        catalog.wscInstallProviderAndChains(UUID.randomUUID(), library, "soak", 0, null, Map.of());
        try (Winsock ws = Winsock.builder().catalog(catalog).build()) {
            ws.wsaStartup(WinsockVersion.V2_2);
            new Soak(ws, Long.parseLong(args[1])).run(Integer.parseInt(args[2]));
        }
    }

    private void run(int threads) throws InterruptedException {
        Thread[] all = new Thread[threads];
        AtomicLong failures = new AtomicLong();
        for (int i = 0; i < threads; i++) {
            all[i] = Thread.ofPlatform().start(() -> {
                try {
                    while (done.get() < operations) {
                        connection();
                    }
                } catch (WinsockException e) {
                    failures.incrementAndGet();
                    e.printStackTrace();
                }
            });
        }
        for (Thread thread : all) {
            thread.join();
        }
        System.out.println(done.get() + " operations, " + failures.get() + " failures, left open: " + ws.openHandles());
    }

    private void connection() throws WinsockException {
        SocketHandle listener = ws.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
        ws.bind(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ws.listen(listener, 1);
        SocketHandle client = ws.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
        ws.connect(client, ws.getsockname(listener));
        SocketHandle server = ws.accept(listener, null);
        ws.closesocket(listener);
        HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
        ByteBuffer in = ByteBuffer.allocate(64);
        ByteBuffer out = ByteBuffer.wrap("soak".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        for (int i = 0; i < PER_CONNECTION; i += 6) {
            exchange(client, server, block, in, out);
        }
        // Something is under way when the socket closes.
        pend(server, block, in, null);
        ws.closesocket(server);
        ws.waits().waitForSingleEvent(block.hEvent(), MILLIS, false);
        ws.closesocket(client);
        ws.wsaCloseEvent(block.hEvent());
    }

    private void exchange(SocketHandle client, SocketHandle server, HeapOverlapped block, ByteBuffer in, ByteBuffer out)
            throws WinsockException {
        ws.send(client, out.duplicate(), 0);
        expect(ws.recv(server, in.duplicate(), 0), in);
        pend(server, block, in, null);
        ws.send(client, out.duplicate(), 0);
        int waited = ws.waits().waitForSingleEvent(block.hEvent(), MILLIS, false);
        if (waited != 0) {
            throw new IllegalStateException("the wait for the event ended with " + waited);
        }
        expect(ws.wsaGetOverlappedResult(server, block, false, null), in);
        ws.waits().resetEvent(block.hEvent());
        long[] received = {-1};
        HeapOverlapped plain = new HeapOverlapped();
        pend(server, plain, in, (error, bytes, overlapped, flags) -> received[0] = error == 0 ? bytes : -1);
        ws.send(client, out.duplicate(), 0);
        while (received[0] < 0) {
            ws.waits().sleepEx(MILLIS, true);
        }
        expect(received[0], in);
        done.addAndGet(6);
    }

    private void pend(SocketHandle s, HeapOverlapped block, ByteBuffer in, WsaCompletionRoutine routine)
            throws WinsockException {
        long result = ws.wsaRecv(s, in, null, block, routine);
        if (result != WspResult.IO_PENDING) {
            throw new IllegalStateException("the layer answers pending always, but not " + result);
        }
    }

    private static void expect(long bytes, ByteBuffer in) {
        if (bytes != 4 || in.get(0) != 'S' || in.get(3) != 'K') {
            throw new IllegalStateException(bytes + " bytes: " + (char) in.get(0));
        }
    }
}
