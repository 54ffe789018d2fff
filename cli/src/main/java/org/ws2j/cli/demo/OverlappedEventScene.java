package org.ws2j.cli.demo;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.ws2j.host.Winsock;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WsaEvent;

/** Overlapped operations that signal an event when they are over. */
final class OverlappedEventScene {
    private final Winsock winsock;
    private final HttpConversation talk;
    private final HeapOverlapped block;
    private int operations;

    private OverlappedEventScene(Winsock winsock, HttpConversation talk, WsaEvent event) {
        this.winsock = winsock;
        this.talk = talk;
        block = new HeapOverlapped(event);
    }

    static String play(Winsock winsock, HttpConversation talk) throws IOException {
        WsaEvent event = winsock.wsaCreateEvent();
        try (Closing _ = () -> winsock.wsaCloseEvent(event);
                Closing.Socket socket = Closing.Socket.stream(winsock)) {
            return new OverlappedEventScene(winsock, talk, event).play(socket.handle());
        }
    }

    private String play(SocketHandle s) throws IOException {
        winsock.connect(s, talk.server());
        ByteBuffer request = talk.request();
        while (request.hasRemaining()) {
            winsock.wsaSend(s, request, 0, block, null);
            request.position(request.position() + outcome(s));
        }
        ByteBuffer buffer = ByteBuffer.allocate(Scene.BUFFER_BYTES);
        int n;
        do {
            winsock.wsaRecv(s, buffer, null, block, null);
            n = outcome(s);
            talk.received(buffer, n);
        } while (n > 0);
        return operations + " operations";
    }

    /** An operation that was over at once has signaled its event as well. */
    private int outcome(SocketHandle s) throws IOException {
        operations++;
        WsaEvent[] events = {block.hEvent()};
        if (winsock.wsaWaitForMultipleEvents(events, false, Scene.PATIENCE_MILLIS, false) != Waits.WSA_WAIT_EVENT_0) {
            throw new SocketTimeoutException("an operation was not over in " + Scene.PATIENCE_MILLIS + " ms");
        }
        return (int) winsock.wsaGetOverlappedResult(s, block, false, null);
    }
}
