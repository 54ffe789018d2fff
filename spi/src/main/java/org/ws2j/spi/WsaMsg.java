package org.ws2j.spi;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * WSAMSG: a message with its address, its flags and its control information, owned by the caller.
 *
 * <p>The members that a receive writes are written before the call returns for one that finishes at once, and before the
 * indication for an overlapped one; so the object belongs to an overlapped operation until its indication.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2def/ns-ws2def-wsamsg">WSAMSG</a>
 */
public final class WsaMsg {
    private SocketAddress name;
    private ByteBuffer[] buffers;
    private ByteBuffer control;
    private int flags;

    /**
     * Makes one.
     *
     * @param buffers the data, each from its position to its limit. The extension functions change neither; a client's
     *     synchronous WSASendMsg, which comes to the host, advances the positions
     */
    public WsaMsg(ByteBuffer... buffers) {
        this.buffers = buffers;
    }

    /** {@return where the message goes to, or came from; null for the default peer, or for unknown} */
    public SocketAddress name() {
        return name;
    }

    /**
     * Sets where the message goes to, or came from.
     *
     * @param address the address; null for the default peer, or for unknown
     */
    public void name(SocketAddress address) {
        name = address;
    }

    /** {@return the data; the array is free again when the call returns} */
    public ByteBuffer[] buffers() {
        return buffers;
    }

    /**
     * Sets the data.
     *
     * @param newBuffers the buffers
     */
    public void buffers(ByteBuffer... newBuffers) {
        buffers = newBuffers;
    }

    /**
     * Returns the control information: WSACMSGHDR blocks in C's layout.
     *
     * @return to send, what lies between position and limit; to receive, room there, of which the limit is set to what was
     *     used; null for none
     */
    public ByteBuffer control() {
        return control;
    }

    /**
     * Sets the control information.
     *
     * @param newControl the buffer; null for none
     */
    public void control(ByteBuffer newControl) {
        control = newControl;
    }

    /** {@return {@link MessageFlag} bits: those asked for at a receive, then those of the message} */
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
}
