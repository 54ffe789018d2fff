package org.ws2j.spi;

/**
 * Levels and names of socket options. The type behind each name is that of the value which getsockopt and setsockopt exchange.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/winsock/socket-options">Socket options</a>
 */
public final class SocketOption {
    /** Level: options of any socket. */
    public static final int SOL_SOCKET = 0xFFFF;

    /** {@link Boolean}: debugging; may do nothing. */
    public static final int SO_DEBUG = 0x0001;

    /** {@link Boolean}: the socket listens. Read only. */
    public static final int SO_ACCEPTCONN = 0x0002;

    /** {@link Boolean}: the address may be in use; looked at by bind alone. */
    public static final int SO_REUSEADDR = 0x0004;

    /** {@link Boolean}: nobody else may use the address. */
    public static final int SO_EXCLUSIVEADDRUSE = ~SO_REUSEADDR;

    /** {@link Boolean}: probe idle connections. */
    public static final int SO_KEEPALIVE = 0x0008;

    /** {@link Boolean}: send without routing; may do nothing. */
    public static final int SO_DONTROUTE = 0x0010;

    /** {@link Boolean}: broadcast is allowed. */
    public static final int SO_BROADCAST = 0x0020;

    /** {@link Linger}: whether closing waits for unsent data. */
    public static final int SO_LINGER = 0x0080;

    /** {@link Boolean}: closing never waits; the opposite of SO_LINGER. */
    public static final int SO_DONTLINGER = ~SO_LINGER;

    /** {@link Boolean}: urgent data is received in line. */
    public static final int SO_OOBINLINE = 0x0100;

    /** {@link Integer}: bytes reserved for sending. */
    public static final int SO_SNDBUF = 0x1001;

    /** {@link Integer}: bytes reserved for receiving. */
    public static final int SO_RCVBUF = 0x1002;

    /** {@link Integer}: milliseconds after which a blocking send fails with {@code WSAETIMEDOUT}, 0 for never. */
    public static final int SO_SNDTIMEO = 0x1005;

    /** {@link Integer}: milliseconds after which a blocking receive fails with {@code WSAETIMEDOUT}, 0 for never. */
    public static final int SO_RCVTIMEO = 0x1006;

    /** {@link Integer}: the error of the socket; reading it clears it. Read only. */
    public static final int SO_ERROR = 0x1007;

    /** {@link Integer}: the {@link SocketType}. Read only. */
    public static final int SO_TYPE = 0x1008;

    /** {@link Integer}: reserved. */
    public static final int SO_GROUP_ID = 0x2001;

    /** {@link Integer}: reserved. */
    public static final int SO_GROUP_PRIORITY = 0x2002;

    /** {@link Integer}: the largest message, in bytes. Read only. */
    public static final int SO_MAX_MSG_SIZE = 0x2003;

    /** {@link WsaProtocolInfo}: the catalog entry of the socket. Read only. */
    public static final int SO_PROTOCOL_INFOA = 0x2004;

    /** {@link WsaProtocolInfo}: the catalog entry of the socket. Read only. */
    public static final int SO_PROTOCOL_INFOW = 0x2005;

    /** {@code byte[]}: the provider's own. */
    public static final int PVD_CONFIG = 0x3001;

    /** {@link Boolean}: connections are completed by accept alone. */
    public static final int SO_CONDITIONAL_ACCEPT = 0x3002;

    /** {@link Integer}: the kind of sockets that the thread's socket calls make, 0 for overlapped ones; kept by the host. */
    public static final int SO_OPENTYPE = 0x7008;

    /** {@link SocketHandle}: the listening socket, after AcceptEx. Write only. */
    public static final int SO_UPDATE_ACCEPT_CONTEXT = 0x700B;

    /** No value: after ConnectEx. Write only. */
    public static final int SO_UPDATE_CONNECT_CONTEXT = 0x7010;

    /** {@link Boolean}, level IPPROTO_TCP: send small segments at once. */
    public static final int TCP_NODELAY = 0x0001;

    /** {@link Integer}, level IPPROTO_TCP: seconds of idleness before the first probe. */
    public static final int TCP_KEEPIDLE = 3;

    /** {@link Integer}, level IPPROTO_TCP: how many probes. */
    public static final int TCP_KEEPCNT = 16;

    /** {@link Integer}, level IPPROTO_TCP: seconds between probes. */
    public static final int TCP_KEEPINTVL = 17;

    /** {@link Integer}, level IPPROTO_IP: type of service. */
    public static final int IP_TOS = 3;

    /** {@link Integer}, level IPPROTO_IP: time to live of unicast datagrams. */
    public static final int IP_TTL = 4;

    /** {@link java.net.NetworkInterface}, level IPPROTO_IP or IPPROTO_IPV6: where multicast leaves. */
    public static final int IP_MULTICAST_IF = 9;

    /** {@link Integer}, level IPPROTO_IP or IPPROTO_IPV6: hops of multicast datagrams. */
    public static final int IP_MULTICAST_TTL = 10;

    /** {@link Boolean}, level IPPROTO_IP or IPPROTO_IPV6: multicast returns to its sender's host. */
    public static final int IP_MULTICAST_LOOP = 11;

    /** {@link IpMreq}, level IPPROTO_IP or IPPROTO_IPV6: receive what is sent to a multicast group. Write only. */
    public static final int IP_ADD_MEMBERSHIP = 12;

    /** {@link IpMreq}, level IPPROTO_IP or IPPROTO_IPV6: the end of IP_ADD_MEMBERSHIP. Write only. */
    public static final int IP_DROP_MEMBERSHIP = 13;

    /** {@link Boolean}, level IPPROTO_IP or IPPROTO_IPV6: datagrams are not broken into fragments. */
    public static final int IP_DONTFRAGMENT = 14;

    /** {@link Boolean}, level IPPROTO_IPV6: no IPv4 addresses on the socket. */
    public static final int IPV6_V6ONLY = 27;

    /** {@link Integer}, level IPPROTO_IPV6: traffic class. */
    public static final int IPV6_TCLASS = 39;

    /**
     * {@link GroupSourceReq}, level IPPROTO_IP or IPPROTO_IPV6: a member of the group receives nothing of the source. Write only.
     */
    public static final int MCAST_BLOCK_SOURCE = 43;

    /** {@link GroupSourceReq}, level IPPROTO_IP or IPPROTO_IPV6: the end of MCAST_BLOCK_SOURCE. Write only. */
    public static final int MCAST_UNBLOCK_SOURCE = 44;

    /** {@link GroupSourceReq}, level IPPROTO_IP or IPPROTO_IPV6: receive what the source sends to the group. Write only. */
    public static final int MCAST_JOIN_SOURCE_GROUP = 45;

    /** {@link GroupSourceReq}, level IPPROTO_IP or IPPROTO_IPV6: the end of MCAST_JOIN_SOURCE_GROUP. Write only. */
    public static final int MCAST_LEAVE_SOURCE_GROUP = 46;

    private SocketOption() {}
}
