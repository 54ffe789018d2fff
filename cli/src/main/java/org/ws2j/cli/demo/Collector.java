package org.ws2j.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Takes the copies that the layer tee makes of the HTTP answers, by plain sockets of the JDK. */
final class Collector implements AutoCloseable {
    private static final int PIECE = 8_192;
    private static final long PATIENCE_SECONDS = 10;

    private final ServerSocket socket;
    private final Consumer<String> problems;
    private final Map<String, CompletableFuture<Fingerprint>> copies = new ConcurrentHashMap<>();

    private Collector(ServerSocket socket, Consumer<String> problems) {
        this.socket = socket;
        this.problems = problems;
    }

    static Collector start(Consumer<String> problems) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        Collector collector = new Collector(new ServerSocket(0, 0, loopback), problems);
        Thread.ofVirtual().name("collector").start(collector::run);
        return collector;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Waits for the end of a scene's copy, and returns its body. */
    Fingerprint copyOf(String scene) throws IOException {
        try {
            return copy(scene).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("the copy of scene " + scene + " did not reach the collector", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the copy of scene " + scene, e);
        }
    }

    private CompletableFuture<Fingerprint> copy(String scene) {
        return copies.computeIfAbsent(scene, name -> new CompletableFuture<>());
    }

    private void run() {
        try {
            while (!socket.isClosed()) {
                Socket connection = socket.accept();
                Thread.ofVirtual().name("copy").start(() -> collect(connection));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                problems.accept("the collector has failed: " + e);
            }
        }
    }

    private void collect(Socket connection) {
        HttpMessage message = new HttpMessage();
        try (connection) {
            InputStream in = connection.getInputStream();
            byte[] piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                message.add(ByteBuffer.wrap(piece, 0, n));
            }
            String scene = message.header(HttpOrigin.SCENE_HEADER).orElse("without a name");
            copy(scene).complete(message.body());
        } catch (IOException e) {
            problems.accept("the collector could not read a copy: " + e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
