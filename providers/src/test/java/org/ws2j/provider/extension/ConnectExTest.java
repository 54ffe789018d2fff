package org.ws2j.provider.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** ConnectEx, and the option that follows it. */
@ParameterizedClass
@EnumSource(ExtensionTest.Base.class)
final class ConnectExTest extends ExtensionTest {
    @Test
    void itSignalsTheEventAndQueuesAPacket() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle s = boundStream();
        CompletionPort port = port(s, "key");
        HeapOverlapped block = block();
        connectEx(s).connectEx(s, nameOf(listener), null, block);
        CompletionPacket packet = packet(port);
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.bytesTransferred()).isZero();
        assertThat(winsock.waits().waitForSingleEvent(block.hEvent(), 30_000, false)).isZero();
        assertNoPacket(port);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void aSecondOneIsRefusedAndTheFirstGoesOn() throws Exception {
        assumeTrue(base == Base.TCPIP, "connects over memory are decided at once");
        List<SocketChannel> others = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, loopback(0).getAddress())) {
            for (int i = 0; i < 4; i++) { // To a full backlog Linux gives no answer.
                SocketChannel other = SocketChannel.open();
                other.configureBlocking(false);
                other.connect(full.getLocalSocketAddress());
                others.add(other);
            }
            SocketHandle s = boundStream();
            HeapOverlapped first = block();
            InetSocketAddress peer = loopback(full.getLocalPort());
            connectEx(s).connectEx(s, peer, null, first);
            assumeFalse(first.isCompleted(), "the system answers here");
            assertTold(WsaError.WSAEALREADY, () -> connectEx(s).connectEx(s, peer, null, block()));
            assertThat(first.isCompleted()).isFalse();
            winsock.closesocket(s);
            assertThat(first.isCompleted()).isTrue();
            assertThat(first.offsetHigh()).isEqualTo(ABORTED);
        } finally {
            for (SocketChannel other : others) {
                other.close();
            }
        }
    }

    @Test
    void aPlainConnectQueuesNone() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle s = boundStream();
        CompletionPort port = port(s, "key");
        winsock.connect(s, nameOf(listener));
        assertNoPacket(port);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void theFirstDataGoesWithItAndIsCounted() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle s = boundStream();
        HeapOverlapped block = block();
        ByteBuffer data = bytes("--greeting").position(2);
        connectEx(s).connectEx(s, nameOf(listener), data, block);
        assertThat(await(s, block)).isEqualTo(8);
        assertThat(data.position()).isEqualTo(2);
        assertThat(receive(winsock.accept(listener, null), 32)).isEqualTo("greeting");
    }

    @Test
    void aRefusalCompletesItAndTheSocketCanTryAgain() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle s = boundStream();
        CompletionPort port = port(s, "key");
        HeapOverlapped block = block();
        InetSocketAddress nobody = nobody();
        connectEx(s).connectEx(s, nobody, null, block);
        assertThat(packet(port).error()).isEqualTo(WsaError.WSAECONNREFUSED.code());
        assertFails(WsaError.WSAECONNREFUSED, () -> await(s, block));
        HeapOverlapped again = block();
        connectEx(s).connectEx(s, nameOf(listener), null, again);
        assertThat(await(s, again)).isZero();
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void thePeersNameAndShutdownWorkOnlyWithTheContext() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle s = boundStream();
        InetSocketAddress bound = nameOf(s);
        HeapOverlapped block = block();
        connectEx(s).connectEx(s, nameOf(listener), null, block);
        await(s, block);
        assertThat(nameOf(s)).isEqualTo(bound);
        assertFails(WsaError.WSAENOTCONN, () -> winsock.getpeername(s));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.shutdown(s, ShutdownHow.SD_SEND));
        winsock.send(s, bytes("early"), 0);
        updateConnectContext(s);
        assertThat(winsock.getpeername(s)).isEqualTo(nameOf(listener));
        winsock.shutdown(s, ShutdownHow.SD_SEND);
        SocketHandle accepted = winsock.accept(listener, null);
        assertThat(receive(accepted, 8)).isEqualTo("early");
    }

    @Test
    void theContextIsRefusedWhereThereIsNone() throws WinsockException {
        assertFails(WsaError.WSAENOTCONN, () -> updateConnectContext(stream()));
        assertFails(WsaError.WSAENOPROTOOPT, () -> updateConnectContext(datagram()));
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.getsockopt(stream(), SocketOption.SOL_SOCKET,
                SocketOption.SO_UPDATE_CONNECT_CONTEXT));
    }

    @Test
    void badParametersFailTheCall() throws WinsockException {
        Connection c = connection();
        InetSocketAddress name = nameOf(c.listener());
        SocketHandle s = boundStream();
        assertTold(WsaError.WSA_INVALID_PARAMETER, () -> connectEx(s).connectEx(s, name, null, null));
        HeapOverlapped block = block();
        SocketHandle unbound = stream();
        assertTold(WsaError.WSAEINVAL, () -> connectEx(s).connectEx(unbound, name, null, block));
        assertTold(WsaError.WSAEINVAL, () -> connectEx(s).connectEx(c.listener(), name, null, block));
        assertTold(WsaError.WSAEISCONN, () -> connectEx(s).connectEx(c.client(), name, null, block));
        assertTold(WsaError.WSAEFAULT, () -> connectEx(s).connectEx(s, null, null, block));
        assertTold(WsaError.WSAEADDRNOTAVAIL, () -> connectEx(s).connectEx(s, loopback(0), null, block));
        assertTold(WsaError.WSAEAFNOSUPPORT,
                () -> connectEx(s).connectEx(s, new InetSocketAddress(InetAddress.ofLiteral("::1"), 7), null, block));
        assertTold(WsaError.WSAEOPNOTSUPP, () -> connectEx(s).connectEx(datagram(), name, null, block));
        winsock.closesocket(s);
        assertTold(WsaError.WSAENOTSOCK, () -> connectEx(c.client()).connectEx(s, name, null, block));
        assertThat(winsock.waits().waitForSingleEvent(block.hEvent(), 0, false)).isEqualTo(258);
    }
}
