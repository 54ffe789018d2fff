package org.ws2j.provider.extension;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * sockaddr_in and sockaddr_in6 as Windows lays them out.
 *
 * <pre>
 *   sockaddr_in    family 2  port 2  address 4  zeros 8                                16 bytes
 *   sockaddr_in6   family 2  port 2  flow 4     address 16    scope 4                  28 bytes
 * </pre>
 *
 * <p>Family and scope have the byte order of the machine, which is little-endian on every Windows; the port that of the network.
 */
final class SocketAddressLayout {
    private static final int SIZE4 = 16;
    private static final int SIZE6 = 28;
    private static final int PORT = 2;
    private static final int ADDRESS4 = 4;
    private static final int ADDRESS6 = 8;
    private static final int SCOPE = 24;
    private static final int LENGTH4 = 4;
    private static final int LENGTH6 = 16;

    private SocketAddressLayout() {}

    /** {@return the bytes that an address of a socket's family takes} */
    static int size(WsaProtocolInfo info) {
        return info.addressFamily() == AddressFamily.AF_INET ? SIZE4 : SIZE6;
    }

    /** {@return the bytes that an address takes} */
    static int size(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? SIZE4 : SIZE6;
    }

    /** Writes an address; positions stay. The buffer has {@link #size} bytes from the index on. */
    static void encode(InetSocketAddress address, ByteBuffer target, int index) {
        int size = size(address);
        ByteBuffer view = target.slice(index, size).order(ByteOrder.LITTLE_ENDIAN);
        view.put(0, new byte[size]);
        putPort(view, address.getPort());
        byte[] raw = address.getAddress().getAddress();
        if (size == SIZE4) {
            view.putShort(0, (short) AddressFamily.AF_INET).put(ADDRESS4, raw);
        } else {
            view.putShort(0, (short) AddressFamily.AF_INET6).put(ADDRESS6, raw);
            view.putInt(SCOPE, ((Inet6Address) address.getAddress()).getScopeId());
        }
    }

    private static void putPort(ByteBuffer view, int port) {
        view.put(PORT, (byte) (port >> Byte.SIZE)).put(PORT + 1, (byte) port);
    }

    /** {@return the address that bytes hold; null if they hold none} */
    static InetSocketAddress decode(ByteBuffer source) {
        ByteBuffer view = source.slice().order(ByteOrder.LITTLE_ENDIAN);
        int family = view.remaining() < Short.BYTES ? AddressFamily.AF_UNSPEC : view.getShort(0);
        if (family == AddressFamily.AF_INET && view.remaining() >= SIZE4) {
            return new InetSocketAddress(address(view, ADDRESS4, LENGTH4, 0), port(view));
        }
        if (family == AddressFamily.AF_INET6 && view.remaining() >= SIZE6) {
            return new InetSocketAddress(address(view, ADDRESS6, LENGTH6, view.getInt(SCOPE)), port(view));
        }
        return null;
    }

    private static int port(ByteBuffer view) {
        return Byte.toUnsignedInt(view.get(PORT)) << Byte.SIZE | Byte.toUnsignedInt(view.get(PORT + 1));
    }

    /** Sixteen bytes stay IPv6 whatever they say; the JDK would make IPv4 of a mapped address otherwise. */
    private static InetAddress address(ByteBuffer view, int index, int length, int scope) {
        byte[] raw = new byte[length];
        view.get(index, raw);
        try {
            return length == LENGTH4 ? InetAddress.getByAddress(raw) : Inet6Address.getByAddress(null, raw, scope);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + length + " bytes", e);
        }
    }
}
