package org.ws2j.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.Linger;
import org.ws2j.spi.Qos;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TcpKeepalive;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * Values of options and ioctls, as objects and as bytes. An object of another type than the value's becomes one byte, and what is
 * too short for the value becomes a {@code byte[]}: a wrong type on one side is a wrong length on the other, and the provider's
 * to refuse.
 */
final class Values {
    private static final int ADDRESS_ENTRY = 16;
    private static final int POLL_HEAD = 16;

    private final Session session;

    Values(Session session) {
        this.session = session;
    }

    /** Bytes in memory. */
    record Bytes(long address, int length) {
        static final Bytes NONE = new Bytes(0, 0);
    }

    /** Puts a value into memory. */
    Bytes put(ValueKind kind, Object value, LongUnaryOperator memory) throws WinsockException {
        if (value == null) {
            return Bytes.NONE;
        }
        return switch (kind) {
            case BOOL -> value instanceof Boolean ? plain(value, memory) : wrong(memory);
            case INT -> value instanceof Integer ? plain(value, memory) : wrong(memory);
            case BYTES -> plain(value, memory);
            case LINGER -> value instanceof Linger linger ? linger(linger, memory) : wrong(memory);
            case INFO, INFO_A -> value instanceof WsaProtocolInfo info ? info(kind, info, memory) : wrong(memory);
            case SOCKET -> value instanceof SocketHandle s
                    ? number(session.socketNumber(s), Long.BYTES, memory)
                    : wrong(memory);
            case INTERFACE4, INTERFACE6 -> value instanceof NetworkInterface nic
                    ? number(index(kind, nic), Integer.BYTES, memory)
                    : wrong(memory);
            case GROUP4, GROUP6 -> value instanceof IpMreq group ? group(kind, group, memory) : wrong(memory);
            case ADDRESS -> value instanceof SocketAddress address ? address(address, memory) : wrong(memory);
            case ADDRESSES -> value instanceof List<?> list ? addresses(list, memory) : wrong(memory);
            case GUID -> value instanceof UUID id ? guid(id, memory) : wrong(memory);
            case QOS -> value instanceof Qos qos ? qos(qos, memory) : wrong(memory);
            case KEEPALIVE -> value instanceof TcpKeepalive times ? keepalive(times, memory) : wrong(memory);
            case POLL -> value instanceof WsaPollData poll ? poll(poll, memory) : wrong(memory);
            case FUNCTION -> value instanceof Long function ? number(function, Long.BYTES, memory) : wrong(memory);
            case NONE -> wrong(memory);
            case IMPOSSIBLE -> throw impossible();
        };
    }

    private static WinsockException impossible() {
        return new WinsockException(WsaError.WSAEOPNOTSUPP, "such a value does not pass between C and Java");
    }

    private static Bytes wrong(LongUnaryOperator memory) {
        return new Bytes(memory.applyAsLong(8), 1);
    }

    private static Bytes plain(Object value, LongUnaryOperator memory) {
        if (value instanceof Boolean flag) {
            return number(flag ? 1 : 0, Integer.BYTES, memory);
        }
        if (value instanceof Integer n) {
            return number(n, Integer.BYTES, memory);
        }
        if (!(value instanceof byte[] bytes)) {
            return wrong(memory);
        }
        long address = memory.applyAsLong(bytes.length);
        Memory.putBytes(address, bytes);
        return new Bytes(address, bytes.length);
    }

    private static Bytes number(long value, int length, LongUnaryOperator memory) {
        long address = memory.applyAsLong(8);
        Memory.putLong(address, value);
        return new Bytes(address, length);
    }

    private static Bytes linger(Linger value, LongUnaryOperator memory) throws WinsockException {
        if (value.seconds() < 0 || value.seconds() > 0xFFFF) {
            throw new WinsockException(WsaError.WSAEINVAL, value.seconds() + " seconds do not fit into 16 bits");
        }
        return number((value.onoff() ? 1 : 0) | (long) value.seconds() << 16, Integer.BYTES, memory);
    }

    private static Bytes info(ValueKind kind, WsaProtocolInfo info, LongUnaryOperator memory) {
        int size = kind == ValueKind.INFO ? ProtocolInfos.SIZE : ProtocolInfos.SIZE_A;
        long address = memory.applyAsLong(size);
        if (kind == ValueKind.INFO) {
            ProtocolInfos.put(address, info);
        } else {
            ProtocolInfos.putA(address, info);
        }
        return new Bytes(address, size);
    }

    /** An interface of IPv4 goes by its index as an address of network 0, in network order. */
    private static int index(ValueKind kind, NetworkInterface nic) {
        return kind == ValueKind.INTERFACE6 ? nic.getIndex() : Integer.reverseBytes(nic.getIndex());
    }

