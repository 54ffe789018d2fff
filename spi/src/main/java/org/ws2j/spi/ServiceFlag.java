package org.ws2j.spi;

/**
 * The bits of {@link WsaProtocolInfo#serviceFlags1()}: what a protocol offers.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/ns-winsock2-wsaprotocol_infow">WSAPROTOCOL_INFOW</a>
 */
public final class ServiceFlag {
    /** Datagrams; without it the protocol is connection-oriented. */
    public static final int XP1_CONNECTIONLESS = 0x00001;

    /** All data arrives. */
    public static final int XP1_GUARANTEED_DELIVERY = 0x00002;

    /** Data arrives in order and once. */
    public static final int XP1_GUARANTEED_ORDER = 0x00004;

    /** The boundaries of messages are kept. */
    public static final int XP1_MESSAGE_ORIENTED = 0x00008;

    /** A protocol of messages that is received as a stream. */
    public static final int XP1_PSEUDO_STREAM = 0x00010;

    /** Closing has two phases. */
    public static final int XP1_GRACEFUL_CLOSE = 0x00020;

    /** Urgent data. */
    public static final int XP1_EXPEDITED_DATA = 0x00040;

    /** Data at connecting. */
    public static final int XP1_CONNECT_DATA = 0x00080;

    /** Data at disconnecting. */
    public static final int XP1_DISCONNECT_DATA = 0x00100;

    /** Broadcast. */
    public static final int XP1_SUPPORT_BROADCAST = 0x00200;

    /** Multipoint; the next two have a meaning only with it. */
    public static final int XP1_SUPPORT_MULTIPOINT = 0x00400;

    /** The control plane is rooted. */
    public static final int XP1_MULTIPOINT_CONTROL_PLANE = 0x00800;

    /** The data plane is rooted. */
    public static final int XP1_MULTIPOINT_DATA_PLANE = 0x01000;

    /** Quality of service. */
    public static final int XP1_QOS_SUPPORTED = 0x02000;

    /** Reserved. */
    public static final int XP1_INTERRUPT = 0x04000;

    /** Sending only. */
    public static final int XP1_UNI_SEND = 0x08000;

    /** Receiving only. */
    public static final int XP1_UNI_RECV = 0x10000;

    /** The handles are handles of the file system, registered by {@link Upcalls#wpuModifyIfsHandle}; without it they come from {@link Upcalls#wpuCreateSocketHandle}, and file functions on them are slow. */
    public static final int XP1_IFS_HANDLES = 0x20000;

    /** MSG_PARTIAL in sends. */
    public static final int XP1_PARTIAL_MESSAGE = 0x40000;

    /** A system area network. */
    public static final int XP1_SAN_SUPPORT_SDP = 0x80000;

    private ServiceFlag() {}
}
