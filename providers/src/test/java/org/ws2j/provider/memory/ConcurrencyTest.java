package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.Linger;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Both ends at once: bytes in order, and each call and request with one outcome. */
final class ConcurrencyTest extends MemoryTest {
    private static final int BYTES = 3_000_000;

    private Integer sendCounting(SocketHandle s) throws WinsockException {
        ByteBuffer data = ByteBuffer.allocate(5_003);
        int sent = 0;
        while (sent < BYTES) {
            data.clear().limit(Math.min(data.capacity(), BYTES - sent));
            for (int i = 0; i < data.limit(); i++) {
                data.put(i, (byte) ((sent + i) % 251));
            }
            sent += winsock.send(s, data, 0);
        }
        return sent;
    }

    private Integer receiveCounting(SocketHandle s) throws WinsockException {
        ByteBuffer data = ByteBuffer.allocate(7_001);
        int received = 0;
        while (received < BYTES) {
            int n = winsock.recv(s, data.clear(), 0);
            for (int i = 0; i < n; i++) {
                assertThat(data.get(i) & 0xFF).isEqualTo((received + i) % 251);
            }
            received += n;
        }
        return received;
    }

    @Test
    void bytesKeepTheirOrderInBothDirectionsAtOnce() throws Exception {
        Connection c = connection();
        List<CompletableFuture<Integer>> all = List.of(
                async(() -> sendCounting(c.client())), async(() -> receiveCounting(c.client())),
                async(() -> sendCounting(c.server())), async(() -> receiveCounting(c.server())));
        for (CompletableFuture<Integer> each : all) {
            assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(BYTES);
        }
    }

    @Test
    void everyRequestIsIndicatedOnceWhicheverEndClosesFirst() throws Exception {
        for (int round = 0; round < 300; round++) {
            Connection c = connection();
            if (round % 3 == 0) {
                winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
            }
            List<HeapOverlapped> blocks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                HeapOverlapped block = new HeapOverlapped();
                blocks.add(block);
                winsock.wsaRecv(i % 2 == 0 ? c.client() : c.server(), ByteBuffer.allocate(4), null, block, null);
            }
            CompletableFuture<Integer> blocked = async(() -> winsock.recv(c.server(), ByteBuffer.allocate(1), 0));
            CompletableFuture<Integer> first = async(() -> close(c.client()));
            CompletableFuture<Integer> second = async(() -> close(c.server()));
            first.get(20, TimeUnit.SECONDS);
            second.get(20, TimeUnit.SECONDS);
            blocked.handle((n, e) -> n).get(20, TimeUnit.SECONDS);
            awaitUntil(() -> blocks.stream().allMatch(HeapOverlapped::isCompleted));
            winsock.closesocket(c.listener());
        }
        awaitUntil(() -> winsock.openHandles().sockets() == 0);
    }

    private Integer close(SocketHandle s) throws WinsockException {
        winsock.closesocket(s);
        return 0;
    }

    @Test
    void oneOfSeveralClosesWins() throws Exception {
        for (int round = 0; round < 200; round++) {
            SocketHandle s = stream();
            CompletableFuture<Integer> first = async(() -> close(s));
            CompletableFuture<Integer> second = async(() -> close(s));
            long failed = List.of(first, second).stream()
                    .filter(f -> f.handle((n, e) -> e != null).orTimeout(20, TimeUnit.SECONDS).join()).count();
            assertThat(failed).isEqualTo(1);
        }
        assertThat(winsock.openHandles().sockets()).isZero();
    }

    @Test
    void socketsThatConnectToEachOtherDoNotWaitForEachOther() throws Exception {
        for (int round = 0; round < 200; round++) {
            SocketHandle a = stream();
            winsock.bind(a, loopback(0));
            SocketHandle b = stream();
            winsock.bind(b, loopback(0));
            CompletableFuture<Integer> first = async(() -> winsock.connect(a, nameOf(b)));
            CompletableFuture<Integer> second = async(() -> winsock.connect(b, nameOf(a)));
            assertFailsLater(WsaError.WSAECONNREFUSED, first);
            assertFailsLater(WsaError.WSAECONNREFUSED, second);
            close(a);
            close(b);
        }
    }
}
