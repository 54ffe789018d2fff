package org.ws2j.spi;

/**
 * The failure of a call whose output buffer is missing or too small; it says how much room is needed.
 *
 * <p>The code is {@code WSAEFAULT} or {@code WSAENOBUFS}, as the call documents.
 */
public final class BufferTooSmallException extends WinsockException {
    private static final long serialVersionUID = 1L;

    /** In the unit of the call. */
    private final int needed;

    /**
     * Makes the failure.
     *
     * @param error {@code WSAEFAULT} or {@code WSAENOBUFS}, as the call documents
     * @param needed the room that is needed, in the unit of the call (characters with the terminating NUL, or entries)
     * @param offered the room that was offered, in the same unit
     */
    public BufferTooSmallException(WsaError error, int needed, int offered) {
        super(error, "the buffer has room for " + offered + ", needed are " + needed);
        this.needed = needed;
    }

    /** {@return the room that is needed, in the unit of the call} */
    public int needed() {
        return needed;
    }
}