    private static Bytes group(ValueKind kind, IpMreq value, LongUnaryOperator memory) {
        byte[] group = value.group() == null ? new byte[0] : value.group().getAddress();
        if (group.length != (kind == ValueKind.GROUP4 ? 4 : 16)) {
            return wrong(memory);
        }
        long address = memory.applyAsLong(24);
        Memory.putBytes(address, group);
        NetworkInterface nic = value.networkInterface();
        int index =
                nic == null ? 0 : index(kind == ValueKind.GROUP4 ? ValueKind.INTERFACE4 : ValueKind.INTERFACE6, nic);
        Memory.putInt(address + group.length, index);
        return new Bytes(address, group.length + Integer.BYTES);
    }

    private static Bytes address(SocketAddress value, LongUnaryOperator memory) {
        long address = memory.applyAsLong(Sockaddrs.MOST);
        return new Bytes(address, Sockaddrs.put(address, value));
    }

    private static Bytes addresses(List<?> list, LongUnaryOperator memory) {
        int head = 8 + ADDRESS_ENTRY * list.size();
        long address = memory.applyAsLong(head + (long) Sockaddrs.MOST * list.size());
        Memory.putInt(address, list.size());
        for (int i = 0; i < list.size(); i++) {
            long place = address + head + (long) Sockaddrs.MOST * i;
            int length = list.get(i) instanceof SocketAddress one ? Sockaddrs.put(place, one) : 0;
            Memory.putLong(address + 8 + (long) ADDRESS_ENTRY * i, place);
            Memory.putInt(address + 16 + (long) ADDRESS_ENTRY * i, length);
        }
        return new Bytes(address, head + Sockaddrs.MOST * list.size());
    }

    private static Bytes guid(UUID id, LongUnaryOperator memory) {
        long address = memory.applyAsLong(Guids.SIZE);
        Guids.put(address, id);
        return new Bytes(address, Guids.SIZE);
    }

    private static Bytes qos(Qos qos, LongUnaryOperator memory) {
        long address = memory.applyAsLong(Flows.SIZE);
        Flows.put(address, qos);
        return new Bytes(address, Flows.SIZE);
    }

    private static Bytes keepalive(TcpKeepalive times, LongUnaryOperator memory) {
        long address = memory.applyAsLong(16);
        Memory.putInt(address, times.onoff() ? 1 : 0);
        Memory.putInt(address + 4, times.keepAliveTimeMillis());
        Memory.putInt(address + 8, times.keepAliveIntervalMillis());
        return new Bytes(address, 12);
    }

    private Bytes poll(WsaPollData poll, LongUnaryOperator memory) {
        WsaPollFd[] fds = poll.fdArray();
        int length = POLL_HEAD + 16 * fds.length;
        long address = memory.applyAsLong(length);
        Memory.putInt(address, 0);
        Memory.putInt(address + 4, fds.length);
        Memory.putInt(address + 8, poll.timeoutMillis());
        for (int i = 0; i < fds.length; i++) {
            long place = address + POLL_HEAD + 16L * i;
            Memory.putLong(place, session.socketNumber(fds[i].fd()));
            Memory.putShort(place + 8, (short) fds[i].events());
            Memory.putShort(place + 10, (short) 0);
        }
        return new Bytes(address, length);
    }

    /** Takes the answer of a poll over into the object that asked. */
    void takeBack(Bytes bytes, WsaPollData poll) {
        WsaPollFd[] fds = poll.fdArray();
        for (int i = 0; i < fds.length; i++) {
            fds[i].revents(Memory.getShort(bytes.address() + POLL_HEAD + 16L * i + 10) & 0xFFFF);
        }
        poll.result(Memory.getInt(bytes.address()));
    }

    /** Gives C the answer of a poll. */
    void giveBack(long address, WsaPollData poll) {
        WsaPollFd[] fds = poll.fdArray();
        for (int i = 0; i < fds.length; i++) {
            Memory.putShort(address + POLL_HEAD + 16L * i + 10, (short) fds[i].revents());
        }
        Memory.putInt(address, poll.result());
    }

    /** Makes a value of bytes. */
    Object get(ValueKind kind, long address, int length) throws WinsockException {
        if (address == 0 || kind == ValueKind.NONE) {
            return null;
        }
        Pointers.range(address, length);
        if (length < least(kind)) {
            return Memory.getBytes(address, length);
        }
        return switch (kind) {
            case BOOL -> Memory.getInt(address) != 0;
            case INT -> Memory.getInt(address);
            case LINGER -> new Linger(Memory.getShort(address) != 0, Short.toUnsignedInt(Memory.getShort(address + 2)));
            case INFO -> ProtocolInfos.get(address);
            case INFO_A -> ProtocolInfos.getA(address);
            case SOCKET -> session.socket(Memory.getLong(address));
            case INTERFACE4, INTERFACE6 -> nic(kind, Memory.getInt(address));
            case GROUP4, GROUP6 -> group(kind, address);
            case ADDRESS -> Sockaddrs.get(address, length);
            case ADDRESSES -> addresses(address, length);
            case GUID -> Guids.get(address);
            case QOS -> Flows.get(address);
            case KEEPALIVE -> new TcpKeepalive(
                    Memory.getInt(address) != 0, Memory.getInt(address + 4), Memory.getInt(address + 8));
            case POLL -> poll(address, length);
            case FUNCTION -> Memory.getLong(address);
            case BYTES, NONE -> Memory.getBytes(address, length);
            case IMPOSSIBLE -> throw impossible();
        };
    }

