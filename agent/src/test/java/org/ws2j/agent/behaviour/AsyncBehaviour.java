package org.ws2j.agent.behaviour;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asynchronous channels and their groups. */
@SuppressWarnings({"DefaultCharset", "FutureReturnValueIgnored", "try"}) // it does what programs do
final class AsyncBehaviour {
    private static final long PATIENCE_SECONDS = 20;

    /** A handler whose call can be waited for. */
    private static final class Call<T> implements CompletionHandler<T, String> {
        private final CompletableFuture<String> outcome = new CompletableFuture<>();

        @Override
        public void completed(T result, String attachment) {
            outcome.complete(result + " " + attachment);
        }

        @Override
        public void failed(Throwable e, String attachment) {
            outcome.complete(Report.describe(e) + " " + attachment);
        }

        String get() throws Exception {
            return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Both ends of a connection. */
    private record Pair(AsynchronousSocketChannel client, AsynchronousSocketChannel server) implements AutoCloseable {
        static Pair open() throws Exception {
            try (AsynchronousServerSocketChannel s = AsynchronousServerSocketChannel.open()) {
                s.bind(SocketPair.anyPort());
                AsynchronousSocketChannel client = AsynchronousSocketChannel.open();
                await(client.connect(s.getLocalAddress()));
                return new Pair(client, await(s.accept()));
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private final Report report;

    AsyncBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("Asynchronous");
        unconnected();
        connecting();
        transferring();
        pending();
        timeouts();
        cancelling();
        closing();
        halfCloseAndReset();
        servers();
        groups();
        groupShutdown();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static ByteBuffer text(String s) {
        return ByteBuffer.wrap(s.getBytes());
    }

    private void unconnected() throws IOException {
        try (AsynchronousSocketChannel c = AsynchronousSocketChannel.open()) {
            report.line("unconnected", () -> c);
            report.line("unconnected addresses", () -> c.getLocalAddress() + " " + c.getRemoteAddress());
            report.line("unconnected read", () -> c.read(ByteBuffer.allocate(1)));
            report.line("unconnected write", () -> c.write(text("a")));
            report.line("unconnected shutdown", c::shutdownInput);
            report.line("unresolved", () -> c.connect(InetSocketAddress.createUnresolved("a.invalid", 1)));
            report.line("bind", () -> c.bind(SocketPair.anyPort()) == c);
            report.line("bind again", () -> c.bind(null));
            report.line("bound", () -> c);
        }
    }

    private void connecting() throws Exception {
        try (AsynchronousSocketChannel c = AsynchronousSocketChannel.open()) {
            report.line("refused", () -> await(c.connect(SocketPair.deadPort())));
            report.line("open after it", c::isOpen);
        }
        try (AsynchronousSocketChannel c = AsynchronousSocketChannel.open()) {
            Call<Void> call = new Call<>();
            c.connect(SocketPair.deadPort(), "attached", call);
            report.line("refused, to a handler", call::get);
        }
        try (AsynchronousServerSocketChannel s = AsynchronousServerSocketChannel.open().bind(SocketPair.anyPort());
                AsynchronousSocketChannel c = AsynchronousSocketChannel.open()) {
            Call<Void> call = new Call<>();
            c.connect(s.getLocalAddress(), "attached", call);
            report.line("connected, to a handler", call::get);
            report.line("connect again", () -> c.connect(s.getLocalAddress()));
            report.line("connected", () -> c);
        }
        try (BlackHole hole = new BlackHole(); AsynchronousSocketChannel c = AsynchronousSocketChannel.open()) {
            Future<Void> first = c.connect(hole.address());
            report.line("connect while connecting", () -> c.connect(hole.address()));
            report.line("read while connecting", () -> c.read(ByteBuffer.allocate(1)));
            c.close();
            report.line("close ends connect", () -> await(first));
        }
    }

    private void transferring() throws Exception {
        try (Pair pair = Pair.open()) {
            report.line("write", () -> await(pair.client().write(text("hello"))));
            ByteBuffer buffer = ByteBuffer.allocate(10);
            report.line("read", () -> await(pair.server().read(buffer)) + " " + buffer);
            ByteBuffer later = ByteBuffer.allocateDirect(10);
            Future<Integer> reading = pair.server().read(later);
            report.line("not yet", reading::isDone);
            await(pair.client().write(text("abc")));
            report.line("later", () -> await(reading) + " " + later + " " + reading.isDone());
            Call<Integer> call = new Call<>();
            pair.server().read(ByteBuffer.allocate(4), "x", call);
            await(pair.client().write(text("abcdef")));
            report.line("to a handler", call::get);
            ByteBuffer[] parts = {ByteBuffer.allocate(1), ByteBuffer.allocate(5)};
            Call<Long> scattered = new Call<>();
            pair.server().read(parts, 0, 2, 0, TimeUnit.SECONDS, "s", scattered);
            report.line("scatter", () -> scattered.get() + " " + Arrays.toString(parts));
            Call<Long> gathered = new Call<>();
            pair.client().write(new ByteBuffer[] {text("a"), text("bc")}, 0, 2, 0, TimeUnit.SECONDS, "g", gathered);
            report.line("gather", gathered::get);
            report.line("what it wrote", () -> await(pair.server().read(ByteBuffer.allocate(9))));
            report.line("no room", () -> await(pair.server().read(ByteBuffer.allocate(0))));
            report.line("nothing", () -> await(pair.server().write(ByteBuffer.allocate(0))));
            report.line("read only", () -> pair.server().read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
            report.line("no handler", () -> {
                pair.server().read(ByteBuffer.allocate(1), "x", null);
                return "accepted";
            });
            report.line("bad bounds", () -> {
                pair.server().read(parts, 1, 2, 0, TimeUnit.SECONDS, "s", scattered);
                return "accepted";
            });
        }
    }

    private void pending() throws Exception {
        try (Pair pair = Pair.open()) {
            Future<Integer> first = pair.client().read(ByteBuffer.allocate(1));
            report.line("read while reading", () -> pair.client().read(ByteBuffer.allocate(1)));
            report.line("write while reading", () -> await(pair.client().write(text("a"))));
            await(pair.server().write(text("z")));
            report.line("the first", () -> await(first));
            report.line("read after it", () -> {
                Future<Integer> second = pair.client().read(ByteBuffer.allocate(1));
                await(pair.server().write(text("y")));
                return await(second);
            });
            Future<Integer> writing = fill(pair.client());
            report.line("write while writing", () -> pair.client().write(text("a")));
            report.line("is done", writing::isDone);
        }
    }

    /** {@return the first write that has to wait} */
    private static Future<Integer> fill(AsynchronousSocketChannel c) throws Exception {
        while (true) {
            Future<Integer> writing = c.write(ByteBuffer.allocate(1 << 20));
            try {
                writing.get(200, TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                return writing;
            }
        }
    }

    private void timeouts() throws Exception {
        try (Pair pair = Pair.open()) {
            Call<Integer> call = new Call<>();
            pair.client().read(ByteBuffer.allocate(1), 50, TimeUnit.MILLISECONDS, "x", call);
            report.line("read times out", call::get);
            report.line("open after it", pair.client()::isOpen);
            report.line("read after it", () -> pair.client().read(ByteBuffer.allocate(1)));
            report.line("write after it", () -> await(pair.client().write(text("a"))));
        }
        try (Pair pair = Pair.open()) {
            Call<Integer> call = new Call<>();
            pair.client().read(ByteBuffer.allocate(1), 60, TimeUnit.SECONDS, "x", call);
            await(pair.server().write(text("z")));
            report.line("within the time", call::get);
            Call<Integer> forever = new Call<>();
            pair.client().read(ByteBuffer.allocate(1), -5, TimeUnit.SECONDS, "x", forever);
            await(pair.server().write(text("z")));
            report.line("a negative time is none", forever::get);
        }
        try (Pair pair = Pair.open()) {
            Call<Integer> call = new Call<>();
            ByteBuffer much = ByteBuffer.allocate(1 << 24);
            writeUntilOver(pair.client(), much, call);
            report.line("write times out", call::get);
            report.line("write after that", () -> pair.client().write(text("a")));
        }
    }

    private static void writeUntilOver(AsynchronousSocketChannel c, ByteBuffer much, Call<Integer> last) {
        c.write(much.clear(), 100, TimeUnit.MILLISECONDS, "w", new CompletionHandler<Integer, String>() {
            @Override
            public void completed(Integer n, String attachment) {
                writeUntilOver(c, much, last);
            }

            @Override
            public void failed(Throwable e, String attachment) {
                last.failed(e, attachment);
            }
        });
    }

    private void cancelling() throws Exception {
        try (Pair pair = Pair.open()) {
            Future<Integer> reading = pair.client().read(ByteBuffer.allocate(1));
            report.line("cancel", () -> reading.cancel(false) + " " + reading.isCancelled() + " " + reading.isDone());
            report.line("get of the cancelled", () -> await(reading));
            report.line("cancel again", () -> reading.cancel(false));
            report.line("open after it", pair.client()::isOpen);
            report.line("read after it", () -> pair.client().read(ByteBuffer.allocate(1)));
        }
        try (Pair pair = Pair.open()) {
            Future<Integer> reading = pair.client().read(ByteBuffer.allocate(1));
            report.line("cancel and interrupt", () -> reading.cancel(true) + " " + pair.client().isOpen());
        }
        try (Pair pair = Pair.open()) {
            Future<Integer> writing = pair.client().write(text("a"));
            await(writing);
            report.line("cancel what is over", () -> writing.cancel(true) + " " + pair.client().isOpen());
        }
        try (AsynchronousServerSocketChannel s = AsynchronousServerSocketChannel.open().bind(SocketPair.anyPort())) {
            Future<AsynchronousSocketChannel> accepting = s.accept();
            report.line("cancel accept", () -> accepting.cancel(false) + " " + s.isOpen());
            report.line("accept after it", () -> s.accept());
        }
    }

    private void closing() throws Exception {
        try (Pair pair = Pair.open()) {
            Future<Integer> reading = pair.client().read(ByteBuffer.allocate(1));
            pair.client().close();
            report.line("close ends read", () -> await(reading));
            report.line("closed", pair::client);
            report.line("closed read", () -> await(pair.client().read(ByteBuffer.allocate(1))));
            report.line("closed address", () -> pair.client().getRemoteAddress());
            report.line("closed connect", () -> await(pair.client().connect(SocketPair.deadPort())));
            report.line("closed shutdown", () -> pair.client().shutdownInput());
            Call<Integer> call = new Call<>();
            pair.client().write(text("a"), "x", call);
            report.line("closed write, to a handler", call::get);
            report.line("peer reads the end", () -> await(pair.server().read(ByteBuffer.allocate(1))));
        }
        try (Pair pair = Pair.open()) {
            Call<Integer> call = new Call<>();
            pair.client().read(ByteBuffer.allocate(1), "x", call);
            Future<Integer> writing = fill(pair.client());
            pair.client().close();
            report.line("close ends both", () -> call.get() + " and " + Report.outcome(() -> await(writing)));
        }
        AsynchronousServerSocketChannel s = AsynchronousServerSocketChannel.open().bind(SocketPair.anyPort());
        Call<AsynchronousSocketChannel> accepting = new Call<>();
        s.accept("x", accepting);
        s.close();
        report.line("close ends accept", accepting::get);
        report.line("closed accept", () -> await(s.accept()));
        report.line("closed server", () -> s);
    }

    private void halfCloseAndReset() throws Exception {
        try (Pair pair = Pair.open()) {
            report.line("shutdownOutput", () -> pair.client().shutdownOutput() == pair.client());
            report.line("write after it", () -> await(pair.client().write(text("a"))));
            report.line("peer reads the end", () -> await(pair.server().read(ByteBuffer.allocate(1))));
            report.line("peer reads it again", () -> await(pair.server().read(ByteBuffer.allocate(1))));
            report.line("text of it", pair::client);
            report.line("shutdownInput", () -> pair.client().shutdownInput() == pair.client());
            report.line("read after it", () -> await(pair.client().read(ByteBuffer.allocate(1))));
            Call<Integer> call = new Call<>();
            pair.client().write(text("a"), "x", call);
            report.line("write after it, to a handler", call::get);
        }
        try (Pair pair = Pair.open()) {
            report.line("linger", () -> pair.server().setOption(StandardSocketOptions.SO_LINGER, 0));
        }
        try (AsynchronousSocketChannel c = AsynchronousSocketChannel.open()) {
            reset(c);
            report.line("read of a reset connection", () -> await(c.read(ByteBuffer.allocate(1))));
            report.line("write then", () -> await(c.write(text("a"))));
            report.line("read again", () -> await(c.read(ByteBuffer.allocate(1))));
            report.line("open after it", c::isOpen);
        }
        try (AsynchronousSocketChannel c = AsynchronousSocketChannel.open()) {
            reset(c);
            report.line("write to a reset connection", () -> await(c.write(text("a"))));
            report.line("write again", () -> await(c.write(text("a"))));
        }
        try (Pair pair = Pair.open()) {
            Future<Integer> reading = pair.client().read(ByteBuffer.allocate(1));
            pair.client().shutdownInput();
            report.line("shutdownInput ends a read", () -> await(reading));
        }
    }

    /** Connects it, and lets the peer reset the connection. */
    private static void reset(AsynchronousSocketChannel c) throws Exception {
        try (ServerSocket s = new ServerSocket(0, 50, SocketPair.LOOPBACK)) {
            await(c.connect(s.getLocalSocketAddress()));
            try (Socket accepted = s.accept()) {
                accepted.setSoLinger(true, 0);
            }
        }
    }

    private void servers() throws Exception {
        try (AsynchronousServerSocketChannel s = AsynchronousServerSocketChannel.open()) {
            report.line("unbound server", () -> s);
            report.line("unbound accept", () -> s.accept());
            s.bind(SocketPair.anyPort());
            report.line("server", () -> s);
            report.line("bind again", () -> s.bind(null));
            Future<AsynchronousSocketChannel> first = s.accept();
            report.line("accept while accepting", () -> s.accept());
            try (AsynchronousSocketChannel c = AsynchronousSocketChannel.open()) {
                await(c.connect(s.getLocalAddress()));
                try (AsynchronousSocketChannel accepted = await(first)) {
                    report.line("accepted", () -> accepted);
                    report.line("accepted's provider", () -> accepted.provider() == s.provider());
                }
            }
            report.line("in use", () -> AsynchronousServerSocketChannel.open().bind(s.getLocalAddress()));
        }
    }

    private void groups() throws Exception {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1, r -> {
            Thread t = new Thread(r, "mine");
            t.setDaemon(true);
            return t;
        });
        try (AsynchronousServerSocketChannel s = AsynchronousServerSocketChannel.open(group).bind(SocketPair.anyPort());
                AsynchronousSocketChannel c = AsynchronousSocketChannel.open(group)) {
            CompletableFuture<String> name = new CompletableFuture<>();
            c.connect(s.getLocalAddress(), null, new CompletionHandler<Void, Void>() {
                @Override
                public void completed(Void result, Void attachment) {
                    name.complete(Thread.currentThread().getName());
                }

                @Override
                public void failed(Throwable e, Void attachment) {
                    name.completeExceptionally(e);
                }
            });
            report.line("handler's thread", () -> name.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            AsynchronousSocketChannel accepted = await(s.accept());
            report.line("group", () -> group.isShutdown() + " " + group.isTerminated());
            report.line("provider", () -> group.provider() == c.provider());
            accepted.close();
        }
        group.shutdown();
        report.line("shut down", () -> group.isShutdown() + " "
                + group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS) + " " + group.isTerminated());
        report.line("open in it", () -> AsynchronousSocketChannel.open(group));
        report.line("no threads", () -> AsynchronousChannelGroup.withFixedThreadPool(0, Thread::new));
        report.line("no factory", () -> AsynchronousChannelGroup.withFixedThreadPool(1, null));
        report.line("no executor", () -> AsynchronousChannelGroup.withThreadPool(null));
    }

    private void groupShutdown() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withCachedThreadPool(executor, 1);
        AsynchronousServerSocketChannel s = AsynchronousServerSocketChannel.open(group).bind(SocketPair.anyPort());
        AsynchronousServerSocketChannel other = AsynchronousServerSocketChannel.open().bind(SocketPair.anyPort());
        AsynchronousSocketChannel c = AsynchronousSocketChannel.open(group);
        await(c.connect(other.getLocalAddress()));
        Call<Integer> call = new Call<>();
        c.read(ByteBuffer.allocate(1), "x", call);
        group.shutdown();
        report.line("shutdown leaves channels open", () -> group.isShutdown() + " " + c.isOpen() + " "
                + group.isTerminated());
        report.line("nothing new", () -> AsynchronousServerSocketChannel.open(group));
        group.shutdownNow();
        report.line("shutdownNow closes them", () -> c.isOpen() + " " + s.isOpen());
        report.line("and ends what is pending", call::get);
        other.close();
        report.line("terminated", () -> group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
        report.line("executor is shut down", executor::isShutdown);
        AsynchronousChannelGroup pool = AsynchronousChannelGroup.withThreadPool(
                Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().factory()));
        AsynchronousServerSocketChannel serving = AsynchronousServerSocketChannel.open(pool).bind(SocketPair.anyPort());
        Future<AsynchronousSocketChannel> accepting = serving.accept();
        AsynchronousSocketChannel client = AsynchronousSocketChannel.open();
        await(client.connect(serving.getLocalAddress()));
        report.line("a pool's group", () -> await(accepting).isOpen());
        client.close();
        pool.shutdownNow();
        report.line("a pool's group ends", () -> pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
}
