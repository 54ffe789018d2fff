package org.ws2j.programs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** SSLSocket and SSLServerSocket: by themselves, and above a Socket of the program's own. */
public final class TlsProgram {
    private static final Payload PAYLOAD = new Payload("tls", 1_000_000);

    private TlsProgram() {}

    /** Needs no arguments. */
    public static void main(String[] arguments) {
        Program.run(TlsProgram::work);
    }

    private static void work() throws Exception {
        SSLContext context = Certificates.make().context();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
                        .createServerSocket(0, 2, loopback)) {
            Future<?> serving = threads.submit(() -> echoTwice(server));
            SSLSocketFactory sockets = context.getSocketFactory();
            int port = server.getLocalPort();
            exchange("SSLSocket", (SSLSocket) sockets.createSocket(loopback, port), threads);
            Socket plain = new Socket(loopback, port);
            exchange("SSLSocket above a Socket", (SSLSocket) sockets.createSocket(plain, "localhost", port, true),
                    threads);
            serving.get();
        }
    }

    private static Void echoTwice(SSLServerSocket server) throws IOException {
        for (int i = 0; i < 2; i++) {
            try (Socket connection = server.accept()) {
                connection.getInputStream().transferTo(connection.getOutputStream());
            }
        }
        return null;
    }

    private static void exchange(String what, SSLSocket socket, ExecutorService threads) throws Exception {
        try (socket) {
            socket.startHandshake();
            Program.answered(what + ", protocol", "TLSv1.3", socket.getSession().getProtocol());
            Future<?> sending = threads.submit(() -> send(socket));
            Program.received(what, PAYLOAD, socket.getInputStream().readAllBytes());
            sending.get();
        }
    }

    private static Void send(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(PAYLOAD.bytes());
        socket.shutdownOutput();
        return null;
    }
}
