package org.ws2j.agent.program;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Asks an HTTP server of its own, plain and with TLS if it is given a key store, and prints the answers. */
public final class WebProgram {
    private static final char[] PASSWORD = "password".toCharArray();

    private WebProgram() {}

    public static void main(String[] arguments) throws Exception {
        SSLContext tls = arguments.length == 0 ? SSLContext.getDefault() : tls(Path.of(arguments[0]));
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ask("http", HttpServer.create(anyPort, 0), tls);
        if (arguments.length > 0) {
            HttpsServer secure = HttpsServer.create(anyPort, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            ask("https", secure, tls);
            sockets(tls);
        }
    }

    private static void ask(String scheme, HttpServer server, SSLContext tls) throws Exception {
        server.createContext("/", exchange -> {
            byte[] answer = ("answer to " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            URI uri = URI.create(scheme + "://localhost:" + server.getAddress().getPort() + "/" + scheme);
            System.out.println(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
        }
        server.stop(0);
    }

    private static void sockets(SSLContext tls) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket(0, 5,
                InetAddress.getLoopbackAddress())) {
            Thread server = Thread.startVirtualThread(() -> Echo.serve(listener));
            try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(
                    listener.getInetAddress(), listener.getLocalPort())) {
                socket.getOutputStream().write("tls".getBytes(StandardCharsets.UTF_8));
                System.out.println(new String(socket.getInputStream().readNBytes(3), StandardCharsets.UTF_8));
            }
            server.join();
        }
    }

    private static SSLContext tls(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
