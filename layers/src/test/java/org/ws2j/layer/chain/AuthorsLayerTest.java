package org.ws2j.layer.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.layer.LayerFactory;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.layer.LayeredSocket;
import org.ws2j.layer.Transfer;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** Layers as an author from outside would write them, in a chain on a host. */
@Timeout(30)
final class AuthorsLayerTest {

    /** Shows the client capital letters. */
    private static final class UpperCase extends LayeredProvider {
        UpperCase(LayerStart start) {
            super(start);
        }

        @Override
        protected void received(Transfer transfer) {
            transfer.forEach((buffer, index, length) -> {
                for (int i = index; i < index + length; i++) {
                    buffer.put(i, (byte) Character.toUpperCase(buffer.get(i)));
                }
            });
        }
    }

    /** Counts what each socket has sent, in a record of its own. */
    private static final class Counting extends LayeredProvider {
        private final AtomicLong closedWith = new AtomicLong(-1);

        Counting(LayerStart start) {
            super(start);
        }

        private static final class CountedSocket extends LayeredSocket {
            private final AtomicLong sent = new AtomicLong();

            CountedSocket(Counting layer, SocketHandle lower) {
                super(layer, lower);
            }
        }

        @Override
        protected LayeredSocket newSocket(SocketHandle lowerSocket, LayeredSocket parent) {
            return new CountedSocket(this, lowerSocket);
        }

        @Override
        protected void sent(Transfer transfer) {
            ((CountedSocket) transfer.socket()).sent.addAndGet(transfer.bytes());
        }

        @Override
        protected void released(LayeredSocket socket) {
            closedWith.set(((CountedSocket) socket).sent.get());
        }
    }

    private static String exchange(Chains chains, EchoServer server, String text) throws WinsockException {
        SocketHandle s = chains.tcp();
        try {
            chains.winsock.connect(s, server.address());
            chains.winsock.send(s, US_ASCII.encode(text), 0);
            ByteBuffer buffer = ByteBuffer.allocate(text.length());
            while (buffer.hasRemaining()) {
                assertThat(chains.winsock.recv(s, buffer, 0)).isPositive();
            }
            return US_ASCII.decode(buffer.flip()).toString();
        } finally {
            chains.winsock.closesocket(s);
        }
    }

    private static void with(LayerFactory factory, Try body) throws IOException {
        try (EchoServer server = new EchoServer();
                Chains chains = new Chains(Chains.module("authors", factory))
                        .over("authors")
                        .over("passthrough")
                        .start()) {
            body.run(chains, server);
        }
    }

    private interface Try {
        void run(Chains chains, EchoServer server) throws IOException;
    }

    @Test
    void aLayerChangesWhatIsReceived() throws IOException {
        with(UpperCase::new, (chains, server) -> assertThat(exchange(chains, server, "quiet")).isEqualTo("QUIET"));
    }

    @Test
    void aLayerKeepsARecordOfEachSocket() throws IOException {
        Counting[] layer = new Counting[1];
        with(start -> layer[0] = new Counting(start), (chains, server) -> {
            exchange(chains, server, "seven..");
            assertThat(layer[0].closedWith.get()).isEqualTo(7);
        });
    }

    @Test
    void aLayerDelaysWithoutBlockingTheClient() throws IOException {
        AtomicReference<Runnable> held = new AtomicReference<>();
        with(start -> new LayeredProvider(start) {
            @Override
            protected void sending(Transfer transfer) {
                if (transfer.isOverlapped()) {
                    held.set(transfer.hold());
                }
            }
        }, (chains, server) -> {
            SocketHandle s = chains.tcp();
            chains.winsock.connect(s, server.address());
            HeapOverlapped out = new HeapOverlapped(chains.winsock.wsaCreateEvent());
            assertThat(chains.winsock.wsaSend(s, US_ASCII.encode("late"), 0, out, null))
                    .isEqualTo(WspResult.IO_PENDING);
            Thread.ofVirtual().start(held.get());
            assertThat(chains.winsock.wsaGetOverlappedResult(s, out, true, null)).isEqualTo(4);
            ByteBuffer buffer = ByteBuffer.allocate(4);
            assertThat(chains.winsock.recv(s, buffer, 0)).isPositive();
            chains.winsock.closesocket(s);
            chains.winsock.wsaCloseEvent(out.hEvent());
            chains.awaitNoSockets();
            assertThat(chains.open().isEmpty()).isTrue();
        });
    }

    @Test
    void aLayerThatThrowsFailsItsCallsAloneAndTheHostGoesOn() throws IOException {
        with(start -> new LayeredProvider(start) {
            @Override
            protected void received(Transfer transfer) {
                throw new IllegalStateException("broken");
            }
        }, (chains, server) -> {
            assertThatThrownBy(() -> exchange(chains, server, "x")).hasMessageContaining("WSASYSCALLFAILURE");
            assertThat(chains.open().sockets()).isZero();
            SocketHandle s = chains.tcp();
            chains.winsock.connect(s, server.address());
            HeapOverlapped in = new HeapOverlapped(chains.winsock.wsaCreateEvent());
            chains.winsock.wsaRecv(s, ByteBuffer.allocate(4), null, in, null);
            chains.winsock.send(s, US_ASCII.encode("y"), 0);
            assertThatThrownBy(() -> chains.winsock.wsaGetOverlappedResult(s, in, true, null))
                    .isInstanceOfSatisfying(WinsockException.class,
                            e -> assertThat(e.is(WsaError.WSASYSCALLFAILURE)).isTrue());
            chains.winsock.closesocket(s);
            chains.winsock.wsaCloseEvent(in.hEvent());
            chains.awaitNoSockets();
            assertThat(chains.open().isEmpty()).isTrue();
        });
    }

    @Test
    void aLayerThatCannotStartFailsTheSocketAndLeavesNothing() throws IOException {
        with(start -> {
            throw new IllegalArgumentException("no such option");
        }, (chains, server) -> {
            assertThatThrownBy(chains::tcp).hasMessageContaining("WSAEPROVIDERFAILEDINIT");
            chains.awaitNoSockets();
            assertThat(chains.open().isEmpty()).isTrue();
        });
    }

    @Test
    void manyVirtualThreadsGoThroughOneChain() throws IOException {
        with(UpperCase::new, (chains, server) -> {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var results = threads.invokeAll(Collections.nCopies(
                        200, () -> exchange(chains, server, "all of us")));
                for (var result : results) {
                    assertThat(result.get()).isEqualTo("ALL OF US");
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
            chains.awaitNoSockets();
            assertThat(chains.open().isEmpty()).isTrue();
        });
    }
}
