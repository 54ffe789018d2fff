package org.ws2j.layer;

import java.nio.ByteBuffer;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.GetAcceptExSockaddrs;

/**
 * What AcceptEx writes into: room for the first data, then for the two addresses.
 *
 * @param output the buffer, as the client gave it
 * @param dataLength the bytes for data
 * @param localLength the bytes for the local address
 * @param remoteLength the bytes for the peer's
 */
record AcceptBuffer(ByteBuffer output, int dataLength, int localLength, int remoteLength) {
    /** {@return a view of the room for data; null if there is none, or cannot be} */
    ByteBuffer data() {
        if (output == null || dataLength <= 0 || dataLength > output.remaining()) {
            return null;
        }
        return output.duplicate().limit(output.position() + dataLength);
    }

    void addresses(GetAcceptExSockaddrs function, AddressHolder local, AddressHolder remote) {
        function.getAcceptExSockaddrs(output, dataLength, localLength, remoteLength, local, remote);
    }
}
