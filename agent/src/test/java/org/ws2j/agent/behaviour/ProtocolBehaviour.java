package org.ws2j.agent.behaviour;

import static org.ws2j.agent.behaviour.SocketPair.LOOPBACK;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.security.Security;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.ws2j.agent.behaviour.SocketPair.Sockets;

/** What lies above sockets in the JDK: TLS, HTTP, proxies, and an application's own socket implementations. */
@SuppressWarnings("DefaultCharset") // it does what programs do
final class ProtocolBehaviour {
    /** It needs no certificate. */
    private static final String[] ANONYMOUS = {"TLS_ECDH_anon_WITH_AES_128_CBC_SHA"};

    /** A socket with an implementation that the caller gives. */
    private static final class Custom extends Socket {
        Custom(SocketImpl impl) throws IOException {
            super(impl);
        }
    }

    private final Report report;

    ProtocolBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("TLS");
        tls();
        report.topic("HTTP");
        http();
        report.topic("Proxy");
        proxies();
        report.topic("Factories");
        factories();
    }

    private void tls() throws Exception {
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        SSLContext context = SSLContext.getDefault();
        try (SSLServerSocket s = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, LOOPBACK);
                SSLSocket c = (SSLSocket) context.getSocketFactory().createSocket(LOOPBACK, s.getLocalPort())) {
            SSLSocket accepted = (SSLSocket) s.accept();
            for (SSLSocket each : new SSLSocket[] {c, accepted}) {
                each.setEnabledProtocols(new String[] {"TLSv1.2"});
                each.setEnabledCipherSuites(ANONYMOUS);
            }
            Background server =
                    Background.platform(() -> accepted.getInputStream().transferTo(accepted.getOutputStream()));
            report.line("cipher", () -> c.getSession().getCipherSuite());
            c.getOutputStream().write("secret".getBytes());
            report.line("echo", () -> new String(c.getInputStream().readNBytes(6)));
            report.line("text", () -> c.getInetAddress() + " " + c.isConnected());
            c.setSoTimeout(50);
            report.line("times out", () -> c.getInputStream().read());
            c.setSoTimeout(0);
            Background reader = Background.platform(() -> c.getInputStream().read()).awaitBlocked();
            accepted.close();
            report.print("the peer's close ends read", reader.outcome());
            server.outcome(); // It is over; how depends on which of the two was first.
        }
        try (Sockets pair = Sockets.open()) {
            SSLSocket layered = (SSLSocket) context.getSocketFactory()
                    .createSocket(pair.client(), "localhost", pair.client().getPort(), true);
            layered.setEnabledCipherSuites(ANONYMOUS);
            pair.reset();
            report.line("handshake over a reset connection", () -> {
                layered.startHandshake();
                return "done";
            });
        }
    }

    private void http() throws Exception {
        HttpServer server = HttpServer.create(SocketPair.anyPort(), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer = (exchange.getRequestMethod() + " " + body.length).getBytes();
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        server.start();
        URI uri = URI.create("http://" + LOOPBACK.getHostAddress() + ":" + server.getAddress().getPort() + "/");
        try (HttpClient client = HttpClient.newHttpClient()) {
            report.line("client", () -> client.send(HttpRequest.newBuilder(uri).build(),
                    HttpResponse.BodyHandlers.ofString()).body());
            report.line("client's post", () -> client.send(HttpRequest.newBuilder(uri)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[300_000])).build(),
                    HttpResponse.BodyHandlers.ofString()).body());
            report.line("client refused", () -> client.send(HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + SocketPair.deadPort().getPort())).build(),
                    HttpResponse.BodyHandlers.ofString()).body());
        }
        report.line("URL", () -> new String(uri.toURL().openStream().readAllBytes()));
        report.line("URL refused", () -> {
            HttpURLConnection connection = (HttpURLConnection) URI
                    .create("http://127.0.0.1:" + SocketPair.deadPort().getPort()).toURL().openConnection();
            return connection.getResponseCode();
        });
        server.stop(0);
    }

    private void proxies() throws Exception {
        try (ServerSocket origin = new ServerSocket(0, 50, LOOPBACK); SmallProxy proxy = new SmallProxy()) {
            for (Proxy.Type type : new Proxy.Type[] {Proxy.Type.SOCKS, Proxy.Type.HTTP}) {
                report.line(type + " proxy", () -> {
                    try (Socket s = new Socket(new Proxy(type, proxy.address()))) {
                        return ask(s, origin);
                    }
                });
            }
            report.line("DIRECT", () -> {
                try (Socket s = new Socket(Proxy.NO_PROXY)) {
                    return ask(s, origin);
                }
            });
            System.setProperty("socksProxyHost", "127.0.0.1");
            System.setProperty("socksProxyPort", String.valueOf(proxy.address().getPort()));
            System.setProperty("socksNonProxyHosts", "");
            try (Socket s = new Socket()) {
                report.line("socksProxyHost", () -> ask(s, origin));
                report.line("asked the proxy", proxy::count);
            } finally {
                System.clearProperty("socksProxyHost");
                System.clearProperty("socksProxyPort");
                System.clearProperty("socksNonProxyHosts");
            }
        }
        for (Proxy.Type type : new Proxy.Type[] {Proxy.Type.SOCKS, Proxy.Type.HTTP}) {
            report.effect("no " + type + " proxy there", () -> {
                try (Socket s = new Socket(new Proxy(type, SocketPair.deadPort()))) {
                    s.connect(new InetSocketAddress(LOOPBACK, 9), 5_000);
                }
            });
        }
    }

    private static String ask(Socket s, ServerSocket origin) throws IOException {
        s.connect(new InetSocketAddress(LOOPBACK, origin.getLocalPort()), 10_000);
        try (Socket accepted = origin.accept()) {
            accepted.getOutputStream().write("through".getBytes());
            byte[] got = s.getInputStream().readNBytes(7);
            s.setSoTimeout(40);
            return new String(got) + " " + Report.outcome(() -> s.getInputStream().read()) + " " + s.getTcpNoDelay();
        }
    }

    private void factories() throws Exception {
        report.line("a socket with its own implementation", () -> {
            try (Socket s = new Custom(new RecordingSocketImpl())) {
                s.connect(new InetSocketAddress(LOOPBACK, 9));
                return s + " " + s.getInputStream().read();
            }
        });
        report.effect("factory", () -> factory());
        report.effect("another factory", () -> factory());
        report.line("the factory's socket", () -> {
            try (Socket s = new Socket(LOOPBACK, 9)) {
                return s + " " + s.getInputStream().read();
            }
        });
        report.line("a server accepts all the same", () -> {
            try (ServerSocket s = new ServerSocket(0, 50, LOOPBACK);
                    SocketChannel c = SocketChannel.open(s.getLocalSocketAddress())) {
                s.setSoTimeout(2_000);
                return s.accept() + " " + c.isConnected();
            }
        });
    }

    @SuppressWarnings("deprecation") // An application may still call it.
    private static void factory() throws IOException {
        Socket.setSocketImplFactory(RecordingSocketImpl::new);
    }
}
