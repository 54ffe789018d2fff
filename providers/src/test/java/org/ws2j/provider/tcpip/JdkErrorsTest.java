package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

final class JdkErrorsTest {
    static Stream<Arguments> examples() {
        return Stream.of(
                arguments(new PortUnreachableException(), WsaError.WSAECONNRESET),
                arguments(new SocketTimeoutException(), WsaError.WSAETIMEDOUT),
                arguments(new ConnectException("Connection refused"), WsaError.WSAECONNREFUSED),
                arguments(new ConnectException("Connection timed out"), WsaError.WSAETIMEDOUT),
                arguments(new BindException("Address already in use"), WsaError.WSAEADDRINUSE),
                arguments(new BindException("Permission denied"), WsaError.WSAEACCES),
                arguments(new BindException("Cannot assign requested address"), WsaError.WSAEADDRNOTAVAIL),
                arguments(new AsynchronousCloseException(), WsaError.WSAEINTR),
                arguments(new CancelledKeyException(), WsaError.WSAEINTR),
                arguments(new AlreadyBoundException(), WsaError.WSAEINVAL),
                arguments(new NotYetBoundException(), WsaError.WSAEINVAL),
                arguments(new AlreadyConnectedException(), WsaError.WSAEISCONN),
                arguments(new ConnectionPendingException(), WsaError.WSAEALREADY),
                arguments(new NotYetConnectedException(), WsaError.WSAENOTCONN),
                arguments(new UnresolvedAddressException(), WsaError.WSAEADDRNOTAVAIL),
                arguments(new UnsupportedAddressTypeException(), WsaError.WSAEAFNOSUPPORT),
                arguments(new SocketException("Connection reset"), WsaError.WSAECONNRESET),
                arguments(new IOException("Broken pipe"), WsaError.WSAECONNRESET),
                arguments(new IOException("Connection refused"), WsaError.WSAECONNREFUSED),
                arguments(new IOException("Software caused connection abort"), WsaError.WSAECONNABORTED),
                arguments(new ConnectException("Network is unreachable"), WsaError.WSAENETUNREACH),
                arguments(new SocketException("Network is down"), WsaError.WSAENETDOWN),
                arguments(new IOException("No route to host"), WsaError.WSAEHOSTUNREACH),
                arguments(new NoRouteToHostException("anything"), WsaError.WSAEHOSTUNREACH),
                arguments(new SocketException("Host is down"), WsaError.WSAEHOSTDOWN),
                arguments(new IOException("Connection timed out"), WsaError.WSAETIMEDOUT),
                arguments(new SocketException("Message too long"), WsaError.WSAEMSGSIZE),
                arguments(new SocketException("Permission denied"), WsaError.WSAEACCES),
                arguments(new IOException("Operation not permitted"), WsaError.WSAEACCES),
                arguments(new IOException("Too many open files"), WsaError.WSAEMFILE),
                arguments(new SocketException("No buffer space available"), WsaError.WSAENOBUFS),
                arguments(new IOException("Cannot allocate memory"), WsaError.WSAENOBUFS),
                arguments(new SocketException("Transport endpoint is not connected"), WsaError.WSAENOTCONN),
                arguments(new IOException("Destination address required"), WsaError.WSAEDESTADDRREQ),
                arguments(new IOException("Address family not supported by protocol"), WsaError.WSAEAFNOSUPPORT),
                arguments(new SocketException("Protocol not available"), WsaError.WSAENOPROTOOPT),
                arguments(new IOException("Cannot assign requested address"), WsaError.WSAEADDRNOTAVAIL),
                arguments(new IOException("Address already in use"), WsaError.WSAEADDRINUSE),
                arguments(new IOException("Invalid argument"), WsaError.WSAEINVAL),
                arguments(new ConnectException("in another language"), WsaError.WSAECONNREFUSED),
                arguments(new BindException("in another language"), WsaError.WSAEADDRINUSE),
                arguments(new UnsupportedOperationException(), WsaError.WSAEOPNOTSUPP),
                arguments(new IllegalArgumentException(), WsaError.WSAEINVAL));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExceptionHasItsCodeAndStaysAsTheCause(Exception thrown, WsaError error) {
        WinsockException e = JdkErrors.of("testing", thrown);

        assertThat(e.code()).isEqualTo(error.code());
        assertThat(e).hasCause(thrown).hasMessageContaining("testing");
    }

    @Test
    void everyRowIsTheFirstThatFitsOneExample() {
        Set<JdkErrors.Row> unused = new HashSet<>(JdkErrors.ROWS);
        List<Exception> examples = examples().map(a -> (Exception) a.get()[0]).toList();
        for (Exception e : examples) {
            JdkErrors.ROWS.stream().filter(row -> row.fits(e)).findFirst().ifPresent(unused::remove);
        }

        assertThat(unused).isEmpty();
    }

    @Test
    void whatHasACodeStaysAsItIs() {
        WinsockException e = new WinsockException(WsaError.WSAEINTR);

        assertThat(JdkErrors.of("testing", e)).isSameAs(e);
    }

    @Test
    void whatNobodyKnowsIsASystemFailure() {
        assertThat(JdkErrors.error(new IOException("Gremlins"))).isEqualTo(WsaError.WSASYSCALLFAILURE);
    }
}
