package org.ws2j.spi;

/**
 * Ioctl codes. Behind each: the type of the input, and of the output value.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/winsock/winsock-ioctls">Winsock IOCTLs</a>
 */
public final class IoctlCode {
    /** In: {@link Boolean}. Makes the socket non-blocking or blocking. */
    public static final int FIONBIO = 0x8004667E;

    /** Out: {@link Integer}. The bytes that can be received at once. */
    public static final int FIONREAD = 0x4004667F;

    /** Out: {@link Boolean}. No urgent data is waiting. */
    public static final int SIOCATMARK = 0x40047307;

    /** In: companion handle. */
    public static final int SIO_ASSOCIATE_HANDLE = 0x88000001;

    /** Drop the oldest datagram rather than the newest. */
    public static final int SIO_ENABLE_CIRCULAR_QUEUEING = 0x28000002;

    /** In: {@link java.net.SocketAddress}. */
    public static final int SIO_FIND_ROUTE = 0x48000003;

    /** Discards what waits to be sent. */
    public static final int SIO_FLUSH = 0x28000004;

    /** Out: {@link java.net.SocketAddress}. */
    public static final int SIO_GET_BROADCAST_ADDRESS = 0x48000005;

    /** In: {@link java.util.UUID} of an {@link ExtensionFunction}. Out: the function, of the type that stands beside it. */
    public static final int SIO_GET_EXTENSION_FUNCTION_POINTER = 0xC8000006;

    /** Out: {@link Qos}. */
    public static final int SIO_GET_QOS = 0xC8000007;

    /** Out: {@link Qos}. */
    public static final int SIO_GET_GROUP_QOS = 0xC8000008;

    /** In: {@link Boolean}. */
    public static final int SIO_MULTIPOINT_LOOPBACK = 0x88000009;

    /** In: {@link Integer}. */
    public static final int SIO_MULTICAST_SCOPE = 0x8800000A;

    /** In: {@link Qos}. */
    public static final int SIO_SET_QOS = 0x8800000B;

    /** In: {@link Qos}. */
    public static final int SIO_SET_GROUP_QOS = 0x8800000C;

    /** In: {@link Integer}. Out: companion handle. */
    public static final int SIO_TRANSLATE_HANDLE = 0xC800000D;

    /** In: {@link java.net.SocketAddress}, the destination. Out: {@link java.net.SocketAddress}, the local address to it. */
    public static final int SIO_ROUTING_INTERFACE_QUERY = 0xC8000014;

    /** In: {@link java.net.SocketAddress}. Arms {@link NetworkEvent#FD_ROUTING_INTERFACE_CHANGE}. */
    public static final int SIO_ROUTING_INTERFACE_CHANGE = 0x88000015;

    /** Out: {@code List<SocketAddress>}. */
    public static final int SIO_ADDRESS_LIST_QUERY = 0x48000016;

    /** Arms {@link NetworkEvent#FD_ADDRESS_LIST_CHANGE}. */
    public static final int SIO_ADDRESS_LIST_CHANGE = 0x28000017;

    /** Out: {@link SocketHandle}. */
    public static final int SIO_QUERY_TARGET_PNP_HANDLE = 0x48000018;

    /** In and out: {@code List<SocketAddress>}. */
    public static final int SIO_ADDRESS_LIST_SORT = 0xC8000019;

    /** Out: {@link SocketHandle}. Asks who serves WSASendMsg. */
    public static final int SIO_BSP_HANDLE = 0x4800001B;

    /** Out: {@link SocketHandle}. Asks who serves select. */
    public static final int SIO_BSP_HANDLE_SELECT = 0x4800001C;

    /** Out: {@link SocketHandle}. Asks who serves WSAPoll. */
    public static final int SIO_BSP_HANDLE_POLL = 0x4800001D;

    /** In: {@link WsaSelectData}. How select comes back to a layer that claimed it. */
    public static final int SIO_EXT_SELECT = 0xC800001E;

    /** In: {@link WsaPollData}. How WSAPoll comes to a base provider, and back to a layer that claimed it. */
    public static final int SIO_EXT_POLL = 0xC800001F;

    /** In: {@link WsaSendMsgData}. How WSASendMsg comes back to a layer that claimed it. */
    public static final int SIO_EXT_SENDMSG = 0xC8000020;

    /** Out: {@link SocketHandle}. The base provider's handle; never intercepted by a layer. */
    public static final int SIO_BASE_HANDLE = 0x48000022;

    /** In: {@link TcpKeepalive}. */
    public static final int SIO_KEEPALIVE_VALS = 0x98000004;

    /** In: {@link Boolean}. Receives of datagrams fail with {@code WSAECONNRESET} where an earlier one sent met nobody; on at first. */
    public static final int SIO_UDP_CONNRESET = 0x9800000C;

    private IoctlCode() {}
}
