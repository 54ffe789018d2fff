package org.ws2j.layer;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;

/** ConnectEx below. Data that the layer drops does not go down, and counts as sent. */
final class ConnectOperation implements Operation {
    private final LayeredSocket socket;
    private final Transfer transfer;
    private final ConnectEx below;
    private final SocketAddress name;
    private final ByteBuffer clients;
    private boolean isDropped;

    ConnectOperation(LayerRequest request, ConnectEx below, SocketAddress name, ByteBuffer clients) {
        socket = request.socket();
        transfer = request.transfer();
        this.below = below;
        this.name = name;
        this.clients = clients;
    }

    @Override
    public long start(WsaOverlapped block) throws WinsockException {
        isDropped = transfer.takeDropped();
        ByteBuffer data = transfer.single() != null ? transfer.single() : clients;
        return below.connectEx(socket.lower(), name, isDropped ? null : data, block);
    }

    @Override
    public int over(int error, int bytes) {
        LayeredProvider layer = socket.provider();
        layer.tell("connect", socket, () -> layer.connected(socket, error));
        return isDropped && error == 0 ? transfer.length() : bytes;
    }
}
