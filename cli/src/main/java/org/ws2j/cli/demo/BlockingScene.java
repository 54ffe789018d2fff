package org.ws2j.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ws2j.host.Winsock;
import org.ws2j.spi.Message;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;

/** Blocking calls of a 1.1 client, whose blocking hook handles the thread's messages while they wait. */
final class BlockingScene {
    private final Winsock winsock;
    private final HttpConversation talk;
    private int hookRuns;

    private BlockingScene(Winsock winsock, HttpConversation talk) {
        this.winsock = winsock;
        this.talk = talk;
    }

    static String play(Winsock winsock, HttpConversation talk) throws IOException {
        return new BlockingScene(winsock, talk).play();
    }

    private String play() throws IOException {
        try (Closing.Socket socket = Closing.Socket.stream(winsock);
                Closing _ = winsock::wsaUnhookBlockingHook) {
            SocketHandle s = socket.handle();
            winsock.wsaSetBlockingHook(this::hook);
            winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, Scene.PATIENCE_MILLIS);
            winsock.connect(s, talk.server());
            winsock.send(s, talk.request(), 0);
            ByteBuffer buffer = ByteBuffer.allocate(Scene.BUFFER_BYTES);
            for (int n = winsock.recv(s, buffer, 0); n > 0; n = winsock.recv(s, buffer.clear(), 0)) {
                talk.received(buffer, n);
            }
        }
        return "the hook ran " + hookRuns + " times";
    }

    /** The server holds its answer back until this has run, so that the client really waits for it. */
    private boolean hook() {
        hookRuns++;
        talk.letServerAnswer();
        Message message = winsock.windows().peekMessage(true);
        if (message != null) {
            winsock.windows().dispatchMessage(message);
        }
        return message != null;
    }
}
