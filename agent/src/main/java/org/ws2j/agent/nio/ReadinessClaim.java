package org.ws2j.agent.nio;

import java.nio.channels.SelectionKey;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.agent.socket.Readiness;
import org.ws2j.host.Winsock;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/**
 * The readiness of a channel that a layer claims. Network events are the news that there may be something; whether there is, the
 * layer's select tells, at each selection again.
 */
final class ReadinessClaim {
    private static final int EVENTS = NetworkEvent.FD_READ | NetworkEvent.FD_WRITE | NetworkEvent.FD_ACCEPT
            | NetworkEvent.FD_CONNECT | NetworkEvent.FD_CLOSE;

    private static final int READS = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;

    private final AgentSocket socket;
    private final ChannelKeys keys;

    /** Null before the start, and after the end. Guarded by the keys. */
    private volatile WsaEvent event;

    ReadinessClaim(AgentSocket socket, ChannelKeys keys) {
        this.socket = socket;
        this.keys = keys;
    }

    private Winsock winsock() {
        return socket.network().winsock();
    }

    /** Selects network events, once. */
    void start() {
        if (event != null) {
            return;
        }
        try {
            event = winsock().waits().createEvent(keys::happened);
            socket.selectEvents(event, EVENTS);
        } catch (WinsockException e) {
            socket.failure(e); // The socket is closed, or about to fail in every call.
        }
    }

    void stop() {
        WsaEvent last = event;
        event = null;
        if (last == null) {
            return;
        }
        try {
            socket.selectEvents(null, 0);
        } catch (WinsockException e) {
            if (!AgentSocket.isGone(e)) {
                socket.failure(e);
            }
        }
        try {
            winsock().waits().closeEvent(last);
        } catch (WinsockException e) {
            socket.failure(e);
        }
    }

    /**
     * Asks what the channel is ready for.
     *
     * @param operations which of them matter
     * @param record for the network events so far
     */
    int ask(int operations, WsaNetworkEvents record) {
        try {
            WsaEvent present = event;
            if (present != null) {
                winsock().wsaEnumNetworkEvents(socket.handle(), present, record);
            }
            boolean connects = (operations & SelectionKey.OP_CONNECT) != 0;
            boolean writes = (operations & SelectionKey.OP_WRITE) != 0;
            int ready = socket.select((operations & READS) != 0, connects || writes, connects, 0);
            return operations(ready, operations);
        } catch (WinsockException e) {
            return AgentSocket.isGone(e) ? 0 : operations; // Let the program's own call find out what is the matter.
        }
    }

    private static int operations(int ready, int operations) {
        int found = 0;
        if ((ready & Readiness.READABLE) != 0) {
            found |= READS;
        }
        if ((ready & Readiness.WRITABLE) != 0) {
            found |= SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
        }
        if ((ready & Readiness.FAILED) != 0) {
            found |= SelectionKey.OP_CONNECT;
        }
        return found & operations;
    }
}
