package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEAFNOSUPPORT;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINPROGRESS;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAEINVALIDPROVIDER;
import static org.ws2j.spi.WsaError.WSAENOBUFS;
import static org.ws2j.spi.WsaError.WSAEPROTONOSUPPORT;
import static org.ws2j.spi.WsaError.WSAESOCKTNOSUPPORT;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** Which catalog entry a new socket is made of. */
@Timeout(30)
final class SocketMatchingTest {
    private final FakeHost host = new FakeHost();

    SocketMatchingTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    private static WsaProtocolInfo entry(int family, int type, int protocol, int providerFlags) {
        return FakeHost.entry(type, protocol).toBuilder()
                .addressFamily(family)
                .providerFlags(providerFlags)
                .build();
    }

    @Test
    void theFirstEntryThatFitsMakesTheSocket() throws Exception {
        host.base(FakeModule.nonIfs("tcp4"), entry(2, 1, 6, ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO));
        host.base(FakeModule.nonIfs("udp4"), entry(2, 2, 17, 0));
        host.base(FakeModule.nonIfs("tcp6"), entry(23, 1, 6, ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO));
        host.base(FakeModule.nonIfs("raw"), entry(2, 3, 100, 0).toBuilder().protocolMaxOffset(10).build());
        host.base(FakeModule.nonIfs("hidden"), entry(30, 1, 6, ProviderFlag.PFL_HIDDEN));
        Winsock winsock = host.start();
        assertThat(winsock.providerOf(winsock.socket(2, 1, 6))).isEqualTo("tcp4");
        assertThat(winsock.providerOf(winsock.socket(2, 2, 17))).isEqualTo("udp4");
        assertThat(winsock.providerOf(winsock.socket(23, 1, 0))).isEqualTo("tcp6");
        assertThat(winsock.providerOf(winsock.socket(0, 1, 6))).isEqualTo("tcp4");
        assertThat(winsock.providerOf(winsock.socket(23, 0, 6))).isEqualTo("tcp6");
        assertThat(winsock.providerOf(winsock.socket(0, 0, 17))).isEqualTo("udp4");
        assertThat(winsock.providerOf(winsock.socket(2, 3, 100))).isEqualTo("raw");
        assertThat(winsock.providerOf(winsock.socket(2, 3, 110))).isEqualTo("raw");
        assertThat(winsock.providerOf(winsock.socket(30, 1, 6))).isEqualTo("hidden");
        assertFails(WSAEAFNOSUPPORT, () -> winsock.socket(4711, 1, 6));
        assertFails(WSAESOCKTNOSUPPORT, () -> winsock.socket(23, 2, 17));
        assertFails(WSAEPROTONOSUPPORT, () -> winsock.socket(2, 1, 7));
        assertFails(WSAEPROTONOSUPPORT, () -> winsock.socket(2, 2, 0));
        assertFails(WSAEPROTONOSUPPORT, () -> winsock.socket(2, 3, 111));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEPROTONOSUPPORT.code());
    }

    @Test
    void anEmptyCatalogSupportsNoFamily() throws Exception {
        Winsock winsock = host.start();
        assertFails(WSAEAFNOSUPPORT, () -> winsock.socket(0, 0, 0));
    }

    private static FakeModule answering(String name, WsaError error) {
        return FakeModule.of(name, start -> new NonIfsTable(start) {
            @Override
            public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int flags)
                    throws WinsockException {
                throw new WinsockException(error);
            }
        });
    }

    @Test
    void aProviderThatIsBusyIsPassedOver() throws Exception {
        WsaProtocolInfo busy = host.base(answering("busy", WSAEINPROGRESS));
        host.base(FakeModule.nonIfs("free"));
        Winsock winsock = host.start();
        winsock.wsaSetLastError(5);
        assertThat(winsock.providerOf(winsock.socket(2, 1, 6))).isEqualTo("free");
        assertThat(winsock.wsaGetLastError()).as("success leaves it alone").isEqualTo(5);
        assertFails(WSAEINPROGRESS, () -> host.socket(busy));
    }

    @Test
    void allProvidersBusyIsInProgress() throws Exception {
        host.base(answering("one", WSAEINPROGRESS));
        host.base(answering("two", WSAEINPROGRESS));
        Winsock winsock = host.start();
        assertFails(WSAEINPROGRESS, () -> winsock.socket(2, 1, 6));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEINPROGRESS.code());
    }

    @Test
    void anyOtherRefusalIsFinal() throws Exception {
        host.base(answering("full", WSAENOBUFS));
        FakeModule never = FakeModule.nonIfs("never");
        host.base(never);
        Winsock winsock = host.start();
        assertFails(WSAENOBUFS, () -> winsock.socket(2, 1, 6));
        assertThat(never.starts()).isEmpty();
    }

    @Test
    void aGivenInfoIsFoundByItsIdAndHandedOnAsTheCallersOwn() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        host.base(FakeModule.nonIfs("first"));
        WsaProtocolInfo entry = host.base(module);
        Winsock winsock = host.start();
        WsaProtocolInfo own = entry.toBuilder().addressFamily(99).providerReserved(4711).protocolName("x").build();
        SocketHandle s = winsock.wsaSocket(2, 1, 6, own, 0, 0);
        assertThat(winsock.providerOf(s)).isEqualTo("base");
        assertThat(module.table(NonIfsTable.class).socket(s).info()).isSameAs(own);
        assertThat(module.starts().getFirst().info()).isEqualTo(entry);
    }

    @Test
    void anUnknownInfoAndALayerAloneAreInvalid() throws Exception {
        WsaProtocolInfo base = host.base(FakeModule.ifs("base"));
        int hidden = host.layer(FakeModule.nonIfsLayer("layer"), 0, base).hiddenEntryId();
        Winsock winsock = host.start();
        WsaProtocolInfo unknown = base.toBuilder().catalogEntryId(4711).build();
        WsaProtocolInfo layer = base.toBuilder().catalogEntryId(hidden).build();
        assertFails(WSAEINVAL, () -> host.socket(unknown));
        assertFails(WSAEINVAL, () -> host.socket(layer));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEINVAL.code());
    }

    @Test
    void aHandleThatIsNoSocketOfTheHostMakesTheProviderInvalid() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        FakeModule careless = FakeModule.of("careless", start -> new IfsTable(start) {
            @Override
            protected SocketHandle handle(int catalogEntryId, FakeSocket socket) throws WinsockException {
                return services().files().createFileHandle(socket);
            }

            @Override
            public void wspCloseSocket(SocketHandle s) throws WinsockException {
                closed.incrementAndGet();
                super.wspCloseSocket(s);
            }
        });
        FakeModule nothing = FakeModule.of("nothing", start -> new IfsTable(start) {
            @Override
            public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int flags) {
                return null;
            }
        });
        WsaProtocolInfo first = host.base(careless);
        WsaProtocolInfo second = host.base(nothing);
        Winsock winsock = host.start();
        assertFails(WSAEINVALIDPROVIDER, () -> host.socket(first));
        assertThat(closed).hasValue(1);
        assertThat(winsock.openHandles().sockets()).isZero();
        assertFails(WSASYSCALLFAILURE, () -> host.socket(second));
    }

    @Test
    void theOpenTypeOfTheThreadDecidesWhetherSocketMakesOverlappedSockets() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        host.base(module);
        Winsock winsock = host.start();
        int level = SocketOption.SOL_SOCKET;
        int name = SocketOption.SO_OPENTYPE;
        assertThat(winsock.getsockopt(null, level, name)).isEqualTo(0);
        assertThat(flags(module, winsock.socket(2, 1, 6))).isEqualTo(SocketFlag.WSA_FLAG_OVERLAPPED);
        winsock.setsockopt(null, level, name, 0x20);
        assertThat(winsock.getsockopt(null, level, name)).isEqualTo(0x20);
        assertThat(flags(module, winsock.socket(2, 1, 6))).isZero();
        assertThat(TestThreads.start(() -> flags(module, winsock.socket(2, 1, 6))).get())
                .isEqualTo(SocketFlag.WSA_FLAG_OVERLAPPED);
        assertFails(WSAEFAULT, () -> winsock.setsockopt(null, level, name, "x"));
        assertFails(WSAEFAULT, () -> winsock.setsockopt(null, level, name, null));
        winsock.setsockopt(null, level, name, 0);
        assertThat(flags(module, winsock.socket(2, 1, 6))).isEqualTo(SocketFlag.WSA_FLAG_OVERLAPPED);
    }

    private static int flags(FakeModule module, SocketHandle s) throws WinsockException {
        return module.table(NonIfsTable.class).socket(s).flags();
    }

    @Test
    void enumerationShowsWhatSocketsCanBeMadeOf() throws Exception {
        WsaProtocolInfo tcp = host.base(FakeModule.ifs("tcp"));
        WsaProtocolInfo udp = host.base(FakeModule.ifs("udp"), FakeHost.udp());
        host.base(FakeModule.ifs("hidden"),
                FakeHost.tcp().toBuilder().providerFlags(ProviderFlag.PFL_HIDDEN).build());
        WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), tcp);
        Winsock winsock = host.start();
        assertThat(winsock.wsaEnumProtocols()).containsExactly(chain, tcp, udp);
        assertThat(winsock.wsaEnumProtocols(IpProtocol.IPPROTO_UDP)).containsExactly(udp);
        assertThat(winsock.wsaEnumProtocols(4711)).isEmpty();
        WsaProtocolInfo[] buffer = new WsaProtocolInfo[4];
        assertThat(winsock.wsaEnumProtocols(null, buffer)).isEqualTo(3);
        assertThat(buffer).containsExactly(chain, tcp, udp, null);
        WsaProtocolInfo[] small = new WsaProtocolInfo[2];
        BufferTooSmallException tooSmall = catchThrowableOfType(
                BufferTooSmallException.class, () -> winsock.wsaEnumProtocols(null, small));
        assertThat(tooSmall.is(WSAENOBUFS)).isTrue();
        assertThat(tooSmall.needed()).isEqualTo(3);
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAENOBUFS.code());
        assertThat(small).containsOnlyNulls();
        assertFails(WSAENOBUFS, () -> winsock.wsaEnumProtocols(new int[] {IpProtocol.IPPROTO_UDP}, null));
        assertFails(WSAENOBUFS, () -> winsock.wsaEnumProtocols(new int[] {4711}, null));
    }
}
