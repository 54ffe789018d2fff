package org.ws2j.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The JDK's own HTTP server: takes what is posted, answers with known content, and remembers both. */
final class HttpOrigin implements AutoCloseable {
    /** The header of an answer that names the scene, for the collector of copies. */
    static final String SCENE_HEADER = "Demo-Scene";

    private static final int PIECE = 8_192;
    private static final long PATIENCE_SECONDS = 10;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Function<String, byte[]> contents;
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final Map<String, Fingerprint> received = new ConcurrentHashMap<>();
    private final Map<String, Fingerprint> sent = new ConcurrentHashMap<>();

    private HttpOrigin(HttpServer server, Function<String, byte[]> contents) {
        this.server = server;
        this.contents = contents;
    }

    /** Starts a server on a free port of the loopback interface; the contents of the answers are asked for by scene. */
    static HttpOrigin start(Function<String, byte[]> contents) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        HttpOrigin origin = new HttpOrigin(HttpServer.create(new InetSocketAddress(loopback, 0), 0), contents);
        origin.server.createContext("/", origin::answer);
        origin.server.setExecutor(origin.threads);
        origin.server.start();
        return origin;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    /** Lets a scene's answer wait until the client opens the gate. */
    void answerBehind(String scene, CountDownLatch gate) {
        gates.put(scene, gate);
    }

    /** {@return what a scene's client has sent; null if nothing} */
    Fingerprint received(String scene) {
        return received.get(scene);
    }

    /** {@return what a scene's client was sent; null if nothing} */
    Fingerprint sent(String scene) {
        return sent.get(scene);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String scene = exchange.getRequestURI().getPath().substring(1);
        try (exchange) {
            received.put(scene, readAll(exchange.getRequestBody()));
            byte[] content = contents.apply(scene);
            awaitGate(scene);
            exchange.getResponseHeaders().set(SCENE_HEADER, scene);
            exchange.sendResponseHeaders(200, content.length);
            Fingerprint.Taker written = new Fingerprint.Taker();
            OutputStream out = exchange.getResponseBody();
            for (int at = 0; at < content.length; at += PIECE) {
                int length = Math.min(PIECE, content.length - at);
                out.write(content, at, length);
                written.update(ByteBuffer.wrap(content, at, length));
            }
            out.flush();
            sent.put(scene, written.soFar());
        }
    }

    private static Fingerprint readAll(InputStream in) throws IOException {
        Fingerprint.Taker read = new Fingerprint.Taker();
        byte[] piece = new byte[PIECE];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            read.update(ByteBuffer.wrap(piece, 0, n));
        }
        return read.soFar();
    }

    private void awaitGate(String scene) throws IOException {
        CountDownLatch gate = gates.get(scene);
        try {
            if (gate != null && !gate.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the client of scene " + scene + " did not wait for its answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server was stopped", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
