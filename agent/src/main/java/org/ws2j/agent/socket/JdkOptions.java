package org.ws2j.agent.socket;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * The JDK's socket options as Winsock's: one table. What Winsock has no name for goes to the channel of the operating system.
 */
final class JdkOptions {
    private static final int MAX_LINGER_SECONDS = 65_535;

    /** The JDK's text for an option of its own that has no constant. */
    private static final String OUT_OF_BAND_INLINE = "SO_OOBINLINE";

    /** Where an option lies: on sockets of IPv4 and of IPv6; and what its values are there. */
    private record Row(int level4, int name4, int level6, int name6, Function<Object, Object> down,
            Function<Object, Object> up) {
        int level(AgentSocket socket) {
            return socket.isSix() ? level6 : level4;
        }

        int name(AgentSocket socket) {
            return socket.isSix() ? name6 : name4;
        }
    }

    private static final Map<SocketOption<?>, Row> TABLE = table();

    private static final Row OUT_OF_BAND = socket(org.ws2j.spi.SocketOption.SO_OOBINLINE);

    private JdkOptions() {}

    private static Map<SocketOption<?>, Row> table() {
        Map<SocketOption<?>, Row> table = new HashMap<>();
        table.put(StandardSocketOptions.SO_BROADCAST, socket(org.ws2j.spi.SocketOption.SO_BROADCAST));
        table.put(StandardSocketOptions.SO_KEEPALIVE, socket(org.ws2j.spi.SocketOption.SO_KEEPALIVE));
        table.put(StandardSocketOptions.SO_SNDBUF, socket(org.ws2j.spi.SocketOption.SO_SNDBUF));
        table.put(StandardSocketOptions.SO_RCVBUF, socket(org.ws2j.spi.SocketOption.SO_RCVBUF));
        table.put(StandardSocketOptions.SO_REUSEADDR, socket(org.ws2j.spi.SocketOption.SO_REUSEADDR));
        table.put(StandardSocketOptions.SO_LINGER, linger());
        table.put(StandardSocketOptions.TCP_NODELAY, tcp(org.ws2j.spi.SocketOption.TCP_NODELAY));
        table.put(StandardSocketOptions.IP_TOS,
                ip(org.ws2j.spi.SocketOption.IP_TOS, org.ws2j.spi.SocketOption.IPV6_TCLASS));
        table.put(StandardSocketOptions.IP_MULTICAST_IF, ip(org.ws2j.spi.SocketOption.IP_MULTICAST_IF));
        table.put(StandardSocketOptions.IP_MULTICAST_TTL, ip(org.ws2j.spi.SocketOption.IP_MULTICAST_TTL));
        table.put(StandardSocketOptions.IP_MULTICAST_LOOP, ip(org.ws2j.spi.SocketOption.IP_MULTICAST_LOOP));
        if (ModuleLayer.boot().findModule("jdk.net").isPresent()) { // A program that is a module itself need not have it.
            table.put(ExtendedSocketOptions.TCP_KEEPIDLE, tcp(org.ws2j.spi.SocketOption.TCP_KEEPIDLE));
            table.put(ExtendedSocketOptions.TCP_KEEPCOUNT, tcp(org.ws2j.spi.SocketOption.TCP_KEEPCNT));
            table.put(ExtendedSocketOptions.TCP_KEEPINTERVAL, tcp(org.ws2j.spi.SocketOption.TCP_KEEPINTVL));
            table.put(ExtendedSocketOptions.IP_DONTFRAGMENT, ip(org.ws2j.spi.SocketOption.IP_DONTFRAGMENT));
        }
        return table;
    }

    private static Row plain(int level4, int name4, int level6, int name6) {
        return new Row(level4, name4, level6, name6, Function.identity(), Function.identity());
    }

    private static Row socket(int name) {
        return plain(org.ws2j.spi.SocketOption.SOL_SOCKET, name, org.ws2j.spi.SocketOption.SOL_SOCKET, name);
    }

    private static Row tcp(int name) {
        return plain(IpProtocol.IPPROTO_TCP, name, IpProtocol.IPPROTO_TCP, name);
    }

    private static Row ip(int name) {
        return ip(name, name);
    }

    private static Row ip(int name4, int name6) {
        return plain(IpProtocol.IPPROTO_IP, name4, IpProtocol.IPPROTO_IPV6, name6);
    }

    private static Row linger() {
        int level = org.ws2j.spi.SocketOption.SOL_SOCKET;
        int name = org.ws2j.spi.SocketOption.SO_LINGER;
        return new Row(level, name, level, name, JdkOptions::lingerDown, JdkOptions::lingerUp);
    }

    private static Object lingerDown(Object seconds) {
        int wanted = (int) seconds;
        return wanted < 0 ? Linger.OFF : new Linger(true, Math.min(wanted, MAX_LINGER_SECONDS));
    }

    private static Object lingerUp(Object linger) {
        return ((Linger) linger).onoff() ? ((Linger) linger).seconds() : -1;
    }

    private static Row row(SocketOption<?> option) {
        return OUT_OF_BAND_INLINE.equals(option.name()) ? OUT_OF_BAND : TABLE.get(option);
    }

    static <T> void set(AgentSocket socket, SocketOption<T> option, T value) throws IOException {
        Row row = row(option);
        if (row == null) {
            socket.file().setOption(option, value);
        } else {
            socket.setOption(row.level(socket), row.name(socket), row.down().apply(value));
        }
    }

    static <T> T get(AgentSocket socket, SocketOption<T> option) throws IOException {
        Row row = row(option);
        if (row == null) {
            return socket.file().getOption(option);
        }
        try {
            Object value = socket.getOption(row.level(socket), row.name(socket));
            return option.type().cast(row.up().apply(value));
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAEADDRNOTAVAIL) && option == StandardSocketOptions.IP_MULTICAST_IF) {
                return null; // None was chosen.
            }
            throw e;
        }
    }
}
