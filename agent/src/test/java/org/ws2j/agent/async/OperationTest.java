package org.ws2j.agent.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.agent.TestNetwork;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.AgentSocket;

/** One operation, completed by the test. */
@Timeout(60)
class OperationTest extends AsyncTest {
    private static final int RACES = 20_000;

    /** Remembers what it is told. */
    private static final class Kind extends Operation.Kind<Integer> {
        private final AtomicInteger late = new AtomicInteger();
        private volatile boolean isGivenUp;

        @Override
        void over() {
            // Nothing is free by that.
        }

        @Override
        Integer succeeded(int bytes) {
            return bytes;
        }

        @Override
        Throwable failed(int error, IOException translated) {
            return translated;
        }

        @Override
        void gaveUp() {
            isGivenUp = true;
        }

        @Override
        void late(Integer result) {
            late.addAndGet(result);
        }

        @Override
        void close() {
            // There is no channel.
        }
    }

    @Test
    void whatACancelledFutureDoesNotTellIsLateWhoeverWasFirst() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0);
                ExecutorService executor = Executors.newCachedThreadPool()) {
            AgentSocket socket = network.stream(null);
            AsyncGroup group = new AsyncGroup(new AsyncProvider(network), executor);
            for (int i = 0; i < RACES; i++) {
                Kind kind = new Kind();
                Operation<Integer, Void> operation = new Operation<>(group, socket.handle(), kind, null, null);
                operation.start(block -> {}, 0, TimeUnit.SECONDS);
                AtomicInteger ready = new AtomicInteger();
                Future<?> completing = executor.submit(() -> {
                    meet(ready);
                    operation.completed(operation, 0, 1);
                });
                meet(ready);
                boolean isCancelled = operation.future().cancel(false);
                await(completing);
                assertThat(kind.isGivenUp).isEqualTo(isCancelled);
                assertThat(kind.late).hasValue(isCancelled ? 1 : 0);
            }
        }
    }

    private static void meet(AtomicInteger ready) {
        ready.incrementAndGet();
        while (ready.get() < 2) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aGroupThatEndsWhileAnOperationBeginsTellsOfItAllTheSame() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AgentSocket socket = network.stream(null);
            AsyncProvider provider = new AsyncProvider(network);
            AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1, Thread::new);
            Call<Integer> call = new Call<>();
            Operation<Integer, Object> operation =
                    new Operation<>((AsyncGroup) group, socket.handle(), new Kind(), call, null);
            operation.start(block -> {
                group.shutdown();
                operation.completed(operation, 0, 1);
            }, 0, TimeUnit.SECONDS);
            assertThat(await(call.outcome())).isEqualTo(1);
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
