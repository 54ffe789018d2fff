package org.ws2j.provider.extension;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Linger;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** DisconnectEx, and what a socket is good for afterwards. */
@ParameterizedClass
@EnumSource(ExtensionTest.Base.class)
final class DisconnectExTest extends ExtensionTest {
    private static final int REUSE = TransmitFlag.TF_REUSE_SOCKET;

    private long disconnect(SocketHandle s, HeapOverlapped block, int flags) throws WinsockException {
        return disconnectEx(s).disconnectEx(s, block, flags);
    }

    @Test
    void thePeerGetsWhatWasSentAndThenTheEnd() throws WinsockException {
        Connection c = connection();
        winsock.send(c.server(), bytes("last"), 0);
        assertThat(disconnect(c.server(), null, 0)).isZero();
        assertThat(receiveAll(c.client())).containsExactly("last".getBytes(US_ASCII));
        assertFails(WsaError.WSAESHUTDOWN, () -> winsock.send(c.server(), bytes("x"), 0));
        assertFails(WsaError.WSAESHUTDOWN, () -> receive(c.server(), 1));
    }

    @Test
    void anOverlappedOneIsIndicated() throws WinsockException {
        Connection c = connection();
        CompletionPort port = port(c.server(), "key");
        HeapOverlapped block = block();
        disconnect(c.server(), block, 0);
        assertThat(packet(port).overlapped()).isSameAs(block);
        assertThat(await(c.server(), block)).isZero();
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void itWaitsForTheSendsThatAreUnderWay() throws WinsockException {
        Connection c = connection();
        winsock.ioctlsocket(c.server(), IoctlCode.FIONBIO, true);
        ByteBuffer much = ByteBuffer.allocate(7 * 1024 * 1024);
        HeapOverlapped send = block();
        assertThat(winsock.wsaSend(c.server(), much, 0, send, null)).isEqualTo(WspResult.IO_PENDING);
        HeapOverlapped block = block();
        assertThat(disconnect(c.server(), block, 0)).isEqualTo(WspResult.IO_PENDING);
        assertThat(receiveAll(c.client())).hasSize(much.capacity());
        assertThat(await(c.server(), send)).isEqualTo(much.capacity());
        await(c.server(), block);
    }

    @Test
    void pendingReceivesAreAborted() throws WinsockException {
        Connection c = connection();
        HeapOverlapped receive = block();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(8), null, receive, null);
        disconnect(c.server(), null, REUSE);
        assertFails(WsaError.WSAECONNABORTED, () -> await(c.server(), receive));
    }

    @Test
    void aReusedSocketAcceptsAgainByTheSameHandle() throws WinsockException {
        Connection c = connection();
        CompletionPort port = port(c.server(), "key");
        winsock.setsockopt(c.server(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 1_234);
        disconnect(c.server(), null, REUSE);
        assertFails(WsaError.WSAENOTCONN, () -> winsock.send(c.server(), bytes("x"), 0));
        HeapOverlapped accept = block();
        acceptEx(c.listener()).acceptEx(c.listener(), c.server(), ByteBuffer.allocate(2 * ROOM), 0, ROOM, ROOM,
                accept);
        SocketHandle second = stream();
        winsock.connect(second, nameOf(c.listener()));
        await(c.listener(), accept);
        winsock.send(second, bytes("again"), 0);
        HeapOverlapped receive = new HeapOverlapped();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(8), null, receive, null);
        assertThat(packet(port).overlapped()).isSameAs(receive);
        assertThat(receive.internalHigh()).isEqualTo(5);
        assertThat(winsock.getsockopt(c.server(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO))
                .isEqualTo(1_234);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void aReusedSocketIsBoundAsBeforeAndConnectsAgain() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle other = listener();
        SocketHandle s = boundStream();
        InetSocketAddress bound = nameOf(s);
        HeapOverlapped block = block();
        connectEx(s).connectEx(s, nameOf(listener), bytes("one"), block);
        await(s, block);
        SocketHandle accepted = winsock.accept(listener, null);
        assertThat(receive(accepted, 8)).isEqualTo("one");
        disconnect(s, null, REUSE);
        assertThat(receive(accepted, 8)).isEmpty();
        assertThat(nameOf(s)).isEqualTo(bound);
        HeapOverlapped again = block();
        connectEx(s).connectEx(s, nameOf(other), bytes("two"), again);
        await(s, again);
        assertThat(receive(winsock.accept(other, null), 8)).isEqualTo("two");
    }

    @Test
    void aReusedSocketKeepsAnAddressThatItShares() throws WinsockException {
        assumeTrue(base == Base.MEMORY, "what Linux shares is another matter");
        SocketHandle s = stream();
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR, true);
        winsock.bind(s, loopback(0));
        SocketHandle other = stream();
        winsock.setsockopt(other, SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR, true);
        winsock.bind(other, nameOf(s));
        InetSocketAddress shared = nameOf(s);
        HeapOverlapped block = block();
        connectEx(s).connectEx(s, nameOf(listener()), null, block);
        await(s, block);
        disconnect(s, null, REUSE);
        assertThat(nameOf(s)).isEqualTo(shared);
    }

    @Test
    void itWorksAfterAShutdownAndAfterThePeersReset() throws WinsockException {
        Connection c = connection();
        winsock.shutdown(c.server(), ShutdownHow.SD_SEND);
        disconnect(c.server(), null, REUSE);
        assertThat(receive(c.client(), 8)).isEmpty();
        Connection d = connection();
        HeapOverlapped receive = block();
        winsock.wsaRecv(d.server(), ByteBuffer.allocate(8), null, receive, null);
        winsock.setsockopt(d.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(d.client());
        assertFails(WsaError.WSAECONNRESET, () -> await(d.server(), receive));
        HeapOverlapped block = block();
        disconnect(d.server(), block, REUSE);
        assertThat(await(d.server(), block)).isZero();
    }

    @Test
    void badParametersFailTheCall() throws WinsockException {
        Connection c = connection();
        assertTold(WsaError.WSAENOTCONN, () -> disconnect(stream(), null, 0));
        assertTold(WsaError.WSAENOTCONN, () -> disconnect(stream(), block(), 0));
        assertTold(WsaError.WSAEINVAL, () -> disconnect(c.client(), null, TransmitFlag.TF_DISCONNECT));
        assertTold(WsaError.WSAEOPNOTSUPP, () -> disconnect(datagram(), null, 0));
        disconnect(c.client(), null, 0);
        assertTold(WsaError.WSAENOTCONN, () -> disconnect(c.client(), null, 0));
        winsock.closesocket(c.client());
        assertTold(WsaError.WSAENOTSOCK, () -> disconnectEx(c.server()).disconnectEx(c.client(), null, 0));
    }
}
