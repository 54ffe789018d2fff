package org.ws2j.spi;

/**
 * The input of {@link IoctlCode#SIO_EXT_SELECT}, by which a select reaches a layer that has claimed
 * {@link IoctlCode#SIO_BSP_HANDLE_SELECT}. The sets hold that provider's own handles, and are rewritten as select does.
 */
public final class WsaSelectData {
    private final FdSet readfds;
    private final FdSet writefds;
    private final FdSet exceptfds;
    private final Timeval timeout;
    private int result;

    /**
     * Makes one.
     *
     * @param readfds the sockets asked about reading; null for none
     * @param writefds the sockets asked about writing; null for none
     * @param exceptfds the sockets asked about failures and urgent data; null for none
     * @param timeout how long to wait; null for ever
     */
    public WsaSelectData(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) {
        this.readfds = readfds;
        this.writefds = writefds;
        this.exceptfds = exceptfds;
        this.timeout = timeout;
    }

    /** {@return the sockets asked about reading; null for none} */
    public FdSet readfds() {
        return readfds;
    }

    /** {@return the sockets asked about writing; null for none} */
    public FdSet writefds() {
        return writefds;
    }

    /** {@return the sockets asked about failures and urgent data; null for none} */
    public FdSet exceptfds() {
        return exceptfds;
    }

    /** {@return how long to wait; null for ever} */
    public Timeval timeout() {
        return timeout;
    }

    /** {@return how many members the sets have after the call} */
    public int result() {
        return result;
    }

    /**
     * Sets the result.
     *
     * @param count how many members the sets have
     */
    public void result(int count) {
        result = count;
    }
}
