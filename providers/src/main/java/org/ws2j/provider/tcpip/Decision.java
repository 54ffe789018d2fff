package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.ConditionProc.ConnectionRequest;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * What a condition function makes of a connection that an accept has taken out of its queue.
 *
 * <p>The system has established the connection before, as Windows does unless SO_CONDITIONAL_ACCEPT is on: a rejected peer
 * sees a reset, and not a refusal.
 */
final class Decision {
    private final TcpListener listener;
    private final SocketChannel channel;

    Decision(TcpListener listener, SocketChannel channel) {
        this.listener = listener;
        this.channel = channel;
    }

    /** Asks, on this thread and with no lock held; returns if the connection is accepted. */
    void ask(ConditionProc condition) throws WinsockException {
        ConnectionRequest request = request();
        ConditionProc.Decision decision = null;
        try {
            decision = condition.decide(request);
        } finally {
            conclude(decision);
        }
        switch (decision) {
            case CF_ACCEPT -> {}
            case CF_REJECT -> throw new WinsockException(WsaError.WSAECONNREFUSED,
                    "the condition function rejected " + request.callerId());
            case CF_DEFER -> throw new WinsockException(WsaError.WSATRY_AGAIN, "the condition function deferred");
            case null -> throw new WinsockException(WsaError.WSAEINVAL, "the condition function gave no decision");
        }
    }

    private ConnectionRequest request() throws WinsockException {
        try {
            SocketAddress caller = channel.getRemoteAddress();
            return new ConnectionRequest(caller, null, null, null, channel.getLocalAddress(), null);
        } catch (IOException e) {
            listener.decided();
            throw reset(new WinsockException(WsaError.WSAECONNRESET, "the peer has withdrawn its connection", e));
        }
    }

    private void conclude(ConditionProc.Decision decision) throws WinsockException {
        if (decision == ConditionProc.Decision.CF_ACCEPT) {
            listener.decided();
        } else if (decision == ConditionProc.Decision.CF_REJECT) {
            listener.decided();
            throwIf(reset(null));
        } else if (!listener.putBack(channel, decision == ConditionProc.Decision.CF_DEFER)) {
            throwIf(reset(null));
        }
    }

    private static void throwIf(WinsockException failure) throws WinsockException {
        if (failure != null) {
            throw failure;
        }
    }

    /** {@return the failure, or that of the reset if there was none before} */
    private WinsockException reset(WinsockException failure) {
        try {
            TcpListener.reset(channel);
            return failure;
        } catch (IOException e) {
            if (failure == null) {
                return JdkErrors.of("rejecting a connection", e);
            }
            failure.addSuppressed(e);
            return failure;
        }
    }
}
