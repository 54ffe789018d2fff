package org.ws2j.spi;

/**
 * A SOCKET: the opaque handle of a socket, made by the host.
 *
 * <p>Handles are objects, compared by identity: a stale handle never comes to mean another socket. Every call that takes one
 * checks that it belongs to the host it is used with and that it is still open, and answers {@code WSAENOTSOCK} otherwise.
 * {@link Object#toString()} shows the number that the handle has in print and at the border to C.
 */
public abstract class SocketHandle {
    /** For hosts alone: a handle that a host did not make is not a socket to it. */
    protected SocketHandle() {}
}
