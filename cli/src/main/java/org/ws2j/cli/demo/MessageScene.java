package org.ws2j.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import org.ws2j.host.Winsock;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WindowHandle;

/** WSAAsyncSelect: network events as messages to a window, handled by the window's thread. */
final class MessageScene {
    private static final int WM_SOCKET = Message.WM_USER + 1;

    private MessageScene() {}

    static String play(Winsock winsock, HttpConversation talk) throws IOException {
        try (Closing.Socket socket = Closing.Socket.stream(winsock)) {
            SocketHandle s = socket.handle();
            EventedConversation evented = new EventedConversation(winsock, talk, s);
            WindowHandle window = winsock.windows().createWindow(message -> handle(message, evented));
            try (Closing _ = () -> winsock.windows().destroyWindow(window)) {
                winsock.wsaAsyncSelect(s, window, WM_SOCKET, EventedConversation.EVENTS);
                winsock.connect(s, talk.server());
                pump(winsock, evented);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            return evented.events() + " messages";
        }
    }

    private static void pump(Winsock winsock, EventedConversation evented) throws SocketTimeoutException {
        while (!evented.isOver()) {
            Message message = winsock.windows().getMessage(Scene.PATIENCE_MILLIS);
            if (message == null) {
                throw new SocketTimeoutException("no message came in " + Scene.PATIENCE_MILLIS + " ms");
            }
            winsock.windows().dispatchMessage(message);
        }
    }

    private static void handle(Message message, EventedConversation evented) {
        if (message.number() != WM_SOCKET) {
            return;
        }
        try {
            evented.happened(
                    NetworkEvent.selectEvent(message.lParam()), NetworkEvent.selectError(message.lParam()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
