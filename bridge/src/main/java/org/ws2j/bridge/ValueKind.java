package org.ws2j.bridge;

import java.util.Map;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketOption;

/** What the value of an option, the input or the output of an ioctl is in C. */
enum ValueKind {
    /** No value at all. */
    NONE,
    /** A 32-bit integer, 0 for false. */
    BOOL,
    INT,
    LINGER,
    /** WSAPROTOCOL_INFOW. */
    INFO,
    /** WSAPROTOCOL_INFOA. */
    INFO_A,
    SOCKET,
    /** An interface of IPv4: one of its addresses, or its index as an address of network 0. */
    INTERFACE4,
    /** The index of an interface. */
    INTERFACE6,
    GROUP4,
    GROUP6,
    ADDRESS,
    ADDRESSES,
    GUID,
    QOS,
    KEEPALIVE,
    /** WSAPOLLDATA. */
    POLL,
    /** The address of a function. */
    FUNCTION,
    /** Whatever bytes come. */
    BYTES,
    /** What cannot pass the border. */
    IMPOSSIBLE;

    /** The input and the output of an ioctl. */
    record Ioctl(ValueKind in, ValueKind out) {}

    private static final Map<Integer, ValueKind> SOCKET_OPTIONS = Map.ofEntries(
            Map.entry(SocketOption.SO_LINGER, LINGER),
            Map.entry(SocketOption.SO_DEBUG, BOOL),
            Map.entry(SocketOption.SO_ACCEPTCONN, BOOL),
            Map.entry(SocketOption.SO_REUSEADDR, BOOL),
            Map.entry(SocketOption.SO_EXCLUSIVEADDRUSE, BOOL),
            Map.entry(SocketOption.SO_KEEPALIVE, BOOL),
            Map.entry(SocketOption.SO_DONTROUTE, BOOL),
            Map.entry(SocketOption.SO_BROADCAST, BOOL),
            Map.entry(SocketOption.SO_DONTLINGER, BOOL),
            Map.entry(SocketOption.SO_OOBINLINE, BOOL),
            Map.entry(SocketOption.SO_CONDITIONAL_ACCEPT, BOOL),
            Map.entry(SocketOption.SO_SNDBUF, INT),
            Map.entry(SocketOption.SO_RCVBUF, INT),
            Map.entry(SocketOption.SO_SNDTIMEO, INT),
            Map.entry(SocketOption.SO_RCVTIMEO, INT),
            Map.entry(SocketOption.SO_ERROR, INT),
            Map.entry(SocketOption.SO_TYPE, INT),
            Map.entry(SocketOption.SO_GROUP_ID, INT),
            Map.entry(SocketOption.SO_GROUP_PRIORITY, INT),
            Map.entry(SocketOption.SO_MAX_MSG_SIZE, INT),
            Map.entry(SocketOption.SO_OPENTYPE, INT),
            Map.entry(SocketOption.SO_PROTOCOL_INFOA, INFO_A),
            Map.entry(SocketOption.SO_PROTOCOL_INFOW, INFO),
            Map.entry(SocketOption.SO_UPDATE_ACCEPT_CONTEXT, SOCKET),
            Map.entry(SocketOption.SO_UPDATE_CONNECT_CONTEXT, NONE));

    private static final Map<Integer, ValueKind> IP_OPTIONS = Map.of(
            SocketOption.IP_TOS, INT,
            SocketOption.IP_TTL, INT,
            SocketOption.IP_MULTICAST_IF, INTERFACE4,
            SocketOption.IP_MULTICAST_TTL, INT,
            SocketOption.IP_MULTICAST_LOOP, BOOL,
            SocketOption.IP_ADD_MEMBERSHIP, GROUP4,
            SocketOption.IP_DROP_MEMBERSHIP, GROUP4,
            SocketOption.IP_DONTFRAGMENT, BOOL);

    private static final Map<Integer, ValueKind> IPV6_OPTIONS = Map.of(
            SocketOption.IPV6_V6ONLY, BOOL,
            SocketOption.IPV6_TCLASS, INT,
            SocketOption.IP_MULTICAST_IF, INTERFACE6,
            SocketOption.IP_MULTICAST_TTL, INT,
            SocketOption.IP_MULTICAST_LOOP, BOOL,
            SocketOption.IP_ADD_MEMBERSHIP, GROUP6,
            SocketOption.IP_DROP_MEMBERSHIP, GROUP6,
            SocketOption.IP_DONTFRAGMENT, BOOL);

    private static final Map<Integer, ValueKind> TCP_OPTIONS = Map.of(
            SocketOption.TCP_NODELAY, BOOL,
            SocketOption.TCP_KEEPIDLE, INT,
            SocketOption.TCP_KEEPCNT, INT,
            SocketOption.TCP_KEEPINTVL, INT);

