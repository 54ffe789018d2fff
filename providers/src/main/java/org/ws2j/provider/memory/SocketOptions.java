package org.ws2j.provider.memory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.ws2j.provider.address.Addresses;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The options that the provider knows: one table from level and name to what reads and writes them. */
final class SocketOptions {
    private static final int MAX_LINGER_SECONDS = 65_535;
    private static final int TTL = 128;
    private static final int KEEP_IDLE_SECONDS = 7_200;
    private static final int KEEP_PROBES = 10;

    private static final Set<Integer> LEVELS = Set.of(SocketOption.SOL_SOCKET, IpProtocol.IPPROTO_IP,
            IpProtocol.IPPROTO_TCP, IpProtocol.IPPROTO_UDP, IpProtocol.IPPROTO_IPV6);

    private static final Predicate<MemorySocket> STREAM = StreamSocket.class::isInstance;
    private static final Predicate<MemorySocket> DATAGRAM = DatagramSocket.class::isInstance;

    record Name(int level, int name) {}

    @FunctionalInterface
    private interface Writer<T> {
        void write(MemorySocket socket, T value) throws WinsockException;
    }

    /** One option, and which sockets have it; without a writer it is read only, without a reader write only. */
    private record Option<T>(Class<T> type, Predicate<MemorySocket> has, Function<MemorySocket, Object> reader,
            Writer<T> writer) {
        void write(MemorySocket socket, Object value) throws WinsockException {
            if (writer == null) {
                throw new WinsockException(WsaError.WSAENOPROTOOPT, "the option is read only");
            }
            if (!type.isInstance(value)) {
                throw new WinsockException(WsaError.WSAEFAULT, "a value of " + type.getSimpleName() + " is needed");
            }
            writer.write(socket, type.cast(value));
        }
    }

    private static final Map<Name, Option<?>> TABLE = table();

    private SocketOptions() {}

