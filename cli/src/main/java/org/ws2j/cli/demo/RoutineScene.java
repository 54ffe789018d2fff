package org.ws2j.cli.demo;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.ws2j.host.Winsock;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;

/** Overlapped operations with completion routines, each of which starts the next one; the thread waits alertably. */
final class RoutineScene {
    private final Winsock winsock;
    private final HttpConversation talk;
    private final SocketHandle s;
    private final HeapOverlapped block = new HeapOverlapped();
    private final ByteBuffer buffer = ByteBuffer.allocate(Scene.BUFFER_BYTES);
    private int routines;
    private boolean isOver;
    private IOException failure;

    private RoutineScene(Winsock winsock, HttpConversation talk, SocketHandle s) {
        this.winsock = winsock;
        this.talk = talk;
        this.s = s;
    }

    static String play(Winsock winsock, HttpConversation talk) throws IOException {
        try (Closing.Socket socket = Closing.Socket.stream(winsock)) {
            return new RoutineScene(winsock, talk, socket.handle()).play();
        }
    }

    private String play() throws IOException {
        winsock.connect(s, talk.server());
        send();
        while (!isOver) {
            if (winsock.waits().sleepEx(Scene.PATIENCE_MILLIS, true) != Waits.WSA_WAIT_IO_COMPLETION) {
                throw new SocketTimeoutException("no completion routine ran in " + Scene.PATIENCE_MILLIS + " ms");
            }
            if (failure != null) {
                throw failure;
            }
        }
        return routines + " routines";
    }

    private void send() throws IOException {
        winsock.wsaSend(s, talk.request(), 0, block, this::sent);
    }

    private void receive() throws IOException {
        winsock.wsaRecv(s, buffer, null, block, this::received);
    }

    private void sent(int error, int bytes, WsaOverlapped overlapped, int flags) {
        next(error, () -> {
            talk.request().position(talk.request().position() + bytes);
            if (talk.request().hasRemaining()) {
                send();
            } else {
                receive();
            }
        });
    }

    private void received(int error, int bytes, WsaOverlapped overlapped, int flags) {
        next(error, () -> {
            talk.received(buffer, bytes);
            isOver = bytes == 0;
            if (!isOver) {
                receive();
            }
        });
    }

    /** What a routine would throw, its thread throws after the wait. */
    private void next(int error, Step step) {
        routines++;
        try {
            if (error != 0) {
                throw new WinsockException(error, null, null);
            }
            step.run();
        } catch (IOException e) {
            failure = e;
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }
}
