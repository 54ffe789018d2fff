package org.ws2j.cli.demo;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.ws2j.host.Winsock;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/** WSAEventSelect: network events that are recorded, and signal an event object. */
final class EventSelectScene {
    private EventSelectScene() {}

    static String play(Winsock winsock, HttpConversation talk) throws IOException {
        WsaEvent event = winsock.wsaCreateEvent();
        try (Closing _ = () -> winsock.wsaCloseEvent(event);
                Closing.Socket socket = Closing.Socket.stream(winsock)) {
            SocketHandle s = socket.handle();
            EventedConversation evented = new EventedConversation(winsock, talk, s);
            winsock.wsaEventSelect(s, event, EventedConversation.EVENTS);
            winsock.connect(s, talk.server());
            WsaNetworkEvents record = new WsaNetworkEvents();
            while (!evented.isOver()) {
                await(winsock, event);
                winsock.wsaEnumNetworkEvents(s, event, record);
                for (int left = record.lNetworkEvents(); left != 0; left &= left - 1) {
                    int next = Integer.lowestOneBit(left);
                    evented.happened(next, record.iErrorCode(NetworkEvent.bitOf(next)));
                }
            }
            return evented.events() + " network events";
        }
    }

    private static void await(Winsock winsock, WsaEvent event) throws IOException {
        WsaEvent[] events = {event};
        if (winsock.wsaWaitForMultipleEvents(events, false, Scene.PATIENCE_MILLIS, false) != Waits.WSA_WAIT_EVENT_0) {
            throw new SocketTimeoutException("no network event came in " + Scene.PATIENCE_MILLIS + " ms");
        }
    }
}
