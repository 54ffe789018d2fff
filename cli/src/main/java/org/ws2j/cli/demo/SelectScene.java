package org.ws2j.cli.demo;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.ws2j.host.Winsock;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WspResult;

/** Non-blocking sockets, and select. */
final class SelectScene {
    private static final Timeval PATIENCE = Timeval.of(Duration.ofMillis(Scene.PATIENCE_MILLIS));

    private final Winsock winsock;
    private final HttpConversation talk;
    private final ByteBuffer buffer = ByteBuffer.allocate(Scene.BUFFER_BYTES);
    private int selects;
    private boolean isAtEnd;

    private SelectScene(Winsock winsock, HttpConversation talk) {
        this.winsock = winsock;
        this.talk = talk;
    }

    static String play(Winsock winsock, HttpConversation talk) throws IOException {
        return new SelectScene(winsock, talk).play();
    }

    /** The same for datagrams. */
    static String echo(Winsock winsock, EchoConversation talk) throws IOException {
        int selects = 0;
        try (Closing.Socket socket = Closing.Socket.datagram(winsock)) {
            SocketHandle s = socket.handle();
            winsock.ioctlsocket(s, IoctlCode.FIONBIO, true);
            winsock.connect(s, talk.server());
            talk.localPort(Ports.localPort(winsock, s));
            ByteBuffer buffer = ByteBuffer.allocate(Scene.BUFFER_BYTES);
            for (ByteBuffer datagram : talk.datagrams()) {
                winsock.send(s, datagram, 0);
                FdSet readable = FdSet.of(s);
                if (winsock.select(readable, null, null, PATIENCE) == 0) {
                    throw timeout("a datagram");
                }
                selects++;
                int n = winsock.recv(s, buffer.clear(), 0);
                if (n >= 0) {
                    talk.received(buffer, n);
                }
            }
        }
        return selects + " selects";
    }

    private String play() throws IOException {
        try (Closing.Socket socket = Closing.Socket.stream(winsock)) {
            SocketHandle s = socket.handle();
            winsock.ioctlsocket(s, IoctlCode.FIONBIO, true);
            winsock.connect(s, talk.server());
            while (!isAtEnd) {
                step(s);
            }
        }
        return selects + " selects";
    }

    private void step(SocketHandle s) throws IOException {
        FdSet readable = FdSet.of(s);
        FdSet writable = talk.request().hasRemaining() ? FdSet.of(s) : null;
        FdSet failed = FdSet.of(s);
        selects++;
        if (winsock.select(readable, writable, failed, PATIENCE) == 0) {
            throw timeout("the socket");
        }
        if (failed.fdIsSet(s)) {
            int error = (int) winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_ERROR);
            throw new WinsockException(error, "connecting to " + talk.server(), null);
        }
        if (writable != null && writable.fdIsSet(s)) {
            winsock.send(s, talk.request(), 0);
        }
        if (readable.fdIsSet(s)) {
            int n = winsock.recv(s, buffer.clear(), 0);
            isAtEnd = n == 0;
            if (n != WspResult.WOULD_BLOCK) {
                talk.received(buffer, n);
            }
        }
    }

    private static SocketTimeoutException timeout(String what) {
        return new SocketTimeoutException("select saw nothing of " + what + " in " + Scene.PATIENCE_MILLIS + " ms");
    }
}
