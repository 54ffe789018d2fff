package org.ws2j.spi;

/**
 * Types of sockets.
 */
public final class SocketType {
    /** A reliable stream of bytes. */
    public static final int SOCK_STREAM = 1;

    /** Datagrams. */
    public static final int SOCK_DGRAM = 2;

    /** Raw access to a protocol. */
    public static final int SOCK_RAW = 3;

    /** Reliable messages. */
    public static final int SOCK_RDM = 4;

    /** Reliable messages in order. */
    public static final int SOCK_SEQPACKET = 5;

    private SocketType() {}
}
