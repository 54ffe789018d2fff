package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.spi.AddressFamily.AF_INET;
import static org.ws2j.spi.AddressFamily.AF_INET6;
import static org.ws2j.spi.AddressFamily.AF_UNSPEC;
import static org.ws2j.spi.IpProtocol.FROM_PROTOCOL_INFO;
import static org.ws2j.spi.IpProtocol.IPPROTO_TCP;
import static org.ws2j.spi.IpProtocol.IPPROTO_UDP;
import static org.ws2j.spi.SocketFlag.WSA_FLAG_MULTIPOINT_C_LEAF;
import static org.ws2j.spi.SocketFlag.WSA_FLAG_MULTIPOINT_C_ROOT;
import static org.ws2j.spi.SocketFlag.WSA_FLAG_MULTIPOINT_D_LEAF;
import static org.ws2j.spi.SocketFlag.WSA_FLAG_MULTIPOINT_D_ROOT;
import static org.ws2j.spi.SocketFlag.WSA_FLAG_NO_HANDLE_INHERIT;
import static org.ws2j.spi.SocketFlag.WSA_FLAG_OVERLAPPED;
import static org.ws2j.spi.SocketOption.SOL_SOCKET;
import static org.ws2j.spi.SocketOption.SO_OPENTYPE;
import static org.ws2j.spi.SocketType.SOCK_DGRAM;
import static org.ws2j.spi.SocketType.SOCK_RDM;
import static org.ws2j.spi.SocketType.SOCK_STREAM;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** socket, WSASocket. */
final class SocketsSuite extends Suite {
    private static final int SO_SYNCHRONOUS_NONALERT = 0x20;
    private static final int UNKNOWN = 99;

    // ---- by family, type and protocol ------------------------------------------------------------------------------

    @Proves("socket.triple")
    void eachEntryOfTheCatalogMakesSocketsOfItsTriple() throws WinsockException {
        assertThat(ws.wsaEnumProtocols()).isNotEmpty();
        for (WsaProtocolInfo entry : ws.wsaEnumProtocols()) {
            SocketHandle s = net.own(ws.socket(entry.addressFamily(), entry.socketType(), entry.protocol()));
            assertThat(triple(entryOf(s))).isEqualTo(triple(entry));
        }
    }

    @Proves({"socket.triple", "fact-30"})
    void protocolZeroIsTheUsualOneOfFamilyAndType() throws WinsockException {
        for (WsaProtocolInfo entry : zeroEntries()) {
            SocketHandle s = net.own(ws.socket(entry.addressFamily(), entry.socketType(), 0));
            assertThat(triple(entryOf(s))).isEqualTo(triple(entry));
        }
    }

    @Proves("fact-30")
    void typeZeroIsTheFirstEntryOfTheFamily() throws WinsockException {
        for (int family : new int[] {AF_INET, AF_INET6}) {
            WsaProtocolInfo first = zeroEntries().stream().filter(e -> e.addressFamily() == family).findFirst()
                    .orElseThrow();
            assertThat(entryOf(net.own(ws.socket(family, 0, 0)))).isEqualTo(first);
        }
    }

    @Proves("fact-30")
    void familyZeroIsTheFirstEntryOfTheType() throws WinsockException {
        for (int type : new int[] {SOCK_STREAM, SOCK_DGRAM}) {
            WsaProtocolInfo first = zeroEntries().stream().filter(e -> e.socketType() == type).findFirst()
                    .orElseThrow();
            assertThat(entryOf(net.own(ws.socket(AF_UNSPEC, type, 0)))).isEqualTo(first);
        }
    }

    @Proves("fact-30")
    void familyAndTypeZeroAreTheFirstEntryOfTheProtocol() throws WinsockException {
        for (int protocol : new int[] {IPPROTO_TCP, IPPROTO_UDP}) {
            WsaProtocolInfo first = ws.wsaEnumProtocols(protocol).getFirst();
            assertThat(entryOf(net.own(ws.socket(AF_UNSPEC, 0, protocol)))).isEqualTo(first);
        }
    }

    @Proves("socket.afnosupport")
    void aFamilyThatNobodyHasIsRefused() {
        fails(WsaError.WSAEAFNOSUPPORT, () -> ws.socket(UNKNOWN, SOCK_STREAM, IPPROTO_TCP));
        fails(WsaError.WSAEAFNOSUPPORT, () -> ws.wsaSocket(UNKNOWN, 0, 0, null, 0, WSA_FLAG_OVERLAPPED));
    }

