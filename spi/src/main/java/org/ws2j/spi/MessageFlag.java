package org.ws2j.spi;

/**
 * The flags of send and receive calls.
 */
public final class MessageFlag {
    /** Urgent data. */
    public static final int MSG_OOB = 0x1;

    /** Receive without taking; synchronous receives only. */
    public static final int MSG_PEEK = 0x2;

    /** Send without routing; a provider may ignore it. */
    public static final int MSG_DONTROUTE = 0x4;

    /** Receive until the buffer is full; blocking streams only. */
    public static final int MSG_WAITALL = 0x8;

    /** A datagram was longer than the buffers. */
    public static final int MSG_TRUNC = 0x100;

    /** Control information was longer than its room. */
    public static final int MSG_CTRUNC = 0x200;

    /** Part of a message. */
    public static final int MSG_PARTIAL = 0x8000;

    private MessageFlag() {}
}
