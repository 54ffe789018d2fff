package org.ws2j.spi;

/**
 * A WSAEVENT: the opaque handle of an event object, made by the host.
 *
 * <p>The lowest bit of an event handle is free on Windows, and a WSAOVERLAPPED uses it: an event with that bit set is the
 * same event, and tells that no packet is to be queued to a completion port. {@link #tagged()} sets the bit. Every call
 * accepts both forms.
 */
public abstract class WsaEvent {
    /** For hosts alone. */
    protected WsaEvent() {}

    /** {@return the handle of the same event with the lowest bit set} */
    public abstract WsaEvent tagged();

    /** {@return the handle of the same event with the lowest bit clear} */
    public abstract WsaEvent untagged();

    /** {@return whether the lowest bit is set: signal this event, but queue no packet to a completion port} */
    public abstract boolean isTagged();
}