    private static final Map<Integer, Ioctl> IOCTLS = Map.ofEntries(
            Map.entry(IoctlCode.FIONBIO, new Ioctl(BOOL, NONE)),
            Map.entry(IoctlCode.FIONREAD, new Ioctl(NONE, INT)),
            Map.entry(IoctlCode.SIOCATMARK, new Ioctl(NONE, BOOL)),
            Map.entry(IoctlCode.SIO_ENABLE_CIRCULAR_QUEUEING, new Ioctl(NONE, NONE)),
            Map.entry(IoctlCode.SIO_FLUSH, new Ioctl(NONE, NONE)),
            Map.entry(IoctlCode.SIO_FIND_ROUTE, new Ioctl(ADDRESS, NONE)),
            Map.entry(IoctlCode.SIO_GET_BROADCAST_ADDRESS, new Ioctl(NONE, ADDRESS)),
            Map.entry(IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, new Ioctl(GUID, FUNCTION)),
            Map.entry(IoctlCode.SIO_GET_QOS, new Ioctl(NONE, QOS)),
            Map.entry(IoctlCode.SIO_GET_GROUP_QOS, new Ioctl(NONE, QOS)),
            Map.entry(IoctlCode.SIO_SET_QOS, new Ioctl(QOS, NONE)),
            Map.entry(IoctlCode.SIO_SET_GROUP_QOS, new Ioctl(QOS, NONE)),
            Map.entry(IoctlCode.SIO_MULTIPOINT_LOOPBACK, new Ioctl(BOOL, NONE)),
            Map.entry(IoctlCode.SIO_MULTICAST_SCOPE, new Ioctl(INT, NONE)),
            Map.entry(IoctlCode.SIO_TRANSLATE_HANDLE, new Ioctl(INT, SOCKET)),
            Map.entry(IoctlCode.SIO_ASSOCIATE_HANDLE, new Ioctl(SOCKET, NONE)),
            Map.entry(IoctlCode.SIO_ROUTING_INTERFACE_QUERY, new Ioctl(ADDRESS, ADDRESS)),
            Map.entry(IoctlCode.SIO_ROUTING_INTERFACE_CHANGE, new Ioctl(ADDRESS, NONE)),
            Map.entry(IoctlCode.SIO_ADDRESS_LIST_QUERY, new Ioctl(NONE, ADDRESSES)),
            Map.entry(IoctlCode.SIO_ADDRESS_LIST_CHANGE, new Ioctl(NONE, NONE)),
            Map.entry(IoctlCode.SIO_ADDRESS_LIST_SORT, new Ioctl(ADDRESSES, ADDRESSES)),
            Map.entry(IoctlCode.SIO_QUERY_TARGET_PNP_HANDLE, new Ioctl(NONE, SOCKET)),
            Map.entry(IoctlCode.SIO_BSP_HANDLE, new Ioctl(NONE, SOCKET)),
            Map.entry(IoctlCode.SIO_BSP_HANDLE_SELECT, new Ioctl(NONE, SOCKET)),
            Map.entry(IoctlCode.SIO_BSP_HANDLE_POLL, new Ioctl(NONE, SOCKET)),
            Map.entry(IoctlCode.SIO_BASE_HANDLE, new Ioctl(NONE, SOCKET)),
            Map.entry(IoctlCode.SIO_EXT_POLL, new Ioctl(POLL, NONE)),
            Map.entry(IoctlCode.SIO_EXT_SELECT, new Ioctl(IMPOSSIBLE, NONE)),
            Map.entry(IoctlCode.SIO_EXT_SENDMSG, new Ioctl(IMPOSSIBLE, NONE)),
            Map.entry(IoctlCode.SIO_KEEPALIVE_VALS, new Ioctl(KEEPALIVE, NONE)),
            Map.entry(IoctlCode.SIO_UDP_CONNRESET, new Ioctl(BOOL, NONE)));

    private static final Ioctl UNKNOWN = new Ioctl(BYTES, BYTES);

    static ValueKind ofOption(int level, int optname) {
        Map<Integer, ValueKind> options = switch (level) {
            case SocketOption.SOL_SOCKET -> SOCKET_OPTIONS;
            case IpProtocol.IPPROTO_IP -> IP_OPTIONS;
            case IpProtocol.IPPROTO_IPV6 -> IPV6_OPTIONS;
            case IpProtocol.IPPROTO_TCP -> TCP_OPTIONS;
            default -> Map.of();
        };
        return options.getOrDefault(optname, BYTES);
    }

    static Ioctl ofIoctl(int code) {
        return IOCTLS.getOrDefault(code, UNKNOWN);
    }
}
