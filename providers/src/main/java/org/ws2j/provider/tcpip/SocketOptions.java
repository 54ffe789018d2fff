package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import org.ws2j.provider.address.Addresses;
import org.ws2j.spi.GroupSourceReq;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The options that the provider knows: one table from level and name to what reads and writes them. */
final class SocketOptions {
    private static final int MAX_LINGER_SECONDS = 65_535;

    private static final Set<Integer> LEVELS = Set.of(SocketOption.SOL_SOCKET, IpProtocol.IPPROTO_IP,
            IpProtocol.IPPROTO_TCP, IpProtocol.IPPROTO_UDP, IpProtocol.IPPROTO_IPV6);

    private record Name(int level, int name) {}

    @FunctionalInterface
    private interface Reader {
        Object read(TcpIpSocket socket) throws IOException;
    }

    @FunctionalInterface
    private interface Writer<T> {
        void write(TcpIpSocket socket, T value) throws IOException;
    }

    /** One option; without a writer it is read only. */
    private record Option<T>(Class<T> type, Reader reader, Writer<T> writer) {
        void write(TcpIpSocket socket, Object value) throws IOException {
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

    static Object get(TcpIpSocket socket, int level, int name) throws WinsockException {
        Option<?> option = find(level, name);
        socket.lockBoth();
        try {
            socket.checkOpen();
            Object value = option.reader().read(socket);
            if (value == null) {
                throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, "none was chosen");
            }
            return value;
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of("reading option " + level + "/" + name + " of " + socket, e);
        } finally {
            socket.unlockBoth();
        }
    }

    static void set(TcpIpSocket socket, int level, int name, Object value) throws WinsockException {
        Option<?> option = find(level, name);
        socket.lockBoth();
        try {
            socket.checkOpen();
            option.write(socket, value);
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of("setting option " + level + "/" + name + " of " + socket, e);
        } finally {
            socket.unlockBoth();
        }
    }

