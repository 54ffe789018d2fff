package org.ws2j.spi;

import java.net.SocketAddress;

/**
 * The flags and the source address of a receive: {@code lpFlags} and {@code lpFrom} in one object that the caller owns.
 *
 * <p>The flags are read when the call is made. Both members are written when data was received: before the call returns for
 * one that finishes at once, before the indication for an overlapped one; so the object belongs to an overlapped operation
 * until its indication, like the block.
 */
public final class ReceiveResult {
    private int flags;
    private SocketAddress from;

    /** Makes one without flags. */
    public ReceiveResult() {}

    /**
     * Makes one with flags for a call.
     *
     * @param flags {@link MessageFlag} bits
     */
    public ReceiveResult(int flags) {
        this.flags = flags;
    }

    /** {@return the flags: before the call those asked for, after it those of the received data} */
    public int flags() {
        return flags;
    }

    /**
     * Sets the flags.
     *
     * @param newFlags {@link MessageFlag} bits
     */
    public void flags(int newFlags) {
        flags = newFlags;
    }

    /** {@return where a datagram came from; null before one was received, and on connection-oriented sockets} */
    public SocketAddress from() {
        return from;
    }

    /**
     * Sets where a datagram came from.
     *
     * @param address the address; null for unknown
     */
    public void from(SocketAddress address) {
        from = address;
    }
}
