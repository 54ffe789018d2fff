package org.ws2j.cli.demo;

import static org.ws2j.spi.NetworkEvent.FD_CLOSE;
import static org.ws2j.spi.NetworkEvent.FD_CONNECT;
import static org.ws2j.spi.NetworkEvent.FD_READ;
import static org.ws2j.spi.NetworkEvent.FD_WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ws2j.host.Winsock;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** What to do about network events, however they are reported. */
final class EventedConversation {
    /** What to select. */
    static final int EVENTS = FD_CONNECT | FD_READ | FD_WRITE | FD_CLOSE;

    private final Winsock winsock;
    private final HttpConversation talk;
    private final SocketHandle s;
    private final ByteBuffer buffer = ByteBuffer.allocate(Scene.BUFFER_BYTES);
    private int events;
    private boolean isOver;

    EventedConversation(Winsock winsock, HttpConversation talk, SocketHandle s) {
        this.winsock = winsock;
        this.talk = talk;
        this.s = s;
    }

    boolean isOver() {
        return isOver;
    }

    int events() {
        return events;
    }

    void happened(int event, int error) throws IOException {
        events++;
        if (error != 0) {
            throw new WinsockException(error, "network event 0x" + Integer.toHexString(event), null);
        }
        switch (event) {
            case FD_CONNECT -> {}
            case FD_WRITE -> sendAsMuchAsGoes();
            case FD_READ -> receiveOnce();
            case FD_CLOSE -> receiveTheRest();
            default -> throw new IOException("network event that was not selected: " + event);
        }
    }

    /** The next FD_WRITE comes only after a send that would block. */
    private void sendAsMuchAsGoes() throws WinsockException {
        int sent = 0;
        while (sent >= 0 && talk.request().hasRemaining()) {
            sent = winsock.send(s, talk.request(), 0);
        }
    }

    /** Each receive lets the next FD_READ come. */
    private int receiveOnce() throws IOException {
        int n = winsock.recv(s, buffer.clear(), 0);
        if (n > 0) {
            talk.received(buffer, n);
        }
        return n;
    }

    /** FD_CLOSE comes once, and data may still lie before the end. */
    private void receiveTheRest() throws IOException {
        int n = receiveOnce();
        while (n > 0) {
            n = receiveOnce();
        }
        isOver = n == 0;
        if (!isOver) {
            throw new IOException("FD_CLOSE came, but the stream has not ended");
        }
    }
}
