package org.ws2j.agent.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.agent.TestNetwork;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.layer.Transfer;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

@Timeout(60)
class AsyncSocketChannelTest extends AsyncTest {
    private static final int BULK = 2_000_000;

    /** Breaks what is received. */
    private static final class Failing extends LayeredProvider {
        private final RuntimeException bug;

        Failing(LayerStart start, RuntimeException bug) {
            super(start);
            this.bug = bug;
        }

        @Override
        protected void received(Transfer transfer) throws WinsockException {
            if (bug != null) {
                throw bug;
            }
            throw new WinsockException(WsaError.WSAENETDOWN, "as the test wants");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void whatWasReceivedIsInTheBufferWhenTheHandlerIsCalled(int layers) throws Exception {
        try (AgentNetwork network = TestNetwork.layered(layers);
                Pair pair = Pair.open(new AsyncProvider(network), null)) {
            ByteBuffer target = ByteBuffer.allocate(10);
            CompletableFuture<String> seen = new CompletableFuture<>();
            pair.client().read(target, null, new CompletionHandler<Integer, Void>() {
                @Override
                public void completed(Integer n, Void attachment) {
                    seen.complete(n + " " + new String(target.array(), 0, target.position(), StandardCharsets.UTF_8));
                }

                @Override
                public void failed(Throwable e, Void attachment) {
                    seen.completeExceptionally(e);
                }
            });
            assertThat(target.position()).isZero();
            assertThat(await(pair.server().write(text("hello")))).isEqualTo(5);
            assertThat(await(seen)).isEqualTo("5 hello");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void muchDataArrivesWhole(int layers) throws Exception {
        byte[] sent = new byte[BULK];
        new Random(1).nextBytes(sent);
        try (AgentNetwork network = TestNetwork.layered(layers);
                Pair pair = Pair.open(new AsyncProvider(network), null)) {
            ByteBuffer source = ByteBuffer.wrap(sent);
            CompletableFuture<Void> written = new CompletableFuture<>();
            writeAll(pair.client(), source, written);
            ByteBuffer target = ByteBuffer.allocate(BULK);
            while (target.hasRemaining()) {
                assertThat(await(pair.server().read(target))).isPositive();
            }
            await(written);
            assertThat(target.array()).isEqualTo(sent);
        }
    }

    private static void writeAll(AsynchronousSocketChannel channel, ByteBuffer source, CompletableFuture<Void> over) {
        channel.write(source, null, new CompletionHandler<Integer, Void>() {
            @Override
            public void completed(Integer n, Void attachment) {
                if (source.hasRemaining()) {
                    writeAll(channel, source, over);
                } else {
                    over.complete(null);
                }
            }

            @Override
            public void failed(Throwable e, Void attachment) {
                over.completeExceptionally(e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aTimeOutIsToldOnceAndTheGroupEndsAllTheSame(int layers) throws Exception {
        try (AgentNetwork network = TestNetwork.layered(layers)) {
            AsyncProvider provider = new AsyncProvider(network);
            var group = provider.openAsynchronousChannelGroup(1, Thread.ofPlatform().daemon().factory());
            Pair pair = Pair.open(provider, group);
            Call<Integer> call = new Call<>();
            pair.client().read(ByteBuffer.allocate(1), 20, TimeUnit.MILLISECONDS, null, call);
            assertThatThrownBy(() -> await(call.outcome())).hasCauseInstanceOf(InterruptedByTimeoutException.class);
            assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalStateException.class);
            await(pair.server().write(text("late")));
            pair.close();
            group.shutdown();
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void closingEndsWhatIsPending(int layers) throws Exception {
        try (AgentNetwork network = TestNetwork.layered(layers);
                Pair pair = Pair.open(new AsyncProvider(network), null)) {
            Future<Integer> reading = pair.client().read(ByteBuffer.allocate(1));
            pair.client().close();
            assertThatThrownBy(() -> await(reading)).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aFutureThatIsCancelledGivesUpTheDirection(int layers) throws Exception {
        try (AgentNetwork network = TestNetwork.layered(layers);
                Pair pair = Pair.open(new AsyncProvider(network), null)) {
            Future<Integer> reading = pair.client().read(ByteBuffer.allocate(1));
            assertThat(reading.cancel(false)).isTrue();
            assertThat(pair.client().isOpen()).isTrue();
            assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(await(pair.client().write(text("a")))).isEqualTo(1);
        }
    }

    @Test
    void anAcceptThatIsCancelledLeavesNoSocketBehind() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AsynchronousServerSocketChannel s = listen(new AsyncProvider(network), null);
            Future<AsynchronousSocketChannel> accepting = s.accept();
            assertThat(network.traffic().sums().open()).isEqualTo(2);
            assertThat(accepting.cancel(false)).isTrue();
            s.close();
            assertThat(network.traffic().sums().open()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void closingAListenerLeavesNoSocketBehind(int layers) throws Exception {
        try (AgentNetwork network = TestNetwork.layered(layers)) {
            AsynchronousServerSocketChannel s = listen(new AsyncProvider(network), null);
            Future<AsynchronousSocketChannel> accepting = s.accept();
            s.close();
            assertThatThrownBy(() -> await(accepting)).hasCauseInstanceOf(AsynchronousCloseException.class);
            assertThat(network.traffic().sums().open()).isZero();
        }
    }

    @Test
    void aLayerThatThrowsFailsTheOperationWithAnIoException() throws Exception {
        RuntimeException bug = new IllegalStateException("a bug of the layer");
        try (AgentNetwork network = TestNetwork.through(start -> new Failing(start, bug));
                Pair pair = Pair.open(new AsyncProvider(network), null)) {
            await(pair.server().write(text("x")));
            assertThatThrownBy(() -> await(pair.client().read(ByteBuffer.allocate(1))))
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void aLayersErrorIsWhatTheJdkThrowsForIt() throws Exception {
        try (AgentNetwork network = TestNetwork.through(start -> new Failing(start, null));
                Pair pair = Pair.open(new AsyncProvider(network), null)) {
            Future<Integer> reading = pair.client().read(ByteBuffer.allocate(1));
            await(pair.server().write(text("x")));
            assertThatThrownBy(() -> await(reading)).cause().isInstanceOf(IOException.class)
                    .hasMessage("Network is down").isNotInstanceOf(WinsockException.class);
        }
    }

    /** Fails one of the two functions of options for SO_REUSEADDR, once it is told to. */
    private static final class Optionless extends LayeredProvider {
        private final AtomicReference<String> failing;

        Optionless(LayerStart start, AtomicReference<String> failing) {
            super(start);
            this.failing = failing;
        }

        @Override
        public Object wspGetSockOpt(SocketHandle s, int level, int name) throws WinsockException {
            check("get", level, name);
            return super.wspGetSockOpt(s, level, name);
        }

        @Override
        public void wspSetSockOpt(SocketHandle s, int level, int name, Object value) throws WinsockException {
            check("set", level, name);
            super.wspSetSockOpt(s, level, name, value);
        }

        private void check(String function, int level, int name) throws WinsockException {
            if (level == SocketOption.SOL_SOCKET && name == SocketOption.SO_REUSEADDR
                    && function.equals(failing.get())) {
                throw new WinsockException(WsaError.WSAENETDOWN, "as the test wants");
            }
        }
    }

    @Test
    void aListenerThatCannotBePreparedLeavesNoSocketBehind() throws Exception {
        AtomicReference<String> failing = new AtomicReference<>("set");
        try (AgentNetwork network = TestNetwork.through(start -> new Optionless(start, failing))) {
            AsyncProvider provider = new AsyncProvider(network);
            var group = provider.openAsynchronousChannelGroup(1, Thread.ofPlatform().daemon().factory());
            assertThatThrownBy(() -> provider.openAsynchronousServerSocketChannel(group))
                    .isInstanceOf(IOException.class);
            assertThat(network.traffic().sums().open()).isZero();
            group.shutdown();
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anAcceptedConnectionThatCannotBePreparedIsClosed() throws Exception {
        AtomicReference<String> failing = new AtomicReference<>("get");
        try (AgentNetwork network = TestNetwork.through(start -> new Optionless(start, failing))) {
            AsyncProvider provider = new AsyncProvider(network);
            var group = provider.openAsynchronousChannelGroup(1, Thread.ofPlatform().daemon().factory());
            try (AsynchronousServerSocketChannel s = listen(provider, group);
                    AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(group)) {
                Future<AsynchronousSocketChannel> accepting = s.accept();
                await(client.connect(s.getLocalAddress()));
                assertThatThrownBy(() -> await(accepting)).hasCauseInstanceOf(IOException.class);
                assertThat(network.traffic().sums().open()).isEqualTo(2);
            }
            group.shutdown();
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anOptionCannotBeSetAnyMoreWhenTheOutputWasShutDown() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0);
                Pair pair = Pair.open(new AsyncProvider(network), null)) {
            pair.client().shutdownInput().setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            pair.client().shutdownOutput();
            assertThatThrownBy(() -> pair.client().setOption(StandardSocketOptions.SO_KEEPALIVE, false))
                    .isInstanceOf(IOException.class).hasMessage("Connection has been shutdown for writing");
            assertThat(pair.client().getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
        }
    }
}
