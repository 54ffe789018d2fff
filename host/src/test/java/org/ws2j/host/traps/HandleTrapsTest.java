package org.ws2j.host.traps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog.InstalledChains;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.IfsLayerTable;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/** Contexts, numbers and owners of handles. */
@Timeout(30)
final class HandleTrapsTest {
    private final FakeHost host = new FakeHost();

    HandleTrapsTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    @Trap(3)
    void aContextThatIsNotFoundIsAFailureAndNeverAValue() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        WsaProtocolInfo entry = host.base(module);
        host.start();
        SocketHandle s = host.socket(entry);
        host.winsock().closesocket(s);
        Object context = "as before";
        try {
            context = module.upcalls().wpuQuerySocketHandleContext(s);
        } catch (WinsockException e) {
            assertThat(e.is(WSAENOTSOCK)).isTrue();
        }
        assertThat(context).isEqualTo("as before");
    }

    @Test
    @Trap(4)
    void noContextMeansNone() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        int entry = host.base(module).catalogEntryId();
        host.start();
        host.socket();
        Upcalls upcalls = module.upcalls();
        assertThat(upcalls.wpuQuerySocketHandleContext(upcalls.wpuCreateSocketHandle(entry, null))).isNull();
        assertThat(upcalls.wpuQuerySocketHandleContext(upcalls.wpuCreateSocketHandle(entry, 0))).isEqualTo(0);
        assertThat(upcalls.wpuQuerySocketHandleContext(upcalls.wpuCreateSocketHandle(entry, 7))).isEqualTo(7);
        upcalls.wpuCompleteOverlappedRequest(
                upcalls.wpuCreateSocketHandle(entry, null), new HeapOverlapped(), 0, 0);
    }

    @Test
    @Trap(9)
    void theNumberOfAHandleIsPositiveAMultipleOfFourAndFitsAnInt() throws Exception {
        host.base(FakeModule.nonIfs("base"));
        Winsock winsock = host.start();
        for (int i = 0; i < 3000; i++) {
            SocketHandle s = host.socket();
            int number = Integer.parseInt(s.toString().replace("SOCKET 0x", ""), 16);
            assertThat(number).isPositive();
            assertThat(number % 4).isZero();
            winsock.closesocket(s);
        }
    }

    @Test
    @Trap(8)
    void aHiddenIdMeansTheStartedProviderOfThatModuleWithoutAnotherStart() throws Exception {
        FakeModule layer = FakeModule.of("layer", start -> new NonIfsLayerTable(start) {
            @Override
            protected int ownId(WsaProtocolInfo info) {
                return info.protocolChain().chainEntries().getFirst();
            }
        });
        InstalledChains chains = host.layer(layer, 0, host.base(FakeModule.ifs("base")));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chains.chains().getFirst());
        assertThat(winsock.providerOf(s)).isEqualTo("layer");
        assertThat(layer.starts()).hasSize(1);
        assertThat(layer.starts().getFirst().info().protocolChain().isChain()).isTrue();
        winsock.closesocket(s);
    }

    @Test
    @Trap(8)
    void aHiddenIdMeansTheChainWhoseCallIsInProgress() throws Exception {
        FakeModule layer = FakeModule.of("layer", start -> new NonIfsLayerTable(start) {
            @Override
            protected int ownId(WsaProtocolInfo info) {
                return info.protocolChain().chainEntries().getFirst();
            }
        });
        WsaProtocolInfo tcp = host.base(FakeModule.ifs("tcp"));
        WsaProtocolInfo udp = host.base(FakeModule.ifs("udp"), FakeHost.udp());
        List<WsaProtocolInfo> chains = host.layer(layer, 0, tcp, udp).chains();
        Winsock winsock = host.start();
        SocketHandle first = host.socket(chains.get(0));
        SocketHandle second = host.socket(chains.get(1));
        winsock.send(first, ByteBuffer.wrap(new byte[] {1}), 0);
        winsock.send(second, ByteBuffer.wrap(new byte[] {2, 3}), 0);
        winsock.closesocket(first);
        winsock.closesocket(second);
        assertThat(layer.starts()).hasSize(2);
        assertThat(winsock.openHandles().sockets()).isZero();
    }

    private static FakeModule withIdZero(String name) {
        return FakeModule.of(name, start -> new NonIfsTable(start) {
            @Override
            protected SocketHandle handle(int catalogEntryId, FakeSocket socket) throws WinsockException {
                return super.handle(0, socket);
            }
        });
    }

    @Test
    @Trap(8)
    void idZeroMeansTheBaseProviderThatIsBeingCalled() throws Exception {
        WsaProtocolInfo first = host.base(FakeModule.nonIfs("first"));
        WsaProtocolInfo san = host.base(withIdZero("san"));
        Winsock winsock = host.start();
        host.socket(first);
        assertThat(winsock.providerOf(host.socket(san))).isEqualTo("san");
    }

    @Test
    @Trap(8)
    void idZeroBelowALayerMeansTheBaseProviderOfTheChainThatIsBeingCalled() throws Exception {
        WsaProtocolInfo first = host.base(FakeModule.nonIfs("first"));
        FakeModule san = withIdZero("san");
        WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), host.base(san, FakeHost.udp()));
        Winsock winsock = host.start();
        host.socket(first);
        SocketHandle s = host.socket(chain);
        SocketHandle below = san.table(NonIfsTable.class).sockets().getFirst();
        assertThat(winsock.providerOf(below)).isEqualTo("san");
        assertThat(winsock.providerOf(s)).isEqualTo("layer");
    }

    @Test
    @Trap(8)
    void idZeroMeansNothingFromABaseProviderWithSeveralEntries() throws Exception {
        List<WsaProtocolInfo> entries = host.bases(withIdZero("two"), FakeHost.tcp(), FakeHost.udp());
        host.start();
        assertFails(WSAEINVAL, () -> host.socket(entries.getFirst()));
    }

    @Test
    @Trap(10)
    void aLayerThatHooksSomeFunctionsWorksBecauseTheBaseRegistersUnderThePassedEntry() throws Exception {
        AtomicInteger sends = new AtomicInteger();
        FakeModule base = FakeModule.ifs("base");
        FakeModule minimal = FakeModule.of("minimal", start -> new IfsLayerTable(start) {
            @Override
            public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int flags)
                    throws WinsockException {
                return lower().wspSocket(af, type, protocol, info, g, flags);
            }

            @Override
            public long wspSend(SocketHandle s, ByteBuffer buffer, int flags, WsaOverlapped overlapped,
                    WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
                sends.incrementAndGet();
                return super.wspSend(s, buffer, flags, overlapped, routine, thread);
            }
        });
        WsaProtocolInfo chain = host.ifsChain(minimal, host.base(base));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        assertThat(winsock.providerOf(s)).isEqualTo("minimal");
        assertThat(winsock.send(s, ByteBuffer.wrap(new byte[] {1, 2}), 0)).isEqualTo(2);
        assertThat(sends).hasValue(1);
        assertThat(base.table(IfsTable.class).socket(s).sent()).containsExactly(1, 2);
    }

    @Test
    @Trap(11)
    void whoRegistersAHandleLastServesItAndItStaysTheSame() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        FakeModule layer = FakeModule.ifsLayer("layer");
        WsaProtocolInfo chain = host.ifsChain(layer, host.base(base));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        assertThat(s).isSameAs(base.table(IfsTable.class).sockets().getFirst());
        assertThat(winsock.providerOf(s)).isEqualTo("layer");
        int baseId = base.starts().getFirst().info().catalogEntryId();
        assertThat(layer.upcalls().wpuModifyIfsHandle(baseId, s)).isSameAs(s);
        assertThat(winsock.providerOf(s)).isEqualTo("base");
    }

    @Test
    @Trap(13)
    void aHandleOfAnotherHostIsRefusedAndStaysAsItIs() throws Exception {
        FakeModule module = FakeModule.ifs("base");
        WsaProtocolInfo entry = host.base(module);
        host.start();
        host.socket(entry);
        try (FakeHost other = FakeHost.with(FakeModule.ifs("other"))) {
            SocketHandle foreign = other.socket();
            assertFails(WSAEINVAL, () -> module.upcalls().wpuModifyIfsHandle(entry.catalogEntryId(), foreign));
            assertFails(WSAENOTSOCK, () -> host.winsock().closesocket(foreign));
            assertThat(other.winsock().providerOf(foreign)).isEqualTo("other");
        }
    }

    @Test
    @Trap(24)
    void theReservedFieldOfADuplicationInfoReachesTheTargetsBaseProvider() throws Exception {
        List<WsaProtocolInfo> asked = new CopyOnWriteArrayList<>();
        FakeModule base = FakeModule.of("base", start -> new IfsTable(start) {
            @Override
            public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int flags)
                    throws WinsockException {
                asked.add(info);
                return super.wspSocket(af, type, protocol, info, g, flags);
            }

            @Override
            public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int process) {
                return start().info().toBuilder().providerReserved(4711 + process).build();
            }
        });
        FakeModule layer = FakeModule.of("layer", start -> new NonIfsLayerTable(start) {
            @Override
            public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int process) throws WinsockException {
                int token = super.wspDuplicateSocket(s, process).providerReserved();
                return start().info().toBuilder().providerReserved(token).build();
            }

            @Override
            public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int flags)
                    throws WinsockException {
                WsaProtocolInfo below =
                        lowerInfo().toBuilder().providerReserved(info.providerReserved()).build();
                return upcalls().wpuCreateSocketHandle(
                        info.catalogEntryId(), lower().wspSocket(af, type, protocol, below, g, flags));
            }
        });
        WsaProtocolInfo chain = host.chain(layer, host.base(base));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        WsaProtocolInfo duplicate = winsock.wsaDuplicateSocket(s, 1);
        assertThat(duplicate.catalogEntryId()).isEqualTo(chain.catalogEntryId());
        SocketHandle copy = host.socket(duplicate);
        assertThat(winsock.providerOf(copy)).isEqualTo("layer");
        assertThat(asked.getLast().providerReserved()).isEqualTo(4712);
    }
}