    static int least(ValueKind kind) {
        return switch (kind) {
            case BOOL, INT, LINGER, INTERFACE4, INTERFACE6 -> Integer.BYTES;
            case INFO -> ProtocolInfos.SIZE;
            case INFO_A -> ProtocolInfos.SIZE_A;
            case SOCKET, ADDRESSES, GROUP4, FUNCTION -> Long.BYTES;
            case GROUP6 -> 20;
            case GUID, POLL -> 16;
            case QOS -> Flows.SIZE;
            case KEEPALIVE -> 12;
            case NONE, BYTES, ADDRESS, IMPOSSIBLE -> 0;
        };
    }

    private static NetworkInterface nic(ValueKind kind, int value) throws WinsockException {
        if (value == 0) {
            return null;
        }
        try {
            int index = kind == ValueKind.INTERFACE6 ? value : Integer.reverseBytes(value);
            boolean isIndex = kind == ValueKind.INTERFACE6 || (index >>> 24) == 0;
            return isIndex ? NetworkInterface.getByIndex(index) : NetworkInterface.getByInetAddress(ip4(value));
        } catch (IOException | IllegalArgumentException e) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, "no such interface", e);
        }
    }

    private static InetAddress ip4(int value) throws IOException {
        return InetAddress.getByAddress(
                new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)});
    }

    private static IpMreq group(ValueKind kind, long address) throws WinsockException {
        try {
            return kind == ValueKind.GROUP4
                    ? new IpMreq(ip4(Memory.getInt(address)), nic(ValueKind.INTERFACE4, Memory.getInt(address + 4)))
                    : new IpMreq(
                            Sockaddrs.ip6(Memory.getBytes(address, 16), 0),
                            nic(ValueKind.INTERFACE6, Memory.getInt(address + 16)));
        } catch (IOException e) {
            throw new WinsockException(WsaError.WSAEFAULT, "an address that is none", e);
        }
    }

    private static List<SocketAddress> addresses(long address, int length) throws WinsockException {
        int count = Memory.getInt(address);
        if (count < 0 || 8 + (long) ADDRESS_ENTRY * count > length) {
            throw new WinsockException(WsaError.WSAEFAULT, "a list of " + count + " addresses in " + length + " bytes");
        }
        List<SocketAddress> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long entry = address + 8 + (long) ADDRESS_ENTRY * i;
            list.add(Sockaddrs.get(Memory.getLong(entry), Memory.getInt(entry + 8)));
        }
        return list;
    }

    private WsaPollData poll(long address, int length) throws WinsockException {
        int count = Memory.getInt(address + 4);
        if (count < 0 || POLL_HEAD + 16L * count > length) {
            throw new WinsockException(WsaError.WSAEFAULT, "a poll of " + count + " sockets in " + length + " bytes");
        }
        WsaPollFd[] fds = new WsaPollFd[count];
        for (int i = 0; i < count; i++) {
            long place = address + POLL_HEAD + 16L * i;
            SocketHandle s = session.numbers().socket(Memory.getLong(place));
            fds[i] = new WsaPollFd(s, Memory.getShort(place + 8) & 0xFFFF);
        }
        return new WsaPollData(fds, Memory.getInt(address + 8));
    }

    /**
     * Puts a value where C has given room for it; pointers inside point behind it, into the same room.
     *
     * @param kind what the value is
     * @param value the value
     * @param room where to
     * @param length how much room there is
     * @return how much was needed
     * @throws WinsockException {@code WSAEFAULT} if it does not fit
     */
    int putOut(ValueKind kind, Object value, long room, int length) throws WinsockException {
        if (value == null) {
            return 0;
        }
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            Bytes bytes = put(kind, value, scratch::zeroed);
            if (length < bytes.length()) {
                throw new WinsockException(
                        WsaError.WSAEFAULT, "a value of " + bytes.length() + " bytes does not fit into " + length);
            }
            Memory.copy(bytes.address(), Pointers.range(room, length), bytes.length());
            if (kind == ValueKind.ADDRESSES) {
                relocate(room, room - bytes.address());
            }
            return bytes.length();
        } finally {
            scratch.release(mark);
        }
    }

    private static void relocate(long list, long distance) {
        for (int i = 0; i < Memory.getInt(list); i++) {
            long entry = list + 8 + (long) ADDRESS_ENTRY * i;
            Memory.putLong(entry, Memory.getLong(entry) + distance);
        }
    }
}
