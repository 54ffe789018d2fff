package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspResult;

/** WSPDuplicateSocket within the process. */
final class DuplicateTest extends TcpIpTest {
    private SocketHandle duplicate(SocketHandle s) throws WinsockException {
        return fromInfo(winsock.wsaDuplicateSocket(s, winsock.processId()));
    }

    private SocketHandle fromInfo(WsaProtocolInfo info) throws WinsockException {
        return fromInfo(winsock, info);
    }

    private static SocketHandle fromInfo(Winsock host, WsaProtocolInfo info) throws WinsockException {
        return host.wsaSocket(IpProtocol.FROM_PROTOCOL_INFO, IpProtocol.FROM_PROTOCOL_INFO,
                IpProtocol.FROM_PROTOCOL_INFO, info, 0, SocketFlag.WSA_FLAG_OVERLAPPED);
    }

    @Test
    void aDuplicateIsTheSameSocketUntilTheLastHandleIsClosed() throws WinsockException {
        Connection c = connection();
        SocketHandle second = duplicate(c.server());
        assertThat(second).isNotSameAs(c.server());
        winsock.setsockopt(second, SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 123);
        nonBlocking(second);
        assertThat(winsock.getsockopt(c.server(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO)).isEqualTo(123);
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(1), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        winsock.closesocket(c.server());
        winsock.ioctlsocket(second, IoctlCode.FIONBIO, false);
        winsock.send(c.client(), bytes("still"), 0);
        assertThat(receive(second, 9)).isEqualTo("still");
        winsock.closesocket(second);

        assertThat(receive(c.client(), 1)).isEmpty();
    }

    @Test
    void aTokenIsGoodOnceAndWhileTheSocketLives() throws WinsockException {
        WsaProtocolInfo info = winsock.wsaDuplicateSocket(tcp(), winsock.processId());
        fromInfo(info);
        assertFails(WsaError.WSAEINVAL, () -> fromInfo(info));
        SocketHandle gone = tcp();
        WsaProtocolInfo late = winsock.wsaDuplicateSocket(gone, winsock.processId());
        winsock.closesocket(gone);

        assertFails(WsaError.WSAEINVAL, () -> fromInfo(late));
        assertFails(WsaError.WSAENOTSOCK, () -> winsock.wsaDuplicateSocket(gone, winsock.processId()));
    }

    @Test
    void anEntryThatIsGivenToAnotherHostNamesNoSocketOfThatOne() throws WinsockException {
        try (Winsock other = Winsock.create()) {
            other.wsaStartup(WinsockVersion.V2_2);
            SocketHandle theirs = other.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
            WsaProtocolInfo strange = winsock.wsaDuplicateSocket(tcp(), other.processId());
            WsaProtocolInfo own = other.wsaDuplicateSocket(theirs, other.processId());
            assertFails(WsaError.WSAEINVAL, () -> fromInfo(other, strange));
            assertThat(fromInfo(other, own)).isNotNull();
            assertThat(fromInfo(strange)).isNotNull();
        }
    }

    @Test
    void aTokenOutlivesTheHandleThatItWasMadeWith() throws WinsockException {
        Connection c = connection();
        SocketHandle second = duplicate(c.server());
        WsaProtocolInfo info = winsock.wsaDuplicateSocket(c.server(), winsock.processId());
        winsock.closesocket(c.server());
        winsock.send(c.client(), bytes("x"), 0);

        assertThat(receive(fromInfo(info), 1)).isEqualTo("x");
        winsock.closesocket(second);
    }

    @Test
    void operationsOfAllHandlesCompleteWithTheKeyOfTheSocketAndTheLastCloseAborts() throws WinsockException {
        Connection c = connection();
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(c.server(), port, "key");
        SocketHandle second = duplicate(c.server());
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), null, new HeapOverlapped(), null);
        winsock.wsaRecv(second, ByteBuffer.allocate(1), null, new HeapOverlapped(), null);
        winsock.wsaRecv(second, ByteBuffer.allocate(1), null, new HeapOverlapped(), null);
        winsock.closesocket(c.server());
        winsock.send(c.client(), bytes("ab"), 0);
        assertPacket(port, 0);
        assertPacket(port, 0);
        winsock.closesocket(second);