    static Object get(MemorySocket socket, int level, int name) throws WinsockException {
        Option<?> option = find(socket, level, name);
        if (option.reader() == null) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, "the option is write only");
        }
        Object value = option.reader().apply(socket);
        if (value == null) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, "none was chosen");
        }
        return value;
    }

    static void set(MemorySocket socket, int level, int name, Object value) throws WinsockException {
        find(socket, level, name).write(socket, value);
    }

    private static Option<?> find(MemorySocket socket, int level, int name) throws WinsockException {
        if (!LEVELS.contains(level)) {
            throw new WinsockException(WsaError.WSAEINVAL, "no such level of options: " + level);
        }
        Option<?> option = TABLE.get(new Name(level, name));
        if (option == null || !option.has().test(socket)) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT,
                    "option " + name + " of level " + level + " on " + socket);
        }
        return option;
    }

    private static Map<Name, Option<?>> table() {
        Map<Name, Option<?>> table = new HashMap<>();
        addOwn(table);
        addUrgent(table);
        addAddressing(table);
        addLinger(table);
        addReadOnly(table);
        addKept(table);
        addMemberships(table);
        return Map.copyOf(table);
    }

    private static void addOwn(Map<Name, Option<?>> table) {
        own(table, SocketOption.SO_RCVTIMEO, Integer.class, OptionValues::receiveTimeoutMillis,
                OptionValues::receiveTimeoutMillis);
        own(table, SocketOption.SO_SNDTIMEO, Integer.class, OptionValues::sendTimeoutMillis,
                OptionValues::sendTimeoutMillis);
        table.put(new Name(SocketOption.SOL_SOCKET, SocketOption.SO_CONDITIONAL_ACCEPT),
                new Option<>(Boolean.class, STREAM,
                        s -> s.options.conditionalAccept(), (s, on) -> s.options.conditionalAccept(on)));
        own(table, SocketOption.SO_BROADCAST, Boolean.class, OptionValues::broadcast, OptionValues::broadcast);
        socket(table, SocketOption.SO_RCVBUF, Integer.class, s -> s.options.receiveBuffer(), (s, bytes) -> {
            s.options.receiveBuffer(checkSize(bytes));
            resized(s);
        });
        socket(table, SocketOption.SO_SNDBUF, Integer.class, s -> s.options.sendBuffer(), (s, bytes) -> {
            s.options.sendBuffer(checkSize(bytes));
            resized(s);
        });
        for (int level : new int[] {IpProtocol.IPPROTO_IP, IpProtocol.IPPROTO_IPV6}) {
            table.put(new Name(level, SocketOption.IP_MULTICAST_LOOP), new Option<>(Boolean.class,
                    DATAGRAM.and(ofFamily(level)), s -> s.options.multicastLoop(),
                    (s, on) -> s.options.multicastLoop(on)));
        }
    }

    private static void addUrgent(Map<Name, Option<?>> table) {
        socket(table, SocketOption.SO_OOBINLINE, Boolean.class, s -> s.options.urgentInLine(), (s, on) -> {
            s.options.urgentInLine(on);
            if (s instanceof StreamSocket stream) {
                stream.inLineChanged();
            }
        });
    }

    private static int checkSize(int bytes) throws WinsockException {
        if (bytes < 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "a buffer of " + bytes + " bytes");
        }
        return bytes;
    }

    private static void resized(MemorySocket socket) {
        if (socket instanceof StreamSocket stream) {
            stream.resized();
        }
    }

    private static void addAddressing(Map<Name, Option<?>> table) {
        socket(table, SocketOption.SO_REUSEADDR, Boolean.class, s -> s.options.reuseAddress(), (s, on) -> {
            checkNotBoth(on && s.options.exclusiveAddress());
            s.options.reuseAddress(on);
        });
        socket(table, SocketOption.SO_EXCLUSIVEADDRUSE, Boolean.class, s -> s.options.exclusiveAddress(), (s, on) -> {
            checkNotBoth(on && s.options.reuseAddress());
            s.options.exclusiveAddress(on);
        });
    }

    private static void checkNotBoth(boolean both) throws WinsockException {
        if (both) {
            throw new WinsockException(WsaError.WSAEINVAL, "SO_REUSEADDR and SO_EXCLUSIVEADDRUSE exclude each other");
        }
    }

    private static void addLinger(Map<Name, Option<?>> table) {
        own(table, SocketOption.SO_DONTLINGER, Boolean.class, o -> !o.linger().onoff(), OptionValues::dontLinger);
        socket(table, SocketOption.SO_LINGER, Linger.class, s -> s.options.linger(), (s, linger) -> {
            if (linger.seconds() < 0 || linger.seconds() > MAX_LINGER_SECONDS) {
                throw new WinsockException(WsaError.WSAEINVAL, "lingering for " + linger.seconds() + " s");
            }
            s.options.linger(linger);
        });
    }

    private static void addReadOnly(Map<Name, Option<?>> table) {
        socket(table, SocketOption.SO_ACCEPTCONN, Boolean.class, s -> s.state == SocketState.LISTENING, null);
        socket(table, SocketOption.SO_ERROR, Integer.class, MemorySocket::takeError, null);
        socket(table, SocketOption.SO_TYPE, Integer.class, s -> s.info.socketType(), null);
        socket(table, SocketOption.SO_GROUP_ID, Integer.class, s -> 0, null);
        socket(table, SocketOption.SO_GROUP_PRIORITY, Integer.class, s -> 0, null);
        socket(table, SocketOption.SO_PROTOCOL_INFOA, Object.class, s -> s.info, null);
        socket(table, SocketOption.SO_PROTOCOL_INFOW, Object.class, s -> s.info, null);
        socket(table, SocketOption.PVD_CONFIG, byte[].class, s -> new byte[0], null);
        table.put(new Name(SocketOption.SOL_SOCKET, SocketOption.SO_MAX_MSG_SIZE),
                new Option<>(Integer.class, DATAGRAM, s -> MemoryProtocols.MAX_DATAGRAM, null));
    }

    /** What a network without wires has no use for. */
    private static void addKept(Map<Name, Option<?>> table) {
        Predicate<MemorySocket> all = s -> true;
        kept(table, SocketOption.SOL_SOCKET, SocketOption.SO_DEBUG, all, false);
        kept(table, SocketOption.SOL_SOCKET, SocketOption.SO_DONTROUTE, all, false);
        kept(table, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE, all, false);
        kept(table, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY, STREAM, false);
        kept(table, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPIDLE, STREAM, KEEP_IDLE_SECONDS);
        kept(table, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPCNT, STREAM, KEEP_PROBES);
        kept(table, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPINTVL, STREAM, 1);
        kept(table, IpProtocol.IPPROTO_IP, SocketOption.IP_TOS, ofFamily(IpProtocol.IPPROTO_IP), 0);
        kept(table, IpProtocol.IPPROTO_IP, SocketOption.IP_TTL, ofFamily(IpProtocol.IPPROTO_IP), TTL);
        kept(table, IpProtocol.IPPROTO_IPV6, SocketOption.IPV6_TCLASS, ofFamily(IpProtocol.IPPROTO_IPV6), 0);
        for (int level : new int[] {IpProtocol.IPPROTO_IP, IpProtocol.IPPROTO_IPV6}) {
            kept(table, level, SocketOption.IP_DONTFRAGMENT, DATAGRAM.and(ofFamily(level)), false);
            kept(table, level, SocketOption.IP_MULTICAST_TTL, DATAGRAM.and(ofFamily(level)), 1);
            Name where = new Name(level, SocketOption.IP_MULTICAST_IF);
            table.put(where, new Option<>(NetworkInterface.class, DATAGRAM.and(ofFamily(level)),
                    s -> s.options.kept(where, null), (s, value) -> s.options.keep(where, value)));
        }
        table.put(new Name(IpProtocol.IPPROTO_IPV6, SocketOption.IPV6_V6ONLY), new Option<>(Boolean.class,
                ofFamily(IpProtocol.IPPROTO_IPV6), s -> true, (s, on) -> checkApart(on)));
    }

    /** Every address is local, and no group is behind one interface alone. */
    private static void addMemberships(Map<Name, Option<?>> table) {
        for (int level : new int[] {IpProtocol.IPPROTO_IP, IpProtocol.IPPROTO_IPV6}) {
            Predicate<MemorySocket> has = DATAGRAM.and(ofFamily(level));
            table.put(new Name(level, SocketOption.IP_ADD_MEMBERSHIP), new Option<>(IpMreq.class, has, null,
                    (s, value) -> ((DatagramSocket) s).addMembership(group(s, value))));
            table.put(new Name(level, SocketOption.IP_DROP_MEMBERSHIP), new Option<>(IpMreq.class, has, null,
                    (s, value) -> ((DatagramSocket) s).dropMembership(group(s, value))));
        }
    }

    private static InetAddress group(MemorySocket socket, IpMreq value) throws WinsockException {
        if (value.group() == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no group");
        }
        Addresses.check(new InetSocketAddress(value.group(), 0), socket.info, WsaError.WSAEINVAL);
        if (!value.group().isMulticastAddress()) {
            throw new WinsockException(WsaError.WSAEINVAL, value.group() + " is no multicast group");
        }
        return value.group();
    }

    private static void checkApart(boolean apart) throws WinsockException {
        if (!apart) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, "IPv4 and IPv6 are apart here");
        }
    }

    private static Predicate<MemorySocket> ofFamily(int level) {
        int family = level == IpProtocol.IPPROTO_IPV6 ? AddressFamily.AF_INET6 : AddressFamily.AF_INET;
        return s -> s.info.addressFamily() == family;
    }

    private static <T> void own(Map<Name, Option<?>> table, int name, Class<T> type,
            Function<OptionValues, T> reader, BiConsumer<OptionValues, T> writer) {
        socket(table, name, type, s -> reader.apply(s.options), (s, value) -> writer.accept(s.options, value));
    }

    private static <T> void socket(Map<Name, Option<?>> table, int name, Class<T> type,
            Function<MemorySocket, Object> reader, Writer<T> writer) {
        table.put(new Name(SocketOption.SOL_SOCKET, name), new Option<>(type, s -> true, reader, writer));
    }

    private static void kept(Map<Name, Option<?>> table, int level, int number, Predicate<MemorySocket> has,
            Object initial) {
        Name name = new Name(level, number);
        table.put(name, new Option<>(initial.getClass(), has, s -> s.options.kept(name, initial),
                (s, value) -> s.options.keep(name, value)));
    }
}
