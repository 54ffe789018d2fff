package org.ws2j.agent.async;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What tests of asynchronous channels need. */
abstract class AsyncTest {
    static final long PATIENCE_SECONDS = 20;

    /** A handler whose call can be waited for. */
    static final class Call<T> implements CompletionHandler<T, Object> {
        private final CompletableFuture<T> outcome = new CompletableFuture<>();

        @Override
        public void completed(T result, Object attachment) {
            outcome.complete(result);
        }

        @Override
        public void failed(Throwable e, Object attachment) {
            outcome.completeExceptionally(e);
        }

        CompletableFuture<T> outcome() {
            return outcome;
        }
    }

    /** Both ends of a connection. */
    record Pair(AsynchronousSocketChannel client, AsynchronousSocketChannel server) implements AutoCloseable {
        static Pair open(AsyncProvider provider, AsynchronousChannelGroup group) throws Exception {
            try (AsynchronousServerSocketChannel s = listen(provider, group)) {
                AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(group);
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

    static AsynchronousServerSocketChannel listen(AsyncProvider provider, AsynchronousChannelGroup group)
            throws IOException {
        return provider.openAsynchronousServerSocketChannel(group)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static ByteBuffer text(String s) {
        return ByteBuffer.wrap(s.getBytes(US_ASCII));
    }
}
