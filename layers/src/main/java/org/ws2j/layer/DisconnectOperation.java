package org.ws2j.layer;

import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;

/** DisconnectEx below, or what sends and then may disconnect. */
final class DisconnectOperation implements Operation {
    private final LayeredSocket socket;
    private final int flags;
    private final Operation below;
    private final boolean disconnects;

    private DisconnectOperation(LayeredSocket socket, int flags, boolean disconnects, Operation below) {
        this.socket = socket;
        this.flags = flags;
        this.below = below;
        this.disconnects = disconnects;
    }

    static DisconnectOperation ofDisconnect(LayeredSocket socket, int flags, Operation below) {
        return new DisconnectOperation(socket, flags, true, below);
    }

    static DisconnectOperation ofTransmission(LayeredSocket socket, int flags, Operation below) {
        return new DisconnectOperation(socket, flags, (flags & TransmitFlag.TF_DISCONNECT) != 0, below);
    }

    @Override
    public long start(WsaOverlapped block) throws WinsockException {
        return below.start(block);
    }

    @Override
    public int over(int error, int bytes) {
        if (error == 0 && disconnects) {
            LayeredProvider layer = socket.provider();
            boolean isReusable = (flags & TransmitFlag.TF_REUSE_SOCKET) != 0;
            layer.tell("disconnect", socket, () -> layer.disconnected(socket, isReusable));
        }
        return bytes;
    }
}
