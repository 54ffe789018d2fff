package org.ws2j.agent.nio;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of channels have in common: each behaviour is run on the JDK's own channels, too. */
@Timeout(30)
abstract class ChannelTest {
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private Way.Stack stack;

    /** Two ends of a connection. */
    record Pair(SocketChannel client, SocketChannel server) {
    }

    @AfterEach
    final void closeAll() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }

    final void use(Way way) throws IOException {
        stack = closing(way.open());
    }

    final <T extends AutoCloseable> T closing(T resource) {
        toClose.push(resource);
        return resource;
    }

    final Way.Stack stack() {
        return stack;
    }

    final void use(Way.Stack given) {
        stack = closing(given);
    }

    final SocketChannel socket() throws IOException {
        return closing(stack.provider().openSocketChannel());
    }

    final DatagramChannel datagrams() throws IOException {
        return closing(stack.provider().openDatagramChannel());
    }

    final ServerSocketChannel unboundServer() throws IOException {
        return closing(stack.provider().openServerSocketChannel());
    }

    final ServerSocketChannel server() throws IOException {
        ServerSocketChannel server = unboundServer();
        server.bind(loopback(0));
        return server;
    }

    final Selector selector() throws IOException {
        return closing(stack.provider().openSelector());
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static int portOf(ServerSocketChannel server) throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** {@return the address of a port where nobody listens} */
    final InetSocketAddress nobody() throws IOException {
        ServerSocketChannel server = server();
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        server.close();
        return address;
    }

    final Pair pair() throws IOException {
        ServerSocketChannel server = server();
        SocketChannel client = socket();
        client.connect(server.getLocalAddress());
        Pair pair = new Pair(client, closing(server.accept()));
        server.close();
        return pair;
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    static ByteBuffer room() {
        return ByteBuffer.allocate(100);
    }

    static String text(ByteBuffer filled) {
        return US_ASCII.decode(filled.duplicate().flip()).toString();
    }

    /** Runs a call on another thread. */
    static <T> CompletableFuture<T> async(Callable<T> call) {
        return on(new CompletableFuture<>(), Thread.ofPlatform().daemon(), call).result();
    }

    /** A call on a thread of its own. */
    record Running<T>(Thread thread, CompletableFuture<T> result) {
    }

    static <T> Running<T> on(Thread.Builder kind, Callable<T> call) {
        return on(new CompletableFuture<>(), kind, call);
    }

    private static <T> Running<T> on(CompletableFuture<T> result, Thread.Builder kind, Callable<T> call) {
        Thread thread = kind.start(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return new Running<>(thread, result);
    }

    /** {@return what a call on another thread throws} */
    static Throwable failureOf(CompletableFuture<?> call) throws InterruptedException {
        try {
            Object value = call.get();
            throw new AssertionError("it has returned " + value);
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** Waits until a thread waits, be it in the system or parked; the test's time-out bounds it. */
    static void awaitWaiting(Thread thread) {
        awaitUntil(() -> isInChannel(thread));
    }

    static boolean isInChannel(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            String method = frame.getClassName() + "." + frame.getMethodName();
            if (method.startsWith("sun.nio.ch.Net.poll") || method.startsWith("sun.nio.ch.EPoll.wait")
                    || method.startsWith("sun.nio.ch.Poller") || method.startsWith("sun.nio.ch.SocketDispatcher.read0")
                    || method.startsWith("sun.nio.ch.Net.accept") || method.startsWith("sun.nio.ch.UnixDispatcher.")
                    || method.startsWith("sun.nio.ch.SocketDispatcher.write0")
                    || method.startsWith("sun.nio.ch.FileDispatcherImpl.write0")
                    || method.startsWith("sun.nio.ch.UnixFileDispatcherImpl.write0")
                    || method.startsWith("sun.nio.ch.DatagramChannelImpl.receive0")
                    || method.startsWith("sun.nio.ch.DatagramDispatcher.read0")) {
                return true;
            }
        }
        return false;
    }

    static void awaitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    static void assertClosed(Channel channel) {
        assertThat(channel.isOpen()).isFalse();
    }
}