    @Proves("socket.socktnosupport")
    void aTypeThatTheFamilyHasNotIsRefused() {
        fails(WsaError.WSAESOCKTNOSUPPORT, () -> ws.socket(AF_INET, SOCK_RDM, 0));
        fails(WsaError.WSAESOCKTNOSUPPORT, () -> ws.socket(AF_INET6, UNKNOWN, IPPROTO_TCP));
    }

    @Proves("socket.protonosupport")
    void aProtocolThatFamilyAndTypeHaveNotIsRefused() {
        fails(WsaError.WSAEPROTONOSUPPORT, () -> ws.socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
        fails(WsaError.WSAEPROTONOSUPPORT, () -> ws.socket(AF_INET6, SOCK_DGRAM, IPPROTO_TCP));
        fails(WsaError.WSAEPROTONOSUPPORT, () -> ws.socket(AF_INET, SOCK_STREAM, UNKNOWN));
    }

    @Proves("common.last-error")
    void theErrorOfARefusalIsTheThreadsLastErrorUntilTheNextFailure() throws WinsockException {
        fails(WsaError.WSAEAFNOSUPPORT, () -> ws.socket(UNKNOWN, SOCK_STREAM, 0));
        net.stream();
        assertThat(ws.wsaGetLastError()).isEqualTo(WsaError.WSAEAFNOSUPPORT.code());
    }

    @Proves("socket.handle")
    void openSocketsHaveDifferentHandles() throws WinsockException {
        Set<SocketHandle> handles = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            handles.add(net.stream());
            handles.add(net.datagram());
        }
        assertThat(handles).hasSize(16);
    }

    // ---- by an entry -----------------------------------------------------------------------------------------------

