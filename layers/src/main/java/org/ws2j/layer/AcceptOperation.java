package org.ws2j.layer;

import java.nio.ByteBuffer;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;

/** AcceptEx below. Where the layer drops the first data it goes on as a receive of the accepted socket. */
final class AcceptOperation implements Operation {
    private final LayeredSocket listener;
    private final LayeredSocket accepting;
    private final AcceptEx below;
    private final ByteBuffer output;
    private final int dataLength;
    private final int localLength;
    private final int remoteLength;
    private Transfer data;
    private boolean isAccepted;

    AcceptOperation(LayerRequest request, AcceptEx below, ByteBuffer output, int dataLength, int localLength,
            int remoteLength) {
        listener = request.socket();
        accepting = request.dataSocket();
        this.below = below;
        this.output = output;
        this.dataLength = dataLength;
        this.localLength = localLength;
        this.remoteLength = remoteLength;
    }

    /** Makes the part of the buffer that is for data what the layer looks at; false if there is none, or cannot be. */
    boolean takeData(Transfer transfer) throws WinsockException {
        if (output == null || dataLength <= 0 || dataLength > output.remaining()) {
            return false;
        }
        ByteBuffer part = output.duplicate().limit(output.position() + dataLength);
        data = transfer.buffer(Transfer.Kind.RECV, part, 0).into(null);
        return true;
    }

    @Override
    public long start(WsaOverlapped block) throws WinsockException {
        SocketHandle target = accepting.lower();
        if (isAccepted) {
            return data.callLower(listener.provider().lowerTable(), target, block);
        }
        return below.acceptEx(listener.lower(), target, output, dataLength, localLength, remoteLength, block);
    }

    @Override
    public int over(int error, int bytes) {
        if (error == 0 && !isAccepted) {
            isAccepted = true;
            LayeredProvider layer = listener.provider();
            layer.tell("accept", accepting, () -> layer.accepted(accepting));
        }
        return bytes;
    }
}
