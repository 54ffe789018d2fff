package org.ws2j.spi;

/**
 * The network events that a socket can report, as bits.
 */
public final class NetworkEvent {
    /** Data can be received. Re-enabled by a receive. */
    public static final int FD_READ = 0x001;

    /** Data can be sent. Re-enabled by a send. */
    public static final int FD_WRITE = 0x002;

    /** Urgent data can be received. Re-enabled by a receive. */
    public static final int FD_OOB = 0x004;

    /** A connection can be accepted. Re-enabled by an accept, unless that was deferred. */
    public static final int FD_ACCEPT = 0x008;

    /** A connect or a join has ended. Reported once. */
    public static final int FD_CONNECT = 0x010;

    /** The peer has closed, or the connection was reset. Reported once. */
    public static final int FD_CLOSE = 0x020;

    /** The quality of service has changed. */
    public static final int FD_QOS = 0x040;

    /** Reserved. */
    public static final int FD_GROUP_QOS = 0x080;

    /** The route has changed. Armed by {@link IoctlCode#SIO_ROUTING_INTERFACE_CHANGE}. */
    public static final int FD_ROUTING_INTERFACE_CHANGE = 0x100;

    /** The local addresses have changed. Armed by {@link IoctlCode#SIO_ADDRESS_LIST_CHANGE}. */
    public static final int FD_ADDRESS_LIST_CHANGE = 0x200;

    /** How many events there are. */
    public static final int FD_MAX_EVENTS = 10;

    /** All of them. */
    public static final int FD_ALL_EVENTS = 0x3FF;

    private NetworkEvent() {}

    /**
     * Returns the number of an event's bit: its place among the errors of a {@link WsaNetworkEvents}.
     *
     * @param event one event
     * @return 0 to 9
     */
    public static int bitOf(int event) {
        return Integer.numberOfTrailingZeros(event);
    }

    /**
     * WSAMAKESELECTREPLY: packs an event and its error into the last parameter of a message.
     *
     * @param event one event
     * @param error the Winsock error, 0 for none
     * @return the event in the low 16 bits, the error in the next 16
     */
    public static long makeSelectReply(int event, int error) {
        return (error & 0xFFFFL) << 16 | (event & 0xFFFFL);
    }

    /**
     * WSAGETSELECTEVENT: takes the event from the last parameter of a message.
     *
     * @param lParam the parameter
     * @return one event
     */
    public static int selectEvent(long lParam) {
        return (int) (lParam & 0xFFFF);
    }

    /**
     * WSAGETSELECTERROR: takes the error from the last parameter of a message.
     *
     * @param lParam the parameter
     * @return the Winsock error, 0 for none
     */
    public static int selectError(long lParam) {
        return (int) (lParam >>> 16 & 0xFFFF);
    }
}
