package org.ws2j.spi;

/**
 * WSASENDMSG: the input of {@link IoctlCode#SIO_EXT_SENDMSG}, by which WSASendMsg reaches a layer that has claimed
 * {@link IoctlCode#SIO_BSP_HANDLE}. The block and the routine are those of the ioctl itself.
 */
public final class WsaSendMsgData {
    private final WsaMsg msg;
    private final int dwFlags;
    private long result;

    /**
     * Makes one.
     *
     * @param msg the message
     * @param dwFlags {@link MessageFlag} bits
     */
    public WsaSendMsgData(WsaMsg msg, int dwFlags) {
        this.msg = msg;
        this.dwFlags = dwFlags;
    }

    /** {@return the message} */
    public WsaMsg msg() {
        return msg;
    }

    /** {@return {@link MessageFlag} bits} */
    public int dwFlags() {
        return dwFlags;
    }

    /** {@return the number of bytes sent, by a call that was over at once} */
    public long result() {
        return result;
    }

    /**
     * Sets the result.
     *
     * @param bytes the number of bytes sent
     */
    public void result(long bytes) {
        result = bytes;
    }
}