    private static Option<?> find(int level, int name) throws WinsockException {
        if (!LEVELS.contains(level)) {
            throw new WinsockException(WsaError.WSAEINVAL, "no such level of options: " + level);
        }
        Option<?> option = TABLE.get(new Name(level, name));
        if (option == null) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, "option " + name + " of level " + level);
        }
        return option;
    }

    private static Map<Name, Option<?>> table() {
        Map<Name, Option<?>> table = new HashMap<>();
        addOwn(table);
        addAddressing(table);
        addReadOnly(table);
        addChannels(table);
        if (ModuleLayer.boot().findModule("jdk.net").isPresent()) { // A program that is a module itself need not have it.
            addExtended(table);
        }
        return Map.copyOf(table);
    }

    /** What the provider does itself, or may do nothing about. */
    private static void addOwn(Map<Name, Option<?>> table) {
        own(table, SocketOption.SO_DEBUG, Boolean.class, o -> o.debug, (o, on) -> o.debug = on);
        own(table, SocketOption.SO_DONTROUTE, Boolean.class, o -> o.dontRoute, (o, on) -> o.dontRoute = on);
        socket(table, SocketOption.SO_OOBINLINE, Boolean.class, s -> s.options().inlineUrgent,
                (s, on) -> s.ownOptions().inlineUrgent(channel(s), on));
        socket(table, SocketOption.SO_CONDITIONAL_ACCEPT, Boolean.class, s -> false, SocketOptions::setConditional);
        own(table, SocketOption.SO_RCVTIMEO, Integer.class, o -> o.receiveTimeoutMillis,
                (o, millis) -> o.receiveTimeoutMillis = millis);
        own(table, SocketOption.SO_SNDTIMEO, Integer.class, o -> o.sendTimeoutMillis,
                (o, millis) -> o.sendTimeoutMillis = millis);
        own(table, SocketOption.SO_DONTLINGER, Boolean.class, o -> !o.linger().onoff(), OptionValues::dontLinger);
        socket(table, SocketOption.SO_LINGER, Linger.class, s -> s.options().linger(), SocketOptions::setLinger);
    }

    /** The system accepts what comes before any condition function can be asked. */
    private static void setConditional(TcpIpSocket socket, boolean on) throws WinsockException {
        if (on) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, "SO_CONDITIONAL_ACCEPT on " + socket);
        }
    }

    private static void setLinger(TcpIpSocket socket, Linger linger) throws WinsockException {
        if (linger.seconds() < 0 || linger.seconds() > MAX_LINGER_SECONDS) {
            throw new WinsockException(WsaError.WSAEINVAL, "lingering for " + linger.seconds() + " s");
        }
        socket.ownOptions().linger(linger);
    }

    /** The provider sets SO_REUSEADDR on channels for reasons of its own: what the client set is kept apart. */
    private static void addAddressing(Map<Name, Option<?>> table) {
        socket(table, SocketOption.SO_REUSEADDR, Boolean.class,
                s -> s.options().asSet(StandardSocketOptions.SO_REUSEADDR, false), (s, on) -> {
                    checkNotBoth(on && s.options().exclusiveAddress);
                    s.ownOptions().set(channel(s), StandardSocketOptions.SO_REUSEADDR, on);
                });
        socket(table, SocketOption.SO_EXCLUSIVEADDRUSE, Boolean.class, s -> s.options().exclusiveAddress, (s, on) -> {
            checkNotBoth(on && s.options().asSet(StandardSocketOptions.SO_REUSEADDR, false));
            s.ownOptions().exclusiveAddress = on;
        });
    }

    private static void checkNotBoth(boolean both) throws WinsockException {
        if (both) {
            throw new WinsockException(WsaError.WSAEINVAL, "SO_REUSEADDR and SO_EXCLUSIVEADDRUSE exclude each other");
        }
    }

    private static void addReadOnly(Map<Name, Option<?>> table) {
        socket(table, SocketOption.SO_ACCEPTCONN, Boolean.class, s -> s.state == SocketState.LISTENING, null);
        socket(table, SocketOption.SO_ERROR, Integer.class, TcpIpSocket::takeError, null);
        socket(table, SocketOption.SO_TYPE, Integer.class, s -> s.info.socketType(), null);
        socket(table, SocketOption.SO_GROUP_ID, Integer.class, s -> 0, null);
        socket(table, SocketOption.SO_GROUP_PRIORITY, Integer.class, s -> 0, null);
        socket(table, SocketOption.SO_PROTOCOL_INFOA, Object.class, s -> s.info, null);
        socket(table, SocketOption.SO_PROTOCOL_INFOW, Object.class, s -> s.info, null);
        socket(table, SocketOption.PVD_CONFIG, byte[].class, s -> new byte[0], null);
        socket(table, SocketOption.SO_MAX_MSG_SIZE, Integer.class, SocketOptions::maxMessage, null);
    }

    private static Object maxMessage(TcpIpSocket socket) throws WinsockException {
        if (socket instanceof UdpSocket udp) {
            return udp.maxMessage();
        }
        throw new WinsockException(WsaError.WSAENOPROTOOPT, "a stream has no messages");
    }

    /** What the channel does. */
    private static void addChannels(Map<Name, Option<?>> table) {
        channel(table, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE, false);
        channel(table, SocketOption.SOL_SOCKET, SocketOption.SO_BROADCAST, StandardSocketOptions.SO_BROADCAST, false);
        channel(table, SocketOption.SOL_SOCKET, SocketOption.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF, 0);
        channel(table, SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF, 0);
        channel(table, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY, StandardSocketOptions.TCP_NODELAY, null);
        channel(table, IpProtocol.IPPROTO_IP, SocketOption.IP_TOS, StandardSocketOptions.IP_TOS, null);
        channel(table, IpProtocol.IPPROTO_IPV6, SocketOption.IPV6_TCLASS, StandardSocketOptions.IP_TOS, null);
        for (int level : new int[] {IpProtocol.IPPROTO_IP, IpProtocol.IPPROTO_IPV6}) {
            channel(table, level, SocketOption.IP_MULTICAST_IF, StandardSocketOptions.IP_MULTICAST_IF, null);
            channel(table, level, SocketOption.IP_MULTICAST_TTL, StandardSocketOptions.IP_MULTICAST_TTL, null);
            channel(table, level, SocketOption.IP_MULTICAST_LOOP, StandardSocketOptions.IP_MULTICAST_LOOP, null);
        }
        addMemberships(table);
        table.put(new Name(IpProtocol.IPPROTO_IPV6, SocketOption.IPV6_V6ONLY),
                new Option<>(Boolean.class, s -> checkSix(s, false), (s, on) -> s.dualStack = !checkSix(s, on)));
    }

    /** What the channel does, of the module jdk.net. */
    private static void addExtended(Map<Name, Option<?>> table) {
        channel(table, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPIDLE, ExtendedSocketOptions.TCP_KEEPIDLE, null);
        channel(table, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPCNT, ExtendedSocketOptions.TCP_KEEPCOUNT, null);
        channel(table, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPINTVL, ExtendedSocketOptions.TCP_KEEPINTERVAL,
                null);
        for (int level : new int[] {IpProtocol.IPPROTO_IP, IpProtocol.IPPROTO_IPV6}) {
            channel(table, level, SocketOption.IP_DONTFRAGMENT, ExtendedSocketOptions.IP_DONTFRAGMENT, null);
        }
    }

    private static void addMemberships(Map<Name, Option<?>> table) {
        for (int level : new int[] {IpProtocol.IPPROTO_IP, IpProtocol.IPPROTO_IPV6}) {
            table.put(new Name(level, SocketOption.IP_ADD_MEMBERSHIP), new Option<>(IpMreq.class,
                    SocketOptions::writeOnly, (s, value) -> memberships(s, level, value.group()).add(value)));
            table.put(new Name(level, SocketOption.IP_DROP_MEMBERSHIP), new Option<>(IpMreq.class,
                    SocketOptions::writeOnly, (s, value) -> memberships(s, level, value.group()).drop(value)));
            source(table, level, SocketOption.MCAST_JOIN_SOURCE_GROUP, Memberships::add);
            source(table, level, SocketOption.MCAST_LEAVE_SOURCE_GROUP, Memberships::drop);
            source(table, level, SocketOption.MCAST_BLOCK_SOURCE, Memberships::block);
            source(table, level, SocketOption.MCAST_UNBLOCK_SOURCE, Memberships::unblock);
        }
    }

    @FunctionalInterface
    private interface SourceChange {
        void make(Memberships memberships, GroupSourceReq value) throws IOException;
    }

    private static void source(Map<Name, Option<?>> table, int level, int name, SourceChange change) {
        table.put(new Name(level, name), new Option<>(GroupSourceReq.class, SocketOptions::writeOnly,
                (s, value) -> change.make(memberships(s, level, value.group()), value)));
    }

    private static Object writeOnly(TcpIpSocket socket) throws WinsockException {
        throw new WinsockException(WsaError.WSAENOPROTOOPT, "the option of " + socket + " is write only");
    }

    private static Memberships memberships(TcpIpSocket socket, int level, InetAddress group) throws WinsockException {
        boolean six = Addresses.family(socket.info) == StandardProtocolFamily.INET6;
        boolean group6 = level == IpProtocol.IPPROTO_IPV6;
        boolean ofFamily = six == group6 || socket.dualStack;
        if (!ofFamily || !(socket instanceof UdpSocket udp)) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, "a membership of " + socket);
        }
        boolean fits = group != null && group instanceof Inet6Address == group6;
        if (!fits || !group.isMulticastAddress()) {
            throw new WinsockException(WsaError.WSAEINVAL, group + " is no multicast group for " + socket);
        }
        return udp.memberships();
    }

    /**
     * The JDK makes every IPv6 socket one for both families, and offers no way to change that. IPv4 addresses are taken from a
     * client that has said by this option that it knows.
     */
    private static boolean checkSix(TcpIpSocket socket, boolean only) throws WinsockException {
        if (only || Addresses.family(socket.info) != StandardProtocolFamily.INET6) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, "IPV6_V6ONLY on " + socket);
        }
        return false;
    }

    private static <T> void own(Map<Name, Option<?>> table, int name, Class<T> type,
            Function<OptionValues, T> reader, BiConsumer<OptionValues, T> writer) {
        socket(table, name, type, s -> reader.apply(s.options()), (s, value) -> writer.accept(s.ownOptions(), value));
    }

    private static <T> void socket(Map<Name, Option<?>> table, int name, Class<T> type, Reader reader,
            Writer<T> writer) {
        table.put(new Name(SocketOption.SOL_SOCKET, name), new Option<>(type, reader, writer));
    }

    /**
     * An option of channels. One of SOL_SOCKET is kept for sockets whose channel has no such thing; others exist only where
     * the channel of the socket's type has them.
     */
    private static <T> void channel(Map<Name, Option<?>> table, int level, int name, java.net.SocketOption<T> option,
            T otherwise) {
        table.put(new Name(level, name), new Option<>(option.type(), s -> {
            checkSupported(s, level, option);
            return s.options().get(channel(s), option, otherwise);
        }, (s, value) -> {
            checkSupported(s, level, option);
            s.ownOptions().set(channel(s), option, value);
        }));
    }

    private static void checkSupported(TcpIpSocket socket, int level, java.net.SocketOption<?> option)
            throws WinsockException {
        boolean six = Addresses.family(socket.info) == StandardProtocolFamily.INET6;
        boolean ofFamily = six ? level != IpProtocol.IPPROTO_IP : level != IpProtocol.IPPROTO_IPV6;
        boolean ofType = level == SocketOption.SOL_SOCKET || channel(socket).supportedOptions().contains(option)
                || socket.options().asSet(option, null) != null;
        if (!ofFamily || !ofType) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, option.name() + " on " + socket);
        }
    }

    private static NetworkChannel channel(TcpIpSocket socket) {
        return (NetworkChannel) socket.channel();
    }
}
