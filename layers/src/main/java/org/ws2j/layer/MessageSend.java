package org.ws2j.layer;

import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaSendMsg;

/** WSASendMsg below, with a message of the layer's own that holds what the layer has made of the data. */
final class MessageSend implements Operation {
    private final WsaSendMsg below;
    private final SocketHandle lowerSocket;
    private final Transfer transfer;
    private final WsaMsg own = new WsaMsg();

    MessageSend(WsaSendMsg below, SocketHandle lowerSocket, WsaMsg clients, Transfer transfer) {
        this.below = below;
        this.lowerSocket = lowerSocket;
        this.transfer = transfer;
        own.name(clients.name());
        own.control(clients.control());
        own.flags(clients.flags());
    }

    @Override
    public long start(WsaOverlapped block) throws WinsockException {
        own.buffers(transfer.buffers());
        return below.wsaSendMsg(lowerSocket, own, transfer.flags(), block, null);
    }

    @Override
    public boolean isDataAlone() {
        return true;
    }
}
