package org.ws2j.programs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's HttpClient and its HttpServer, with HTTP/1.1. */
public final class HttpProgram {
    private static final int OK = 200;
    private static final int CHUNKED = 0;

    private HttpProgram() {}

    /** Needs no arguments. */
    public static void main(String[] arguments) {
        Program.run(HttpProgram::work);
    }

    private static void work() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = HttpServer.create(anyPort, 0);
        server.createContext("/", HttpProgram::answer);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.start();
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpWork.with(client, uri, HttpClient.Version.HTTP_1_1);
            }
            HttpWork.withUrlConnection(uri);
            server.stop(0);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean isGet = exchange.getRequestMethod().equals("GET");
        exchange.sendResponseHeaders(OK, isGet ? HttpWork.DOWNLOAD.size() : CHUNKED);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(isGet ? HttpWork.DOWNLOAD.bytes() : body);
        }
    }
}