        assertPacket(port, WsaError.ERROR_CONNECTION_ABORTED.code());
        winsock.ports().closeIoCompletionPort(port);
    }

    private void assertPacket(CompletionPort port, int error) throws WinsockException {
        CompletionPacket packet = new CompletionPacket();
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 20_000)).isTrue();
        assertThat(packet.error()).isEqualTo(error);
        assertThat(packet.completionKey()).isEqualTo("key");
    }

    @Test
    void closingOneHandleEndsItsBlockingCallsAndNoOthers() throws WinsockException {
        Connection c = connection();
        SocketHandle second = duplicate(c.server());
        var own = async(() -> receive(second, 1));
        awaitBlocked(second);
        winsock.closesocket(second);
        assertFailsLater(WsaError.WSAEINTR, own);
        SocketHandle third = duplicate(c.server());
        var others = async(() -> receive(c.server(), 1));
        awaitBlocked(c.server());
        winsock.closesocket(third);
        assertThat(others).isNotDone();
        winsock.send(c.client(), bytes("x"), 0);

        assertThat(others.join()).isEqualTo("x");
    }

    @Test
    void closingOneHandleEndsItsCallsThatWaitBehindOverlappedOnes() throws WinsockException {
        Connection c = connection();
        SocketHandle second = duplicate(c.server());
        HeapOverlapped block = new HeapOverlapped();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null);
        var waiting = async(() -> receive(second, 1));
        awaitBlocked(second);
        winsock.closesocket(second);

        assertFailsLater(WsaError.WSAEINTR, waiting);
        assertThat(block.isCompleted()).isFalse();
    }

    @Test
    void closingOneHandleEndsItsAcceptAndItsSelect() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle second = duplicate(listener);
        SocketHandle third = duplicate(listener);
        var accepted = async(() -> winsock.accept(second, null));
        awaitBlocked(listener);
        winsock.closesocket(second);
        assertFailsLater(WsaError.WSAEINTR, accepted);
        var selected = async(() -> winsock.select(FdSet.of(third), null, null, null));
        awaitBlocked(listener);
        winsock.closesocket(third);
        assertFailsLater(WsaError.WSAENOTSOCK, selected);
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));

        assertThat(winsock.accept(listener, null)).isNotNull();
    }

    @Test
    void selectionsAreSharedAndTheLastOneWins() throws Exception {
        Connection c = connection();
        SocketHandle second = duplicate(c.server());
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(c.server(), event, NetworkEvent.FD_READ);
        winsock.send(c.client(), bytes("x"), 0);
        winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false);
        WsaNetworkEvents events = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(second, event, events);
        assertThat(events.lNetworkEvents()).isEqualTo(NetworkEvent.FD_READ);
        BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
        WindowHandle window = winsock.windows().createWindow(Runnable::run, messages::add);
        winsock.wsaAsyncSelect(second, window, 1_024, NetworkEvent.FD_READ);

        assertThat(messages.poll(20, TimeUnit.SECONDS).wParam()).isSameAs(second);
        winsock.windows().destroyWindow(window);
        winsock.wsaCloseEvent(event);
    }

    @Test
    void twoHandlesOfOneSocketCanStandInOneSelect() throws WinsockException {
        Connection c = connection();
        SocketHandle second = duplicate(c.server());
        FdSet write = FdSet.of(second);
        winsock.send(c.client(), bytes("x"), 0);
        FdSet read = FdSet.of(c.server());

        assertThat(winsock.select(read, null, null, new Timeval(20, 0))).isEqualTo(1);
        assertThat(winsock.select(FdSet.of(c.server()), write, null, new Timeval(20, 0))).isEqualTo(2);
        assertThat(write.fdIsSet(second)).isTrue();
    }

    @Test
    void onlyTheLastCloseLingers() throws WinsockException {
        Connection c = connection();
        SocketHandle second = duplicate(c.client());
        winsock.setsockopt(second, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 20));
        nonBlocking(second);
        fill(second);
        winsock.closesocket(c.client());

        assertFails(WsaError.WSAEWOULDBLOCK, () -> winsock.closesocket(second));
    }

    @Test
    void aDuplicateMadeBeforeBindDoesNotSeeTheBind() throws WinsockException {
        SocketHandle s = udp();
        SocketHandle early = duplicate(s);
        winsock.bind(s, loopback(0));
        SocketHandle late = duplicate(s);
        winsock.sendto(late, bytes("x"), 0, nameOf(s));

        assertFails(WsaError.WSAEINVAL, () -> receive(early, 1));
        assertThat(receive(late, 1)).isEqualTo("x");
    }

    @Test
    void theBaseHandleIsTheOneThatWasAsked() throws WinsockException {
        SocketHandle second = duplicate(tcp());
        IoctlResult out = new IoctlResult();
        winsock.wsaIoctl(second, IoctlCode.SIO_BASE_HANDLE, null, out, null, null);

        assertThat(out.value()).isSameAs(second);
    }
}
