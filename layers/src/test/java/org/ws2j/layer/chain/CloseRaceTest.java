package org.ws2j.layer.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WspResult;

/** Operations that start, complete and are aborted while another thread closes their socket: one indication for each. */
@Timeout(30)
final class CloseRaceTest {
    private static final long SECONDS = 20_000;
    private static final int OPERATIONS = 8;

    private Chains chains;
    private EchoServer server;

    @BeforeEach
    void start() throws IOException {
        chains = new Chains().over("passthrough", 3).start();
        server = new EchoServer();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        server.close();
        assertThat(chains.open().details()).isEmpty();
        assertThat(chains.reports).isEmpty();
        chains.close();
    }

    private SocketHandle connected() throws WinsockException {
        SocketHandle s = chains.tcp();
        chains.winsock.connect(s, server.address());
        return s;
    }

    /** Closes the socket when the latch says so. */
    private Thread closer(SocketHandle s, CountDownLatch go) {
        return Thread.ofVirtual().start(() -> {
            try {
                go.await();
                chains.winsock.closesocket(s);
            } catch (InterruptedException | WinsockException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Starts sends and receives until the socket is gone, and counts those that were accepted. */
    private int startAll(SocketHandle s, CountDownLatch go, AtomicInteger indicated) {
        int accepted = 0;
        try {
            for (int i = 0; i < OPERATIONS; i++) {
                if (i == OPERATIONS / 2) {
                    go.countDown();
                }
                long result = i % 2 == 0
                        ? chains.winsock.wsaRecv(s, ByteBuffer.allocate(64), null, new HeapOverlapped(),
                                indicated == null ? null : (error, n, block, flags) -> indicated.incrementAndGet())
                        : chains.winsock.wsaSend(s, ByteBuffer.allocate(64), 0, new HeapOverlapped(),
                                indicated == null ? null : (error, n, block, flags) -> indicated.incrementAndGet());
                if (result >= 0 || result == WspResult.IO_PENDING) {
                    accepted++;
                }
            }
        } catch (WinsockException e) {
            // Closed meanwhile: what was refused is not indicated.
            assertThat(e.getMessage()).isNotNull();
        }
        return accepted;
    }

    @RepeatedTest(40)
    void byRoutine() throws Exception {
        SocketHandle s = connected();
        CountDownLatch go = new CountDownLatch(1);
        Thread closer = closer(s, go);
        AtomicInteger indicated = new AtomicInteger();
        int accepted = startAll(s, go, indicated);
        closer.join();
        while (indicated.get() < accepted) {
            assertThat(chains.winsock.waits().sleepEx(SECONDS, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        }
        chains.winsock.waits().sleepEx(0, true);
        assertThat(indicated.get()).isEqualTo(accepted);
    }

    @RepeatedTest(40)
    void byPort() throws Exception {
        SocketHandle s = connected();
        CompletionPort port = chains.winsock.ports().createIoCompletionPort(1);
        chains.winsock.ports().associate(s, port, "key");
        CountDownLatch go = new CountDownLatch(1);
        Thread closer = closer(s, go);
        int accepted = startAll(s, go, null);
        closer.join();
        CompletionPacket packet = new CompletionPacket();
        List<Object> seen = new ArrayList<>();
        for (int i = 0; i < accepted; i++) {
            assertThat(chains.winsock.ports().getQueuedCompletionStatus(port, packet, SECONDS)).isTrue();
            seen.add(packet.overlapped());
        }
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(chains.winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isFalse();
        chains.winsock.ports().closeIoCompletionPort(port);
    }
}
