package org.ws2j.spi;

/**
 * WSAPOLLDATA: the input of {@link IoctlCode#SIO_EXT_POLL}, by which a poll reaches the provider that serves it: a base
 * provider, or a layer that has claimed {@link IoctlCode#SIO_BSP_HANDLE_POLL}. The entries hold that provider's own handles,
 * and their answers go into them.
 */
public final class WsaPollData {
    private final WsaPollFd[] fdArray;
    private final int timeoutMillis;
    private int result;

    /**
     * Makes one.
     *
     * @param fdArray the entries, each with a socket of the provider that is asked
     * @param timeoutMillis milliseconds to wait; 0 for a look, negative to wait for ever
     */
    public WsaPollData(WsaPollFd[] fdArray, int timeoutMillis) {
        this.fdArray = fdArray.clone();
        this.timeoutMillis = timeoutMillis;
    }

    /** {@return the entries} */
    public WsaPollFd[] fdArray() {
        return fdArray.clone();
    }

    /** {@return milliseconds to wait; 0 for a look, negative to wait for ever} */
    public int timeoutMillis() {
        return timeoutMillis;
    }

    /** {@return how many entries have an answer other than 0} */
    public int result() {
        return result;
    }

    /**
     * Sets the result.
     *
     * @param count how many entries have an answer other than 0
     */
    public void result(int count) {
        result = count;
    }
}
