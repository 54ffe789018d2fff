package org.ws2j.spi;

/**
 * A WSANETWORKEVENTS: the events that have happened on a socket, and the error that came with each.
 *
 * <p>Owned by the caller of {@link WspProcTable#wspEnumNetworkEvents}, who may use it again and again.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/ns-winsock2-wsanetworkevents">WSANETWORKEVENTS</a>
 */
public final class WsaNetworkEvents {
    private int networkEvents;
    private final int[] errorCodes = new int[NetworkEvent.FD_MAX_EVENTS];

    /** Makes an empty record. */
    public WsaNetworkEvents() {}

    /** {@return the events that have happened, as {@link NetworkEvent} bits} */
    public int lNetworkEvents() {
        return networkEvents;
    }

    /**
     * Sets the events that have happened.
     *
     * @param events {@link NetworkEvent} bits
     */
    public void lNetworkEvents(int events) {
        networkEvents = events;
    }

    /**
     * Tells whether an event has happened.
     *
     * @param event one {@link NetworkEvent} bit
     * @return true if it has
     */
    public boolean has(int event) {
        return (networkEvents & event) != 0;
    }

    /**
     * Returns the error that came with an event; meaningful only for an event that {@linkplain #has has happened}.
     *
     * @param bit the number of the event's bit, 0 to 9, as {@link NetworkEvent#bitOf} gives it
     * @return the Winsock error, 0 for none
     */
    public int iErrorCode(int bit) {
        return errorCodes[bit];
    }

    /**
     * Sets the error that came with an event.
     *
     * @param bit the number of the event's bit, 0 to 9
     * @param error the Winsock error, 0 for none
     */
    public void iErrorCode(int bit, int error) {
        errorCodes[bit] = error;
    }
}
