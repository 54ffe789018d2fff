package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEPROVIDERFAILEDINIT;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog.InstalledChains;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.ForwardingProcTable;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/** Chains of several layers: who is started with what, and whose a handle is. */
@Timeout(30)
final class ChainStartTest {
    private final FakeHost host = new FakeHost();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final FakeModule base = FakeModule.ifs("base");

    ChainStartTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void layersGetTheChainAndTheBaseProviderItsOwnEntry() throws Exception {
        FakeModule lower = WalkingLayer.module("lower", log);
        FakeModule upper = WalkingLayer.module("upper", log);
        WsaProtocolInfo baseEntry = host.base(base);
        InstalledChains lowerChains = host.layer(lower, 0, baseEntry);
        InstalledChains upperChains = host.layer(upper, 0, lowerChains.chains().getFirst());
        WsaProtocolInfo chain = upperChains.chains().getFirst();
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        assertThat(upper.starts()).extracting(FakeStart::info).containsExactly(chain);
        assertThat(lower.starts()).extracting(FakeStart::info).containsExactly(chain);
        assertThat(base.starts()).extracting(FakeStart::info).containsExactly(baseEntry);
        assertThat(upper.upcalls()).isSameAs(base.upcalls());
        assertThat(winsock.providerOf(s)).isEqualTo("upper");
        assertThat(winsock.openHandles().sockets()).isEqualTo(3);
        assertThat(winsock.send(s, ByteBuffer.allocate(2), 0)).isEqualTo(2);
        winsock.closesocket(s);
        int top = upperChains.hiddenEntryId();
        int middle = lowerChains.hiddenEntryId();
        assertThat(log).containsExactly("start " + middle, "start " + top, "send " + top, "send " + middle,
                "close " + top, "close " + middle);
        assertThat(winsock.openHandles().sockets()).isZero();
    }

    @Test
    void twoInstancesOfOneModuleInAChainOwnTheirHandlesByTheirHiddenIds() throws Exception {
        FakeModule module = WalkingLayer.module("twice", log);
        WsaProtocolInfo baseEntry = host.base(base);
        InstalledChains lower = host.layer(module, 0, baseEntry);
        InstalledChains upper = host.catalog().wscInstallProviderAndChains(
                UUID.randomUUID(), module.path(), "again", 0, lower.chains(), Map.of());
        WsaProtocolInfo chain = upper.chains().getFirst();
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        assertThat(module.starts()).extracting(FakeStart::info).containsExactly(chain, chain);
        WalkingLayer inner = (WalkingLayer) module.tables().get(0);
        WalkingLayer outer = (WalkingLayer) module.tables().get(1);
        assertThat(outer.ownId()).isEqualTo(upper.hiddenEntryId());
        assertThat(inner.ownId()).isEqualTo(lower.hiddenEntryId());
        assertThat(inner.lowerInfo()).isEqualTo(baseEntry);
        assertThat(outer.lowerInfo()).isEqualTo(chain);

        // The file functions go to the owner of a handle: they tell whose it is.
        SocketHandle between = outer.lower(s);
        winsock.files().writeFile(s, ByteBuffer.allocate(1));
        assertThat(log).endsWith("send " + outer.ownId(), "send " + inner.ownId());
        log.clear();
        winsock.files().writeFile(between, ByteBuffer.allocate(1));
        assertThat(log).containsExactly("send " + inner.ownId());
        winsock.wsaCleanup();
        assertThat(log).containsExactly(
                "send " + inner.ownId(), "cleanup " + outer.ownId(), "cleanup " + inner.ownId());
        assertThat(base.table(IfsTable.class).cleanups()).isEqualTo(1);
    }

    @Test
    void aLayerInSeveralChainsIsStartedForEach() throws Exception {
        FakeModule layer = WalkingLayer.module("layer", log);
        List<WsaProtocolInfo> entries = host.bases(base, FakeHost.tcp(), FakeHost.udp());
        List<WsaProtocolInfo> chains =
                host.layer(layer, 0, entries.toArray(new WsaProtocolInfo[0])).chains();
        Winsock winsock = host.start();
        SocketHandle first = host.socket(chains.get(0));
        SocketHandle second = host.socket(chains.get(1));
        assertThat(layer.starts()).extracting(FakeStart::info).containsExactlyElementsOf(chains);
        assertThat(base.starts()).extracting(FakeStart::info).containsExactlyElementsOf(entries);
        winsock.send(first, ByteBuffer.wrap(new byte[] {1}), 0);
        winsock.send(second, ByteBuffer.wrap(new byte[] {2}), 0);
        IfsTable tcp = (IfsTable) base.tables().get(0);
        IfsTable udp = (IfsTable) base.tables().get(1);
        assertThat(tcp.socket(tcp.sockets().getFirst()).sent()).containsExactly(1);
        assertThat(udp.socket(udp.sockets().getFirst()).sent()).containsExactly(2);
    }

    @Test
    void aLayerMayStartWhatIsBelowItWithItsFirstSocketOnly() throws Exception {
        FakeModule lazy = FakeModule.of("lazy", start -> new ForwardingProcTable() {
            private NonIfsLayerTable delegate;

            @Override
            protected WspProcTable lower() {
                return delegate;
            }

            @Override
            public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int flags)
                    throws WinsockException {
                if (delegate == null) {
                    delegate = new NonIfsLayerTable(start);
                }
                return super.wspSocket(af, type, protocol, info, g, flags);
            }
        });
        WsaProtocolInfo chain = host.chain(lazy, host.base(base));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        assertThat(winsock.providerOf(s)).isEqualTo("lazy");
        assertThat(winsock.providerOf((SocketHandle) base.upcalls().wpuQuerySocketHandleContext(s))).isEqualTo("base");
        assertThat(winsock.send(s, ByteBuffer.allocate(3), 0)).isEqualTo(3);
    }

    @Test
    void aLayerWhoseStartFailsHalfWayIsRetriedWithAFreshBaseProvider() throws Exception {
        List<Object> called = new CopyOnWriteArrayList<>();
        FakeModule counted = FakeModule.of("counted", start -> new IfsTable(start) {
            @Override
            public void wspShutdown(SocketHandle s, int how) {
                called.add(this);
            }
        });
        AtomicInteger tries = new AtomicInteger();
        FakeModule flaky = FakeModule.of("flaky", start -> {
            NonIfsLayerTable table = new NonIfsLayerTable(start);
            if (tries.incrementAndGet() == 1) {
                table.lower().wspCleanup();
                throw new WinsockException(WsaError.WSASYSNOTREADY);
            }
            return table;
        });
        WsaProtocolInfo chain = host.chain(flaky, host.base(counted));
        Winsock winsock = host.start();
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(chain));
        SocketHandle below = (SocketHandle) counted.upcalls().wpuQuerySocketHandleContext(host.socket(chain));
        winsock.shutdown(below, ShutdownHow.SD_SEND);
        assertThat(called).containsExactly(counted.tables().get(1));
        winsock.wsaCleanup();
        assertThat(counted.tables()).allSatisfy(t -> assertThat(((IfsTable) t).cleanups()).isEqualTo(1));
    }
}
