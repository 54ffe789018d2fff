package org.ws2j.layer;

import java.nio.ByteBuffer;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaRecvMsg;

/**
 * WSARecvMsg below, with a message of the layer's own over the client's buffers: it may be received anew, and the client's
 * array is free meanwhile.
 */
final class MessageReceive implements Operation {
    private final WsaRecvMsg below;
    private final SocketHandle lowerSocket;
    private final WsaMsg clients;
    private final Transfer transfer;
    private final ByteBuffer room;
    private WsaMsg own;

    MessageReceive(WsaRecvMsg below, SocketHandle lowerSocket, WsaMsg clients, Transfer transfer) {
        this.below = below;
        this.lowerSocket = lowerSocket;
        this.clients = clients;
        this.transfer = transfer;
        room = clients.control() == null ? null : clients.control().duplicate();
    }

    @Override
    public long start(WsaOverlapped block) throws WinsockException {
        own = new WsaMsg(transfer.buffers());
        own.flags(transfer.flags());
        own.control(room == null ? null : room.duplicate());
        return below.wsaRecvMsg(lowerSocket, own, block, null);
    }

    /** The client's message says what was received as soon as the layer looks at it. */
    @Override
    public int over(int error, int bytes) {
        clients.name(own.name());
        clients.flags(own.flags());
        if (room != null) {
            clients.control().limit(own.control().limit());
        }
        transfer.result().from(own.name());
        transfer.result().flags(own.flags());
        return bytes;
    }
}
