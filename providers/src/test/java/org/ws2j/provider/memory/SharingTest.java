package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** Duplicated sockets, networks that several hosts share, options, texts and the catalog. */
final class SharingTest extends MemoryTest {
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

    private Object option(SocketHandle s, int name) throws WinsockException {
        return winsock.getsockopt(s, SocketOption.SOL_SOCKET, name);
    }

    @Test
    void aDuplicateIsTheSameSocketUntilTheLastHandleIsClosed() throws WinsockException {
        Connection c = connection();
        SocketHandle second = duplicate(c.server());
        assertThat(second).isNotSameAs(c.server());
        winsock.setsockopt(second, SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, 123);
        assertThat(option(c.server(), SocketOption.SO_RCVBUF)).isEqualTo(123);
        winsock.closesocket(c.server());
        winsock.send(c.client(), bytes("still"), 0);
        assertThat(receive(second, 9)).isEqualTo("still");
        winsock.closesocket(second);
        assertThat(receive(c.client(), 1)).isEmpty();
    }

    @Test
    void aTokenIsGoodOnce() throws WinsockException {
        WsaProtocolInfo info = winsock.wsaDuplicateSocket(stream(), winsock.processId());
        fromInfo(info);
        assertFails(WsaError.WSAEINVAL, () -> fromInfo(info));
        SocketHandle gone = stream();
        WsaProtocolInfo late = winsock.wsaDuplicateSocket(gone, winsock.processId());
        winsock.closesocket(gone);
        assertFails(WsaError.WSAEINVAL, () -> fromInfo(late));
    }

    @Test
    void anEntryThatIsGivenToAnotherHostNamesNoSocketOfThatOne() throws WinsockException {
        try (Winsock other = host(new MemoryModule())) {
            SocketHandle theirs = other.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
            WsaProtocolInfo strange = winsock.wsaDuplicateSocket(stream(), other.processId());
            WsaProtocolInfo own = other.wsaDuplicateSocket(theirs, other.processId());
            assertFails(WsaError.WSAEINVAL, () -> fromInfo(other, strange));
            assertThat(fromInfo(other, own)).isNotNull();
            assertThat(fromInfo(strange)).isNotNull();
        }
    }

    @Test
    void closingOneHandleEndsItsBlockingCallsAndKeepsItsOverlappedOnes() throws Exception {
        Connection c = connection();
        SocketHandle second = duplicate(c.server());
        HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null);
        CompletableFuture<String> blocked = waiting(() -> receive(c.server(), 1));
        winsock.closesocket(c.server());
        assertFailsLater(WsaError.WSAEINTR, blocked);
        assertThat(block.isCompleted()).isFalse();
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(winsock.wsaGetOverlappedResult(second, block, true, null)).isEqualTo(1);
    }

    @Test
    void hostsMeetOnASharedNetworkAlone() throws WinsockException {
        MemoryModule module = new MemoryModule(new MemoryNetwork());
        try (Winsock a = host(module);
                Winsock b = host(module)) {
            SocketHandle listener = a.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
            a.bind(listener, loopback(80));
            a.listen(listener, 1);
            SocketHandle client = b.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
            b.connect(client, loopback(80));
            SocketHandle server = a.accept(listener, null);
            b.send(client, bytes("over"), 0);
            ByteBuffer room = ByteBuffer.allocate(8);
            assertThat(a.recv(server, room, 0)).isEqualTo(4);
            assertFails(WsaError.WSAECONNREFUSED, () -> winsock.connect(stream(), loopback(80)));
            a.wsaCleanup();
            assertFails(WsaError.WSAECONNRESET, () -> b.recv(client, room.clear(), 0));
        }
    }

    @Test
    void optionsHavePlausibleValues() throws WinsockException {
        SocketHandle s = stream();
        assertThat(option(s, SocketOption.SO_TYPE)).isEqualTo(SocketType.SOCK_STREAM);
        assertThat(option(s, SocketOption.SO_SNDBUF)).isEqualTo(64 * 1_024);
        assertThat(option(s, SocketOption.SO_ACCEPTCONN)).isEqualTo(false);
        assertThat(option(listener(), SocketOption.SO_ACCEPTCONN)).isEqualTo(true);
        assertThat(option(s, SocketOption.SO_DONTLINGER)).isEqualTo(true);
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 9));
        assertThat(option(s, SocketOption.SO_DONTLINGER)).isEqualTo(false);
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_DONTLINGER, true);
        assertThat(option(s, SocketOption.SO_LINGER)).isEqualTo(new Linger(false, 9));
        assertThat(((WsaProtocolInfo) option(s, SocketOption.SO_PROTOCOL_INFOW)).isIfs()).isFalse();
        assertThat(option(datagram(), SocketOption.SO_MAX_MSG_SIZE)).isEqualTo(65_507);
        winsock.setsockopt(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY, true);
        assertThat(winsock.getsockopt(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY)).isEqualTo(true);
        assertFails(WsaError.WSAENOPROTOOPT, () -> option(s, SocketOption.SO_MAX_MSG_SIZE));
        assertFails(WsaError.WSAENOPROTOOPT,
                () -> winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_TYPE, 2));
        assertFails(WsaError.WSAEINVAL, () -> winsock.getsockopt(s, 12_345, 1));
        assertFails(WsaError.WSAEFAULT,
                () -> winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_BROADCAST, "yes"));
    }

    @Test
    void theBaseHandleIsTheSocketItself() throws WinsockException {
        SocketHandle s = stream();
        for (int code : new int[] {IoctlCode.SIO_BASE_HANDLE, IoctlCode.SIO_BSP_HANDLE, IoctlCode.SIO_BSP_HANDLE_SELECT,
                IoctlCode.SIO_BSP_HANDLE_POLL}) {
            IoctlResult out = new IoctlResult();
            winsock.wsaIoctl(s, code, null, out, null, null);
            assertThat(out.value()).isSameAs(s);
        }
    }

    @Test
    void addressesHaveTexts() throws WinsockException {
        assertThat(winsock.wsaAddressToString(loopback(80), null)).isEqualTo("127.0.0.1:80");
        assertThat(winsock.wsaStringToAddress("127.0.0.1:80", AddressFamily.AF_INET, null)).isEqualTo(loopback(80));
    }

    @Test
    void theDefaultCatalogDoesNotHaveIt() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.inMemory(List.of(new TcpIpModule(), new MemoryModule()));
        assertThat(catalog.wscEnumProtocols()).extracting(WsaProtocolInfo::protocolName)
                .noneMatch(name -> name.startsWith("memory"));
        assertThat(MemoryProtocols.ENTRIES).hasSize(4).noneMatch(WsaProtocolInfo::isIfs);
    }
}
