package org.ws2j.spi;

/**
 * The flags of WSASocket and WSPSocket.
 */
public final class SocketFlag {
    /** Overlapped operations are possible. */
    public static final int WSA_FLAG_OVERLAPPED = 0x01;

    /** Root of a rooted control plane. */
    public static final int WSA_FLAG_MULTIPOINT_C_ROOT = 0x02;

    /** Leaf of a control plane. */
    public static final int WSA_FLAG_MULTIPOINT_C_LEAF = 0x04;

    /** Root of a rooted data plane. */
    public static final int WSA_FLAG_MULTIPOINT_D_ROOT = 0x08;

    /** Leaf of a data plane. */
    public static final int WSA_FLAG_MULTIPOINT_D_LEAF = 0x10;

    /** Access to the security descriptor. */
    public static final int WSA_FLAG_ACCESS_SYSTEM_SECURITY = 0x40;

    /** The handle is not inherited by child processes. */
    public static final int WSA_FLAG_NO_HANDLE_INHERIT = 0x80;

    private SocketFlag() {}
}
