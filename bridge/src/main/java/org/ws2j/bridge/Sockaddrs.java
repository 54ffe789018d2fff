package org.ws2j.bridge;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Addresses as sockaddr_in and sockaddr_in6. */
final class Sockaddrs {
    /** Room for each of them: that of sockaddr_storage. */
    static final int MOST = 128;

    private static final int SIZE4 = 16;
    private static final int SIZE6 = 28;

    private Sockaddrs() {}

    /** Writes an address into {@link #MOST} bytes; {@return its length, 0 for none} */
    static int put(long address, SocketAddress value) {
        return switch (value) {
            case null -> 0;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet4Address ip -> put4(address, ip, inet);
            case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address ip -> put6(address, ip, inet);
            case ForeignAddress foreign -> putForeign(address, foreign.bytes());
            // One of no family: refused by whoever looks at it.
            default -> putForeign(address, new byte[SIZE4]);
        };
    }

    private static int put4(long address, Inet4Address ip, InetSocketAddress inet) {
        Memory.zero(address, SIZE4);
        putHead(address, AddressFamily.AF_INET, inet.getPort());
        Memory.putBytes(address + 4, ip.getAddress());
        return SIZE4;
    }

    private static int put6(long address, Inet6Address ip, InetSocketAddress inet) {
        Memory.zero(address, SIZE6);
        putHead(address, AddressFamily.AF_INET6, inet.getPort());
        Memory.putBytes(address + 8, ip.getAddress());
        Memory.putInt(address + 24, ip.getScopeId());
        return SIZE6;
    }

    private static void putHead(long address, int family, int port) {
        Memory.putShort(address, (short) family);
        Memory.putShort(address + 2, Short.reverseBytes((short) port));
    }

    private static int putForeign(long address, byte[] bytes) {
        Memory.putBytes(address, bytes);
        return bytes.length;
    }

    /** {@return an address; null for a null pointer}; {@code WSAEFAULT} if it is too short to be one. */
    static SocketAddress get(long address, int length) throws WinsockException {
        if (address == 0) {
            return null;
        }
        Pointers.range(address, length);
        if (length < Short.BYTES) {
            throw tooShort(length);
        }
        int family = Memory.getShort(address) & 0xFFFF;
        int needed = family == AddressFamily.AF_INET ? SIZE4 : family == AddressFamily.AF_INET6 ? SIZE6 : 0;
        if (length < needed) {
            throw tooShort(length);
        }
        return needed == 0
                ? new ForeignAddress(Memory.getBytes(address, Math.min(length, MOST)))
                : inet(address, family);
    }

    private static WinsockException tooShort(int length) {
        return new WinsockException(WsaError.WSAEFAULT, "an address of " + length + " bytes");
    }

    private static InetSocketAddress inet(long address, int family) throws WinsockException {
        int port = Short.toUnsignedInt(Short.reverseBytes(Memory.getShort(address + 2)));
        try {
            InetAddress ip = family == AddressFamily.AF_INET
                    ? InetAddress.getByAddress(Memory.getBytes(address + 4, 4))
                    : ip6(Memory.getBytes(address + 8, 16), Memory.getInt(address + 24));
            return new InetSocketAddress(ip, port);
        } catch (IOException e) {
            throw new WinsockException(WsaError.WSAEFAULT, "an address that is none", e);
        }
    }

    static InetAddress ip6(byte[] bytes, int scope) throws IOException {
        return scope > 0 ? Inet6Address.getByAddress(null, bytes, scope) : Inet6Address.getByAddress(null, bytes, -1);
    }

    /**
     * Writes an address where C has given room for one.
     *
     * @param address the room; may be null where nothing is wanted
     * @param lpLength points to its length, in and out
     * @param value the address
     * @throws WinsockException {@code WSAEFAULT} if it does not fit
     */
    static void putOut(long address, long lpLength, SocketAddress value) throws WinsockException {
        if (address == 0 || lpLength == 0) {
            return;
        }
        Pointers.required(address, 1);
        Pointers.required(lpLength, Integer.BYTES);
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            long cell = scratch.allocate(MOST);
            int length = put(cell, value);
            int room = Memory.getInt(lpLength);
            Memory.putInt(lpLength, length);
            if (room < length) {
                throw new WinsockException(WsaError.WSAEFAULT, "an address needs " + length + " bytes, not " + room);
            }
            Memory.copy(cell, address, length);
        } finally {
            scratch.release(mark);
        }
    }

    /** Refuses room that is too small for any address of IP before anything is done. */
    static void checkRoom(long address, long lpLength) throws WinsockException {
        if (address == 0 && lpLength == 0) {
            return;
        }
        Pointers.required(address, 1);
        Pointers.required(lpLength, Integer.BYTES);
        Pointers.range(address, Memory.getInt(lpLength));
        if (Memory.getInt(lpLength) < SIZE4) {
            throw tooShort(Memory.getInt(lpLength));
        }
    }
}
