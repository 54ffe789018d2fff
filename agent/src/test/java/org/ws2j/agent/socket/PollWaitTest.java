package org.ws2j.agent.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits of one thread for one channel. */
@Timeout(60)
final class PollWaitTest {
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final PollWait wait = new PollWait();
    private DatagramChannel channel;

    @BeforeEach
    void open() throws IOException {
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    /** {@return what tells whether the thread was interrupted when its wait was over} */
    private CompletableFuture<Boolean> waiting(boolean endsAtInterrupt, CompletableFuture<Thread> who) {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            who.complete(Thread.currentThread());
            try {
                wait.await(channel, SelectionKey.OP_READ, NO_LIMIT, endsAtInterrupt);
                interrupted.complete(Thread.currentThread().isInterrupted());
            } catch (IOException | RuntimeException e) {
                interrupted.completeExceptionally(e);
            }
        });
        return interrupted;
    }

    @Test
    void dataEndsIt() throws IOException {
        CompletableFuture<Boolean> over = waiting(false, new CompletableFuture<>());
        channel.send(ByteBuffer.allocate(1), channel.getLocalAddress());

        assertThat(over.join()).isFalse();
    }

    @Test
    void theTimeEndsIt() throws IOException {
        wait.await(channel, SelectionKey.OP_READ, 1, false);

        assertThat(channel.receive(ByteBuffer.allocate(1))).isNull();
    }

    @Test
    void aWakeUpBeforeTheBeginningEndsIt() throws IOException {
        wait.wake();
        wait.await(channel, SelectionKey.OP_READ, NO_LIMIT, false);

        assertThat(channel.receive(ByteBuffer.allocate(1))).isNull();
    }

    @Test
    void anInterruptEndsItWhereThatIsWanted() {
        CompletableFuture<Thread> who = new CompletableFuture<>();
        CompletableFuture<Boolean> over = waiting(true, who);
        who.join().interrupt();

        assertThat(over.join()).isTrue();
    }

    @Test
    void aThreadThatWasInterruptedBeforeDoesNotWaitWhereThatIsWanted() throws IOException {
        Thread.currentThread().interrupt();
        wait.await(channel, SelectionKey.OP_READ, NO_LIMIT, true);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptIsKeptWhereItIsNotToEndIt() {
        CompletableFuture<Thread> who = new CompletableFuture<>();
        CompletableFuture<Boolean> over = waiting(false, who);
        who.join().interrupt();
        wait.wake();

        assertThat(over.join()).isTrue();
    }

    @Test
    void noWakeUpIsLostHoweverNearTheBeginningItComes() throws Exception {
        int rounds = 3_000;
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Integer> waits = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int i = 0; i < rounds; i++) {
                    start.await();
                    wait.await(channel, SelectionKey.OP_READ, NO_LIMIT, false);
                }
                waits.complete(rounds);
            } catch (Exception e) {
                waits.completeExceptionally(e);
            }
        });
        for (int i = 0; i < rounds; i++) {
            start.await();
            for (int spin = 0; spin < i % 50; spin++) {
                Thread.onSpinWait();
            }
            wait.wake();
        }

        assertThat(waits.join()).isEqualTo(rounds);
    }
}
