package org.ws2j.spi;

/**
 * WSAPOLLFD: one socket of a poll, what is asked about it and what is answered; owned by the caller.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/ns-winsock2-wsapollfd">WSAPOLLFD</a>
 */
public final class WsaPollFd {
    /** Answered: an error has occurred, a failed connect included. */
    public static final int POLLERR = 0x001;

    /** Answered: the connection was ended by the peer or was reset. */
    public static final int POLLHUP = 0x002;

    /** Answered: not an open socket, or one that was closed meanwhile. */
    public static final int POLLNVAL = 0x004;

    /** Asked and answered: normal data can be sent without blocking. */
    public static final int POLLWRNORM = 0x010;

    /** Asked and answered: the same as {@link #POLLWRNORM}. */
    public static final int POLLOUT = POLLWRNORM;

    /** Priority data can be sent; WSAPoll refuses to ask for it, with {@code WSAEINVAL}. */
    public static final int POLLWRBAND = 0x020;

    /** Asked and answered: normal data can be received, a connection accepted, or the end of the stream seen. */
    public static final int POLLRDNORM = 0x100;

    /** Asked and answered: urgent data can be received. */
    public static final int POLLRDBAND = 0x200;

    /** Asked: {@link #POLLRDNORM} or {@link #POLLRDBAND}. */
    public static final int POLLIN = POLLRDNORM | POLLRDBAND;

    /** Asked: high-priority data; no provider has such a thing. */
    public static final int POLLPRI = 0x400;

    private SocketHandle fd;
    private int events;
    private int revents;

    /**
     * Makes one.
     *
     * @param fd the socket; null to leave this entry out
     * @param events what is asked: the bits marked so
     */
    public WsaPollFd(SocketHandle fd, int events) {
        this.fd = fd;
        this.events = events;
    }

    /** {@return the socket; null if the entry is left out} */
    public SocketHandle fd() {
        return fd;
    }

    /**
     * Sets the socket.
     *
     * @param socket the socket; null to leave this entry out
     */
    public void fd(SocketHandle socket) {
        fd = socket;
    }

    /** {@return what is asked} */
    public int events() {
        return events;
    }

    /**
     * Sets what is asked.
     *
     * @param bits the bits marked so
     */
    public void events(int bits) {
        events = bits;
    }

    /** {@return what was answered} */
    public int revents() {
        return revents;
    }

    /**
     * Sets what is answered.
     *
     * @param bits the bits marked so; 0 if nothing of what was asked holds
     */
    public void revents(int bits) {
        revents = bits;
    }
}
