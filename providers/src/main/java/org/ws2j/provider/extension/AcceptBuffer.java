package org.ws2j.provider.extension;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * The output buffer of AcceptEx: the first data, then room for each of the two addresses.
 *
 * <pre>
 *   data | length 4  zeros 12  sockaddr | length 4  zeros 12  sockaddr
 * </pre>
 *
 * <p>The {@value AcceptEx#ADDRESS_OVERHEAD} bytes before an address are ours to use; clients read addresses by
 * GetAcceptExSockaddrs alone.
 */
final class AcceptBuffer {
    private final ByteBuffer data;
    private final ByteBuffer local;
    private final ByteBuffer remote;

    private AcceptBuffer(ByteBuffer buffer, int dataLength, int localLength, int remoteLength) {
        int start = buffer.position();
        data = buffer.slice(start, dataLength);
        local = buffer.slice(start + dataLength, localLength).order(ByteOrder.LITTLE_ENDIAN);
        remote = buffer.slice(start + dataLength + localLength, remoteLength).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Takes the parameters of AcceptEx. */
    static AcceptBuffer of(ByteBuffer buffer, int dataLength, int localLength, int remoteLength)
            throws WinsockException {
        if (buffer == null || buffer.isReadOnly()) {
            throw new WinsockException(WsaError.WSAEFAULT, "nothing to put data and addresses into");
        }
        if (!fits(buffer, dataLength, localLength, remoteLength)) {
            throw new WinsockException(WsaError.WSAEFAULT, "the buffer has not " + dataLength + " + " + localLength
                    + " + " + remoteLength + " bytes");
        }
        if (remoteLength < AcceptEx.ADDRESS_OVERHEAD) {
            throw new WinsockException(WsaError.WSAEFAULT, remoteLength + " bytes for the peer's address");
        }
        return new AcceptBuffer(buffer, dataLength, localLength, remoteLength);
    }

    private static boolean fits(ByteBuffer buffer, int dataLength, int localLength, int remoteLength) {
        return dataLength >= 0 && localLength >= 0 && remoteLength >= 0
                && (long) dataLength + localLength + remoteLength <= buffer.remaining();
    }

    /** Where the first data goes; nothing if it is not wanted. */
    ByteBuffer data() {
        return data;
    }

    /** {@return whether addresses of a family fit in} */
    boolean hasRoom(WsaProtocolInfo info) {
        int needed = AcceptEx.ADDRESS_OVERHEAD + SocketAddressLayout.size(info);
        return local.capacity() >= needed && remote.capacity() >= needed;
    }

    void put(InetSocketAddress localAddress, InetSocketAddress remoteAddress) {
        put(localAddress, local);
        put(remoteAddress, remote);
    }

    private static void put(InetSocketAddress address, ByteBuffer room) {
        room.put(0, new byte[AcceptEx.ADDRESS_OVERHEAD]);
        room.putInt(0, SocketAddressLayout.size(address));
        SocketAddressLayout.encode(address, room, AcceptEx.ADDRESS_OVERHEAD);
    }

    /** GetAcceptExSockaddrs. */
    static void read(ByteBuffer buffer, int dataLength, int localLength, int remoteLength, AddressHolder localAddress,
            AddressHolder remoteAddress) {
        boolean readable = buffer != null && fits(buffer, dataLength, localLength, remoteLength);
        AcceptBuffer read = readable ? new AcceptBuffer(buffer, dataLength, localLength, remoteLength) : null;
        tell(localAddress, read == null ? null : read.local);
        tell(remoteAddress, read == null ? null : read.remote);
    }

    private static void tell(AddressHolder holder, ByteBuffer room) {
        if (holder != null) {
            holder.address(room == null ? null : address(room));
        }
    }

    private static InetSocketAddress address(ByteBuffer room) {
        int left = room.capacity() - AcceptEx.ADDRESS_OVERHEAD;
        int length = left < 0 ? 0 : room.getInt(0);
        return length <= 0 || length > left
                ? null
                : SocketAddressLayout.decode(room.slice(AcceptEx.ADDRESS_OVERHEAD, length));
    }
}
