package org.ws2j.layer;

import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.GetAcceptExSockaddrs;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;

/** AcceptEx below. Where the layer drops the first data it goes on as a receive of the accepted socket. */
final class AcceptOperation implements Operation {
    private final LayeredSocket listener;
    private final LayeredSocket accepting;
    private final Transfer data;
    private final AcceptEx below;
    private final GetAcceptExSockaddrs addresses;
    private final AcceptBuffer buffer;
    private boolean isAccepted;

    AcceptOperation(LayerRequest request, AcceptEx below, GetAcceptExSockaddrs addresses, AcceptBuffer buffer) {
        listener = request.socket();
        accepting = request.dataSocket();
        data = request.transfer();
        this.below = below;
        this.addresses = addresses;
        this.buffer = buffer;
    }

    /** Makes the room for data what the layer looks at; false if there is none. */
    boolean takeData() throws WinsockException {
        if (buffer.data() == null) {
            return false;
        }
        data.buffer(Transfer.Kind.RECV, buffer.data(), 0).into(null);
        return true;
    }

    @Override
    public long start(WsaOverlapped block) throws WinsockException {
        SocketHandle target = accepting.lower();
        if (isAccepted) {
            return data.callLower(listener.provider().lowerTable(), target, block);
        }
        return below.acceptEx(
                listener.lower(), target, buffer.output(), buffer.dataLength(), buffer.localLength(),
                buffer.remoteLength(), block);
    }

    @Override
    public int over(int error, int bytes) {
        if (error == 0 && !isAccepted) {
            isAccepted = true;
            listener.provider().tell("accept", accepting, this::tellAccepted);
        }
        return bytes;
    }

    /** The provider below could not be asked for the addresses yet. */
    private void tellAccepted() {
        AddressHolder local = new AddressHolder();
        AddressHolder remote = new AddressHolder();
        buffer.addresses(addresses, local, remote);
        listener.provider().accepted(accepting, local.address(), remote.address());
    }
}
