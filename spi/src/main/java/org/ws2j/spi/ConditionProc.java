package org.ws2j.spi;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** The condition function of an accept: decides on a connection request, on the thread that calls accept. */
@FunctionalInterface
public interface ConditionProc {
    /** What becomes of a connection request. */
    enum Decision {
        /** The connection is accepted. */
        CF_ACCEPT,
        /** The connection is refused; accept fails with {@code WSAECONNREFUSED}. */
        CF_REJECT,
        /** The request stays at the head of the queue; accept fails with {@code WSATRY_AGAIN}. */
        CF_DEFER
    }

    /**
     * A connection request.
     *
     * @param callerId the address of the peer; null where the provider cannot tell it
     * @param callerData what the peer sent along; null for nothing
     * @param sqos the quality of service that the peer asks for; null for none
     * @param gqos reserved; null
     * @param calleeId the local address that the peer connected to
     * @param calleeData room for an answer to the peer; null where the provider has no such thing
     */
    record ConnectionRequest(
            SocketAddress callerId,
            ByteBuffer callerData,
            Qos sqos,
            Qos gqos,
            SocketAddress calleeId,
            ByteBuffer calleeData) {}

    /**
     * Decides.
     *
     * @param request the request
     * @return the decision; null is answered with {@code WSAEINVAL}
     */
    Decision decide(ConnectionRequest request);
}
