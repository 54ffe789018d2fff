package org.ws2j.provider.tcpip;

import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * The one table from what the JDK throws to Winsock's codes.
 *
 * <p>The JDK keeps the system's error number to itself, so that where one exception class stands for several errors, the
 * text that the C library gives them decides; the first row that fits wins.
 */
final class JdkErrors {
    /** A class of exceptions, a part of their message ("" for any), and the code. */
    record Row(Class<? extends Exception> type, String part, WsaError error) {
        boolean fits(Exception e) {
            String message = e.getMessage();
            return type.isInstance(e) && (part.isEmpty() || (message != null && message.contains(part)));
        }
    }

    static final List<Row> ROWS = List.of(
            new Row(PortUnreachableException.class, "", WsaError.WSAECONNRESET),
            new Row(SocketTimeoutException.class, "", WsaError.WSAETIMEDOUT),
            new Row(ConnectException.class, "refused", WsaError.WSAECONNREFUSED),
            new Row(ConnectException.class, "timed out", WsaError.WSAETIMEDOUT),
            new Row(BindException.class, "in use", WsaError.WSAEADDRINUSE),
            new Row(BindException.class, "ermission denied", WsaError.WSAEACCES),
            new Row(BindException.class, "assign requested address", WsaError.WSAEADDRNOTAVAIL),
            new Row(ClosedChannelException.class, "", WsaError.WSAEINTR),
            new Row(CancelledKeyException.class, "", WsaError.WSAEINTR),
            new Row(AlreadyBoundException.class, "", WsaError.WSAEINVAL),
            new Row(NotYetBoundException.class, "", WsaError.WSAEINVAL),
            new Row(AlreadyConnectedException.class, "", WsaError.WSAEISCONN),
            new Row(ConnectionPendingException.class, "", WsaError.WSAEALREADY),
            new Row(NotYetConnectedException.class, "", WsaError.WSAENOTCONN),
            new Row(UnresolvedAddressException.class, "", WsaError.WSAEADDRNOTAVAIL),
            new Row(UnsupportedAddressTypeException.class, "", WsaError.WSAEAFNOSUPPORT),
            new Row(Exception.class, "Connection reset", WsaError.WSAECONNRESET),
            new Row(Exception.class, "Broken pipe", WsaError.WSAECONNRESET),
            new Row(Exception.class, "Connection refused", WsaError.WSAECONNREFUSED),
            new Row(Exception.class, "connection abort", WsaError.WSAECONNABORTED),
            new Row(Exception.class, "Network is unreachable", WsaError.WSAENETUNREACH),
            new Row(Exception.class, "Network is down", WsaError.WSAENETDOWN),
            new Row(Exception.class, "No route to host", WsaError.WSAEHOSTUNREACH),
            new Row(NoRouteToHostException.class, "", WsaError.WSAEHOSTUNREACH),
            new Row(Exception.class, "Host is down", WsaError.WSAEHOSTDOWN),
            new Row(Exception.class, "timed out", WsaError.WSAETIMEDOUT),
            new Row(Exception.class, "Message too long", WsaError.WSAEMSGSIZE),
            new Row(Exception.class, "ermission denied", WsaError.WSAEACCES),
            new Row(Exception.class, "Operation not permitted", WsaError.WSAEACCES),
            new Row(Exception.class, "Too many open files", WsaError.WSAEMFILE),
            new Row(Exception.class, "No buffer space", WsaError.WSAENOBUFS),
            new Row(Exception.class, "Cannot allocate memory", WsaError.WSAENOBUFS),
            new Row(Exception.class, "not connected", WsaError.WSAENOTCONN),
            new Row(Exception.class, "Destination address required", WsaError.WSAEDESTADDRREQ),
            new Row(Exception.class, "Address family not supported", WsaError.WSAEAFNOSUPPORT),
            new Row(Exception.class, "Protocol not available", WsaError.WSAENOPROTOOPT),
            new Row(Exception.class, "assign requested address", WsaError.WSAEADDRNOTAVAIL),
            new Row(Exception.class, "Address already in use", WsaError.WSAEADDRINUSE),
            new Row(Exception.class, "Invalid argument", WsaError.WSAEINVAL),
            new Row(ConnectException.class, "", WsaError.WSAECONNREFUSED),
            new Row(BindException.class, "", WsaError.WSAEADDRINUSE),
            new Row(UnsupportedOperationException.class, "", WsaError.WSAEOPNOTSUPP),
            new Row(IllegalArgumentException.class, "", WsaError.WSAEINVAL));

    private JdkErrors() {}

    /**
     * Gives an exception its code.
     *
     * @param what what was being done, to what
     * @param e what the JDK threw; stays as the cause
     * @return the failure; the very exception if it has a code already
     */
    static WinsockException of(String what, Exception e) {
        if (e instanceof WinsockException winsock) {
            return winsock;
        }
        return new WinsockException(error(e), what + ": " + e.getMessage(), e);
    }

    static WsaError error(Exception e) {
        for (Row row : ROWS) {
            if (row.fits(e)) {
                return row.error();
            }
        }
        return WsaError.WSASYSCALLFAILURE;
    }
}
