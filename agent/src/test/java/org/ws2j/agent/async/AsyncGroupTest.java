package org.ws2j.agent.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.agent.TestNetwork;
import org.ws2j.agent.socket.AgentNetwork;

@Timeout(60)
class AsyncGroupTest extends AsyncTest {
    private static final int BYTES = 50_000;

    /** Reads byte by byte until there is no more to read, each byte from the handler of the one before. */
    private static final class ByteByByte implements CompletionHandler<Integer, Void> {
        private final AsynchronousSocketChannel channel;
        private final ByteBuffer one = ByteBuffer.allocate(1);
        private final Set<String> threads = ConcurrentHashMap.newKeySet();
        private final CompletableFuture<Integer> over = new CompletableFuture<>();
        private int count;

        ByteByByte(AsynchronousSocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void completed(Integer n, Void attachment) {
            threads.add(Thread.currentThread().getName());
            if (n < 0) {
                over.complete(count);
                return;
            }
            count++;
            channel.read(one.clear(), null, this);
        }

        @Override
        public void failed(Throwable e, Void attachment) {
            over.completeExceptionally(e);
        }
    }

    @Test
    void handlersInsideHandlersDoNotPileUpAndStayOnTheThreadsOfTheGroup() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AsyncProvider provider = new AsyncProvider(network);
            AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1, task -> new Thread(task, "mine"));
            try (Pair pair = Pair.open(provider, group)) {
                await(pair.server().write(ByteBuffer.allocate(BYTES)));
                pair.server().shutdownOutput();
                ByteByByte reader = new ByteByByte(pair.client());
                pair.client().read(reader.one, null, reader);
                assertThat(await(reader.over)).isEqualTo(BYTES);
                assertThat(reader.threads).containsExactly("mine");
            }
            group.shutdown();
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aGroupEndsWithItsLastChannel() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AsyncProvider provider = new AsyncProvider(network);
            ExecutorService executor = Executors.newFixedThreadPool(1);
            AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(executor, 0);
            Pair pair = Pair.open(provider, group);
            group.shutdown();
            assertThat(group.isShutdown()).isTrue();
            assertThat(executor.isShutdown()).isFalse();
            assertThatThrownBy(() -> provider.openAsynchronousSocketChannel(group))
                    .isInstanceOf(ShutdownChannelGroupException.class);
            assertThat(await(pair.client().write(text("a")))).isEqualTo(1);
            pair.close();
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(executor.isTerminated()).isTrue();
        }
    }

    @Test
    void shutdownNowTellsThoseWhoWait() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(3)) {
            AsyncProvider provider = new AsyncProvider(network);
            AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1, Thread::new);
            AsynchronousServerSocketChannel listener = listen(provider, group);
            Call<AsynchronousSocketChannel> call = new Call<>();
            listener.accept(null, call);
            group.shutdownNow();
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(call.outcome()).isCompletedExceptionally();
            assertThat(listener.isOpen()).isFalse();
        }
    }

    @Test
    void aHandlerThatThrowsLeavesTheGroupAtWork() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AsyncProvider provider = new AsyncProvider(network);
            CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
            AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1, task -> {
                Thread thread = new Thread(task);
                thread.setUncaughtExceptionHandler((t, e) -> uncaught.complete(e));
                return thread;
            });
            try (Pair pair = Pair.open(provider, group)) {
                RuntimeException bug = new IllegalStateException("a bug of the program");
                pair.client().write(text("a"), null, new CompletionHandler<Integer, Void>() {
                    @Override
                    public void completed(Integer n, Void attachment) {
                        throw bug;
                    }

                    @Override
                    public void failed(Throwable e, Void attachment) {
                        uncaught.completeExceptionally(e);
                    }
                });
                assertThat(await(uncaught)).isSameAs(bug);
                Call<Integer> call = new Call<>();
                pair.server().read(ByteBuffer.allocate(1), null, call);
                assertThat(await(call.outcome())).isEqualTo(1);
            }
            group.shutdown();
        }
    }

    @Test
    void aGroupOfAnotherProviderIsRefused() throws Exception {
        AsynchronousChannelGroup foreign = AsynchronousChannelProvider.provider()
                .openAsynchronousChannelGroup(1, Thread.ofPlatform().daemon().factory());
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AsyncProvider provider = new AsyncProvider(network);
            assertThatThrownBy(() -> provider.openAsynchronousSocketChannel(foreign))
                    .isInstanceOf(IllegalChannelGroupException.class);
            assertThatThrownBy(() -> provider.openAsynchronousServerSocketChannel(foreign))
                    .isInstanceOf(IllegalChannelGroupException.class);
            assertThat(network.traffic().sums().open()).isZero();
        } finally {
            foreign.shutdownNow();
        }
    }

    /** Of the default group, if the property names it. */
    public static final class CountingFactory implements ThreadFactory {
        private static final AtomicInteger MADE = new AtomicInteger();

        @Override
        public Thread newThread(Runnable task) {
            MADE.incrementAndGet();
            return Thread.ofPlatform().daemon().unstarted(task);
        }
    }

    /** Makes threads that would keep a JVM alive. */
    private static ThreadFactory remembering(List<Thread> threads) {
        return task -> {
            Thread thread = new Thread(task);
            threads.add(thread);
            return thread;
        };
    }

    @Test
    void aFixedGroupHasItsThreadsFromTheBeginningToTheEnd() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            List<Thread> threads = new CopyOnWriteArrayList<>();
            AsynchronousChannelGroup group =
                    new AsyncProvider(network).openAsynchronousChannelGroup(3, remembering(threads));
            assertThat(threads).hasSize(3).allMatch(Thread::isAlive);
            group.shutdown();
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aCachedGroupHasThreadsFromTheBeginningIfItsSizeIsLeftToTheProvider() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AsyncProvider provider = new AsyncProvider(network);
            List<Thread> threads = new CopyOnWriteArrayList<>();
            AsynchronousChannelGroup sized =
                    provider.openAsynchronousChannelGroup(Executors.newCachedThreadPool(remembering(threads)), 2);
            assertThat(threads).isEmpty();
            AsynchronousChannelGroup group =
                    provider.openAsynchronousChannelGroup(Executors.newCachedThreadPool(remembering(threads)), -1);
            assertThat(threads).hasSize(Runtime.getRuntime().availableProcessors()).allMatch(Thread::isAlive);
            threads.forEach(Thread::interrupt);
            sized.shutdown();
            group.shutdown();
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theDefaultGroupHasTheThreadsThatItsPropertiesAskForFromTheBeginning() throws Exception {
        System.setProperty("java.nio.channels.DefaultThreadPool.threadFactory", CountingFactory.class.getName());
        System.setProperty("java.nio.channels.DefaultThreadPool.initialSize", "3");
        try (AgentNetwork network = TestNetwork.layered(0)) {
            new AsyncProvider(network).openAsynchronousSocketChannel(null).close();
            assertThat(CountingFactory.MADE).hasValue(3);
        } finally {
            System.clearProperty("java.nio.channels.DefaultThreadPool.threadFactory");
            System.clearProperty("java.nio.channels.DefaultThreadPool.initialSize");
        }
    }

    @Test
    void whatNoThreadOfTheGroupCanBeToldThrows() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AsyncProvider provider = new AsyncProvider(network);
            AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1, Thread::new);
            Pair pair = Pair.open(provider, group);
            group.shutdownNow();
            assertThat(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> pair.client().write(text("a"), null, new Call<Integer>()))
                    .isInstanceOf(ShutdownChannelGroupException.class);
            assertThatThrownBy(() -> await(pair.client().write(text("a"))))
                    .hasCauseInstanceOf(ClosedChannelException.class);
        }
    }

    /** Closes the channel and ends the threads, then reads in vain many times, each time from the handler of the one before. */
    private static final class InVain implements CompletionHandler<Integer, Void> {
        private static final int TIMES = 100;

        private final AsynchronousSocketChannel channel;
        private final ExecutorService executor;
        private final CompletableFuture<Throwable> over = new CompletableFuture<>();
        private int count;

        InVain(AsynchronousSocketChannel channel, ExecutorService executor) {
            this.channel = channel;
            this.executor = executor;
        }

        @Override
        public void completed(Integer n, Void attachment) {
            try {
                channel.close();
            } catch (IOException e) {
                over.completeExceptionally(e);
            }
            executor.shutdown();
            channel.read(ByteBuffer.allocate(1), null, this);
        }

        @Override
        public void failed(Throwable e, Void attachment) {
            count++;
            if (count == TIMES) {
                over.complete(e);
            } else {
                channel.read(ByteBuffer.allocate(1), null, this);
            }
        }
    }

    @Test
    void handlersInsideHandlersAreCalledAlsoWhereTheGroupTakesNoneAnyMore() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AsyncProvider provider = new AsyncProvider(network);
            ExecutorService executor = Executors.newFixedThreadPool(1);
            try (Pair pair = Pair.open(provider, provider.openAsynchronousChannelGroup(executor, 0))) {
                InVain handler = new InVain(pair.client(), executor);
                pair.client().write(text("a"), null, handler);
                assertThat(await(handler.over)).isInstanceOf(ClosedChannelException.class);
            } finally {
                executor.shutdown();
            }
        }
    }

    @Test
    void threadsOfTheAgentsOwnHaveTheSystemsClassLoader() throws Exception {
        Thread here = Thread.currentThread();
        ClassLoader before = here.getContextClassLoader();
        here.setContextClassLoader(new ClassLoader(before) {});
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("the program's");
        try (AgentNetwork network = TestNetwork.layered(0);
                Pair pair = Pair.open(new AsyncProvider(network), null)) {
            pair.client().read(ByteBuffer.allocate(1), 1, TimeUnit.HOURS, null, new Call<>());
            CompletableFuture<String> inherited = new CompletableFuture<>();
            pair.server().read(ByteBuffer.allocate(1), null, new CompletionHandler<Integer, Void>() {
                @Override
                public void completed(Integer n, Void attachment) {
                    inherited.complete(local.get());
                }

                @Override
                public void failed(Throwable e, Void attachment) {
                    inherited.completeExceptionally(e);
                }
            });
            await(pair.client().write(text("a")));
            assertThat(await(inherited)).isNull();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().matches("ws2j-(async|tcpip)-.*") && thread.isAlive())
                    .hasSizeGreaterThan(2)
                    .allMatch(thread -> thread.getContextClassLoader() == ClassLoader.getSystemClassLoader());
        } finally {
            local.remove();
            here.setContextClassLoader(before);
        }
    }
}
