package org.ws2j.host.port;

import org.ws2j.host.thread.HostThreads;

/** What a socket handle of a host is to completion ports; its class implements this beside being a SocketHandle. */
public interface AssociableHandle {
    /**
     * Tells whether the handle is usable.
     *
     * @param host the threads of the host that asks, which stand for the host
     * @return whether it is that host's, and open for clients
     */
    boolean isOpenIn(HostThreads host);

    /** {@return whether the socket was made with WSA_FLAG_OVERLAPPED} */
    boolean allowsOverlapped();

    /**
     * Associates the socket with a port, for its life; of two threads that try at once one succeeds.
     *
     * @param association port and key
     * @return false if the socket is associated already
     */
    boolean associateOnce(PortAssociation association);

    /** {@return what {@link #associateOnce} has set, for {@link IoCompletionPorts#post}; null if nothing} */
    PortAssociation association();
}