    @Proves({"socket.info", "trap-21"})
    void theEntryGivenFillsInWhatIsLeftToIt() throws WinsockException {
        for (WsaProtocolInfo entry : ws.wsaEnumProtocols()) {
            SocketHandle s = net.own(ws.wsaSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, entry, 0,
                    WSA_FLAG_OVERLAPPED));
            assertThat(entryOf(s)).isEqualTo(entry);
        }
    }

    @Proves({"socket.info", "trap-21"})
    void zerosBesideAnEntryAreTheEntrysValuesToo() throws WinsockException {
        for (WsaProtocolInfo entry : ws.wsaEnumProtocols()) {
            SocketHandle s = net.own(ws.wsaSocket(0, 0, 0, entry, 0, WSA_FLAG_OVERLAPPED));
            assertThat(entryOf(s)).isEqualTo(entry);
        }
    }

    @Proves("socket.info")
    void theEntryGivenIsUsedAlthoughAnotherComesFirst() throws WinsockException {
        WsaProtocolInfo last = ws.wsaEnumProtocols(IPPROTO_TCP).getLast();
        SocketHandle s = net.own(ws.wsaSocket(last.addressFamily(), SOCK_STREAM, IPPROTO_TCP, last, 0,
                WSA_FLAG_OVERLAPPED));
        assertThat(entryOf(s)).isEqualTo(last);
    }

    @Proves("socket.prototype")
    void valuesThatContradictTheEntryAreRefused() throws WinsockException {
        WsaProtocolInfo tcp = ws.wsaEnumProtocols(IPPROTO_TCP).getFirst();
        int other = tcp.addressFamily() == AF_INET ? AF_INET6 : AF_INET;
        fails(WsaError.WSAEAFNOSUPPORT, () -> ws.wsaSocket(other, SOCK_STREAM, IPPROTO_TCP, tcp, 0, 0));
        fails(WsaError.WSAEPROTOTYPE, () -> ws.wsaSocket(0, SOCK_DGRAM, IPPROTO_TCP, tcp, 0, 0));
        fails(WsaError.WSAESOCKTNOSUPPORT, () -> ws.wsaSocket(0, UNKNOWN, IPPROTO_TCP, tcp, 0, 0));
        fails(WsaError.WSAEPROTONOSUPPORT, () -> ws.wsaSocket(0, SOCK_STREAM, IPPROTO_UDP, tcp, 0, 0));
    }

    @Proves("socket.info-inval")
    void anEntryThatIsNotInTheCatalogIsInvalid() throws WinsockException {
        WsaProtocolInfo foreign = ws.wsaEnumProtocols().getFirst().toBuilder().catalogEntryId(0x7ffffff0).build();
        fails(WsaError.WSAEINVAL, () -> ws.wsaSocket(0, 0, 0, foreign, 0, WSA_FLAG_OVERLAPPED));
    }

    @Proves("socket.info-inval")
    void aLayerAloneMakesNoSocket() throws WinsockException {
        onlyIf(stack.isLayered(), "stacks with layers");
        List<WsaProtocolInfo> layers = ws.catalog().wscEnumProtocols().stream()
                .filter(e -> e.protocolChain().isLayer()).toList();
        assertThat(layers).isNotEmpty();
        for (WsaProtocolInfo layer : layers) {
            fails(WsaError.WSAEINVAL, () -> ws.wsaSocket(0, 0, 0, layer, 0, WSA_FLAG_OVERLAPPED));
        }
    }

    @Proves("socket.info")
    void aBaseEntryBesideItsChainMakesSocketsPastTheLayers() throws WinsockException {
        onlyIf(stack.isLayered(), "stacks with layers");
        WsaProtocolInfo base = ws.wsaEnumProtocols(IPPROTO_TCP).stream().filter(e -> e.protocolChain().isBase())
                .findFirst().orElseThrow();
        SocketHandle s = net.own(ws.wsaSocket(0, 0, 0, base, 0, WSA_FLAG_OVERLAPPED));
        assertThat(entryOf(s)).isEqualTo(base);
    }

    // ---- flags -----------------------------------------------------------------------------------------------------

    @Proves("socket.overlapped")
    void socketMakesSocketsForOverlappedOperations() throws WinsockException {
        assertReceivesLater(net.own(ws.socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)));
    }

    @Proves("socket.overlapped")
    void wsaSocketMakesSocketsForOverlappedOperationsWhereItIsAsked() throws WinsockException {
        assertReceivesLater(net.own(ws.wsaSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, null, 0, WSA_FLAG_OVERLAPPED)));
    }

    @Proves({"socket.overlapped", "fact-19"})
    void aSocketWithoutTheOverlappedFlagReceivesOnTheSpotAndBlocks() throws Exception {
        assertReceivesOnTheSpot(net.own(ws.wsaSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, null, 0, 0)));
    }

    @Proves({"socket.overlapped", "so.opentype"})
    void theOpenTypeOfTheThreadMakesSocketMakeSynchronousSockets() throws Exception {
        ws.setsockopt(null, SOL_SOCKET, SO_OPENTYPE, SO_SYNCHRONOUS_NONALERT);
        try {
            assertReceivesOnTheSpot(net.datagram());
        } finally {
            ws.setsockopt(null, SOL_SOCKET, SO_OPENTYPE, 0);
        }
        assertReceivesLater(net.datagram());
    }

    @Proves("so.opentype")
    void theOpenTypeIsOfOneThreadAlone() throws Exception {
        ws.setsockopt(null, SOL_SOCKET, SO_OPENTYPE, SO_SYNCHRONOUS_NONALERT);
        try {
            assertThat(ws.getsockopt(null, SOL_SOCKET, SO_OPENTYPE)).isEqualTo(SO_SYNCHRONOUS_NONALERT);
            assertThat(calls.start(() -> ws.getsockopt(null, SOL_SOCKET, SO_OPENTYPE)).result()).isEqualTo(0);
        } finally {
            ws.setsockopt(null, SOL_SOCKET, SO_OPENTYPE, 0);
        }
    }

    @Proves("so.opentype")
    void theOpenTypeLeavesWsaSocketAlone() throws WinsockException {
        ws.setsockopt(null, SOL_SOCKET, SO_OPENTYPE, SO_SYNCHRONOUS_NONALERT);
        try {
            assertReceivesLater(net.own(ws.wsaSocket(AF_INET, SOCK_DGRAM, 0, null, 0, WSA_FLAG_OVERLAPPED)));
        } finally {
            ws.setsockopt(null, SOL_SOCKET, SO_OPENTYPE, 0);
        }
    }

    @Proves("socket.no-inherit")
    void aHandleThatIsNotToBeInheritedIsASocketLikeAnyOther() throws WinsockException {
        SocketHandle s = net.own(ws.wsaSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, null, 0,
                WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT));
        ws.bind(s, loopback(0));
        assertThat(net.name(s).getPort()).isPositive();
    }

    @Proves("socket.multipoint")
    void aMultipointSocketNeedsOneFlagOfEachPlane() {
        for (int flags : new int[] {WSA_FLAG_MULTIPOINT_C_LEAF, WSA_FLAG_MULTIPOINT_D_LEAF, WSA_FLAG_MULTIPOINT_C_ROOT,
                WSA_FLAG_MULTIPOINT_D_ROOT, WSA_FLAG_MULTIPOINT_C_ROOT | WSA_FLAG_MULTIPOINT_C_LEAF,
                WSA_FLAG_MULTIPOINT_C_LEAF | WSA_FLAG_MULTIPOINT_D_LEAF | WSA_FLAG_MULTIPOINT_D_ROOT}) {
            fails(WsaError.WSAEINVAL, () -> multipoint(SOCK_DGRAM, flags));
        }
    }

    @Proves("socket.multipoint")
    void aRootNeedsAProtocolWithRoots() throws WinsockException {
        int both = WSA_FLAG_MULTIPOINT_C_ROOT | WSA_FLAG_MULTIPOINT_D_ROOT;
        boolean isRooted = (ws.wsaEnumProtocols(IPPROTO_UDP).getFirst().serviceFlags1()
                & (ServiceFlag.XP1_MULTIPOINT_CONTROL_PLANE | ServiceFlag.XP1_MULTIPOINT_DATA_PLANE)) != 0;
        onlyIf(!isRooted, "protocols without roots");
        fails(WsaError.WSAEINVAL, () -> multipoint(SOCK_DGRAM, both));
    }

    @Proves("socket.multipoint")
    void aStreamIsNoMultipointSocket() {
        fails(WsaError.WSAEINVAL,
                () -> multipoint(SOCK_STREAM, WSA_FLAG_MULTIPOINT_C_LEAF | WSA_FLAG_MULTIPOINT_D_LEAF));
    }

    // ---- before and after ------------------------------------------------------------------------------------------

    @Proves("common.notinitialised")
    void afterTheLastCleanupNoSocketIsMadeAndNoneIsLeft() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        ws.wsaCleanup();
        fails(WsaError.WSANOTINITIALISED, () -> ws.socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
        fails(WsaError.WSANOTINITIALISED, () -> ws.wsaSocket(AF_INET, SOCK_STREAM, 0, null, 0, 0));
        fails(WsaError.WSANOTINITIALISED, () -> ws.getsockname(s));
        fails(WsaError.WSANOTINITIALISED, () -> ws.closesocket(s));
    }

    private SocketHandle multipoint(int type, int flags) throws WinsockException {
        return net.own(ws.wsaSocket(AF_INET, type, 0, null, 0, WSA_FLAG_OVERLAPPED | flags));
    }

    private void assertReceivesLater(SocketHandle s) throws WinsockException {
        ws.bind(s, loopback(0));
        HeapOverlapped block = new HeapOverlapped(signals.event());
        ByteBuffer room = ByteBuffer.allocateDirect(8);
        pends(ws.wsaRecv(s, room, new ReceiveResult(), block, null));
        ws.sendto(net.datagram(), ByteBuffer.wrap(new byte[2]), 0, net.name(s));
        signals.await(block.hEvent());

        assertThat(ws.wsaGetOverlappedResult(s, block, false, new ReceiveResult())).isEqualTo(2);
    }

    /** The overlapped block is ignored. */
    private void assertReceivesOnTheSpot(SocketHandle s) throws Exception {
        ws.bind(s, loopback(0));
        ByteBuffer room = ByteBuffer.allocateDirect(8);
        HeapOverlapped block = new HeapOverlapped(signals.event());
        Call<Long> call = calls.waiting(() -> ws.wsaRecv(s, room, new ReceiveResult(), block, null));
        ws.sendto(net.datagram(), ByteBuffer.wrap(new byte[2]), 0, net.name(s));

        assertThat(call.result()).isEqualTo(2);
    }

    private WsaProtocolInfo entryOf(SocketHandle s) throws WinsockException {
        return (WsaProtocolInfo) ws.getsockopt(s, SOL_SOCKET, SocketOption.SO_PROTOCOL_INFOW);
    }

    private List<WsaProtocolInfo> zeroEntries() throws WinsockException {
        return ws.wsaEnumProtocols().stream()
                .filter(e -> (e.providerFlags() & ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO) != 0).toList();
    }

    private static List<Integer> triple(WsaProtocolInfo entry) {
        return List.of(entry.addressFamily(), entry.socketType(), entry.protocol());
    }
}
