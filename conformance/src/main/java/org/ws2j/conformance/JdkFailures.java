package org.ws2j.conformance;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** What the failures of the JDK's channels are called in Winsock. */
final class JdkFailures {
    private JdkFailures() {}

    /** {@return the failure of a call of a channel; one that has no name goes on as an error of the check} */
    static WinsockException of(Channel channel, Exception e) {
        return new WinsockException(error(channel, e), e.toString(), e);
    }

    private static WsaError error(Channel channel, Exception e) {
        return switch (e) {
            case AsynchronousCloseException closed -> channel.isOpen() ? WsaError.WSAESHUTDOWN : WsaError.WSAEINTR;
            case ClosedChannelException closed -> channel.isOpen() ? WsaError.WSAESHUTDOWN : WsaError.WSAENOTSOCK;
            case NotYetConnectedException unconnected -> WsaError.WSAENOTCONN;
            case AlreadyConnectedException connected -> WsaError.WSAEISCONN;
            case AlreadyBoundException bound -> WsaError.WSAEINVAL;
            case ConnectException refused -> WsaError.WSAECONNREFUSED;
            case BindException taken -> bindError(taken);
            case PortUnreachableException unreachable -> WsaError.WSAECONNRESET;
            case IOException broken when isReset(broken) -> WsaError.WSAECONNRESET;
            default -> throw new AssertionError("the control group failed unexpectedly", e);
        };
    }

    private static WsaError bindError(BindException e) {
        return e.getMessage().contains("in use") ? WsaError.WSAEADDRINUSE : WsaError.WSAEADDRNOTAVAIL;
    }

    private static boolean isReset(IOException e) {
        return e.getMessage() != null
                && (e.getMessage().contains("reset") || e.getMessage().contains("Broken pipe"));
    }
}
