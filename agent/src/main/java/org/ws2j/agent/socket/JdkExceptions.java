package org.ws2j.agent.socket;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.function.Function;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * What the program sees of a {@link WinsockException}, which it never sees itself.
 *
 * <p>Where the JDK has raised the error in the first place, that is an exception of the same class with the same message, and
 * the stack trace of the caller. For codes that were born in a layer or in the host there is one table of what the JDK throws on
 * the same error.
 */
public final class JdkExceptions {
    private static final Map<Class<?>, Function<String, IOException>> CLASSES = Map.of(
            IOException.class, IOException::new,
            SocketException.class, SocketException::new,
            ConnectException.class, ConnectException::new,
            BindException.class, BindException::new,
            NoRouteToHostException.class, NoRouteToHostException::new,
            PortUnreachableException.class, PortUnreachableException::new,
            ProtocolException.class, ProtocolException::new,
            SocketTimeoutException.class, SocketTimeoutException::new);

    private static final Map<Integer, Function<String, IOException>> KINDS = Map.of(
            WsaError.WSAECONNREFUSED.code(), ConnectException::new,
            WsaError.WSAETIMEDOUT.code(), ConnectException::new,
            WsaError.WSAEHOSTUNREACH.code(), NoRouteToHostException::new,
            WsaError.WSAEADDRINUSE.code(), BindException::new,
            WsaError.WSAEADDRNOTAVAIL.code(), BindException::new,
            WsaError.WSAEACCES.code(), BindException::new);

    private static final Map<Integer, String> TEXTS = Map.ofEntries(
            Map.entry(WsaError.WSAECONNREFUSED.code(), "Connection refused"),
            Map.entry(WsaError.WSAETIMEDOUT.code(), "Connection timed out"),
            Map.entry(WsaError.WSAECONNRESET.code(), "Connection reset"),
            Map.entry(WsaError.WSAECONNABORTED.code(), "Software caused connection abort"),
            Map.entry(WsaError.WSAENETRESET.code(), "Network dropped connection on reset"),
            Map.entry(WsaError.WSAESHUTDOWN.code(), "Broken pipe"),
            Map.entry(WsaError.WSAENETDOWN.code(), "Network is down"),
            Map.entry(WsaError.WSAENETUNREACH.code(), "Network is unreachable"),
            Map.entry(WsaError.WSAEHOSTDOWN.code(), "Host is down"),
            Map.entry(WsaError.WSAEHOSTUNREACH.code(), "No route to host"),
            Map.entry(WsaError.WSAEADDRINUSE.code(), "Address already in use"),
            Map.entry(WsaError.WSAEADDRNOTAVAIL.code(), "Cannot assign requested address"),
            Map.entry(WsaError.WSAEACCES.code(), "Permission denied"),
            Map.entry(WsaError.WSAEMFILE.code(), "Too many open files"),
            Map.entry(WsaError.WSAENOBUFS.code(), "No buffer space available"),
            Map.entry(WsaError.WSAEMSGSIZE.code(), "Message too long"),
            Map.entry(WsaError.WSAENOTCONN.code(), "Transport endpoint is not connected"),
            Map.entry(WsaError.WSAENOPROTOOPT.code(), "Protocol not available"),
            Map.entry(WsaError.WSAEAFNOSUPPORT.code(), "Address family not supported by protocol"),
            Map.entry(WsaError.WSAENOTSOCK.code(), "Socket closed"),
            Map.entry(WsaError.WSAEINTR.code(), "Socket closed"),
            Map.entry(WsaError.WSANOTINITIALISED.code(), "Socket closed"));

    private JdkExceptions() {}

    /**
     * Translates a failure.
     *
     * @param e the failure
     * @return what the JDK throws; never a {@link WinsockException}. What a layer has thrown is its cause
     */
    public static IOException of(WinsockException e) {
        Throwable origin = origin(e);
        if (origin instanceof IOException raised) {
            Function<String, IOException> constructor = CLASSES.get(raised.getClass());
            return constructor == null ? raised : constructor.apply(raised.getMessage());
        }
        IOException translated = ofCode(e);
        if (origin != null) {
            translated.initCause(origin);
        }
        return translated;
    }

    private static IOException ofCode(WinsockException e) {
        String text = TEXTS.get(e.code());
        Function<String, IOException> constructor = KINDS.getOrDefault(e.code(), SocketException::new);
        return constructor.apply(text == null ? e.getMessage() : text);
    }

    /**
     * Translates the failure of an attempt to connect of which no more than the code is known.
     *
     * @param code the Winsock code
     * @return what the JDK throws
     */
    public static IOException ofCode(int code) {
        return ofCode(new WinsockException(code, null, null));
    }

    /**
     * Looks for what was thrown in the first place.
     *
     * @param e the failure
     * @return the first cause that is no {@link WinsockException}; null for none
     */
    public static Throwable origin(WinsockException e) {
        Throwable origin = e;
        while (origin instanceof WinsockException) {
            origin = origin.getCause();
        }
        return origin;
    }
}
