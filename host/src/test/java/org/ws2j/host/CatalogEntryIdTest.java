package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINVAL;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog.InstalledChains;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/** Which provider the catalog entry id of an upcall means. */
@Timeout(30)
final class CatalogEntryIdTest {
    private final FakeHost host = new FakeHost();

    CatalogEntryIdTest() throws WinsockException {
    }

    @AfterEach
    void close() {
        host.close();
    }

    /** The table that the host calls with a handle. */
    private static WspProcTable tableOf(SocketHandle s) {
        return ((HostSocket) s).procTable();
    }

    /** A layer that makes its handles with an id of the test's choice. */
    private static FakeModule layerWithId(AtomicInteger id) {
        return FakeModule.of("layer", start -> new NonIfsLayerTable(start) {
            @Override
            protected int ownId(WsaProtocolInfo info) {
                return id.get() == 0 ? super.ownId(info) : id.get();
            }
        });
    }

    @Test
    void aBaseEntryMeansItsProvider() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        WsaProtocolInfo entry = host.base(module);
        host.start();
        assertThat(tableOf(host.socket(entry))).isSameAs(module.tables().getFirst());
    }

    @Test
    void everyEntryOfAProviderMeansIt() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        List<WsaProtocolInfo> entries = host.bases(module, FakeHost.tcp(), FakeHost.udp());
        host.start();
        host.socket(entries.getFirst());
        SocketHandle s = host.socket(entries.getLast());
        assertThat(module.starts()).hasSize(1);
        assertThat(tableOf(s)).isSameAs(module.tables().getFirst());
    }

    @Test
    void aChainMeansItsTopLayer() throws Exception {
        FakeModule base = FakeModule.nonIfs("base");
        FakeModule layer = FakeModule.nonIfsLayer("layer");
        WsaProtocolInfo chain = host.chain(layer, host.base(base));
        host.start();
        SocketHandle s = host.socket(chain);
        assertThat(tableOf(s)).isSameAs(layer.tables().getFirst());
        assertThat(tableOf(base.table(NonIfsTable.class).sockets().getFirst())).isSameAs(base.tables().getFirst());
    }

    @Test
    void aHiddenEntryMeansTheStartedProviderOfItsModuleWithoutAnotherStart() throws Exception {
        AtomicInteger hidden = new AtomicInteger();
        FakeModule layer = layerWithId(hidden);
        WsaProtocolInfo base = host.base(FakeModule.nonIfs("base"));
        InstalledChains installed = host.layer(layer, 0, base);
        hidden.set(installed.hiddenEntryId());
        host.start();
        SocketHandle s = host.socket(installed.chains().getFirst());
        assertThat(tableOf(s)).isSameAs(layer.tables().getFirst());
        assertThat(layer.starts()).hasSize(1);
        assertThat(layer.loads()).isEqualTo(1);
    }

    @Test
    void aHiddenEntryInSeveralChainsMeansTheOneWhoseCallIsInProgress() throws Exception {
        AtomicInteger hidden = new AtomicInteger();
        FakeModule layer = layerWithId(hidden);
        List<WsaProtocolInfo> bases = host.bases(FakeModule.nonIfs("base"), FakeHost.tcp(), FakeHost.udp());
        InstalledChains installed = host.layer(layer, 0, bases.getFirst(), bases.getLast());
        hidden.set(installed.hiddenEntryId());
        host.start();
        SocketHandle first = host.socket(installed.chains().getFirst());
        SocketHandle second = host.socket(installed.chains().getLast());
        assertThat(layer.tables()).hasSize(2);
        assertThat(tableOf(first)).isSameAs(layer.tables().getFirst());
        assertThat(tableOf(second)).isSameAs(layer.tables().getLast());
        assertThat(tableOf(host.socket(installed.chains().getFirst()))).isSameAs(layer.tables().getFirst());
    }

    @Test
    void aHiddenEntryInSeveralChainsMeansTheOneStartedFirstWhereNoCallIsInProgress() throws Exception {
        FakeModule layer = FakeModule.nonIfsLayer("layer");
        List<WsaProtocolInfo> bases = host.bases(FakeModule.nonIfs("base"), FakeHost.tcp(), FakeHost.udp());
        InstalledChains installed = host.layer(layer, 0, bases.getFirst(), bases.getLast());
        host.start();
        host.socket(installed.chains().getLast());
        host.socket(installed.chains().getFirst());
        SocketHandle s = TestThreads
                .start(() -> layer.upcalls().wpuCreateSocketHandle(installed.hiddenEntryId(), null)).get();
        assertThat(layer.starts().getFirst().info()).isEqualTo(installed.chains().getLast());
        assertThat(tableOf(s)).isSameAs(layer.tables().getFirst());
    }

    @Test
    void aHiddenEntryMeansTheChainThatIsBeingStarted() throws Exception {
        AtomicInteger hidden = new AtomicInteger();
        SocketHandle[] made = new SocketHandle[2];
        AtomicInteger starts = new AtomicInteger();
        FakeModule layer = FakeModule.of("layer", start -> {
            made[starts.getAndIncrement()] = start.upcalls().wpuCreateSocketHandle(hidden.get(), null);
            return new NonIfsLayerTable(start);
        });
        List<WsaProtocolInfo> bases = host.bases(FakeModule.nonIfs("base"), FakeHost.tcp(), FakeHost.udp());
        InstalledChains installed = host.layer(layer, 0, bases.getFirst(), bases.getLast());
        hidden.set(installed.hiddenEntryId());
        host.start();
        host.socket(installed.chains().getFirst());
        host.socket(installed.chains().getLast());
        assertThat(tableOf(made[0])).isSameAs(layer.tables().getFirst());
        assertThat(tableOf(made[1])).isSameAs(layer.tables().getLast());
    }

    @Test
    void twoInstancesOfOneLayerInAChainAreToldApartByTheirHiddenEntries() throws Exception {
        AtomicInteger place = new AtomicInteger();
        int[] hiddenIds = new int[2];
        FakeModule layer = FakeModule.of("layer", start -> {
            int mine = place.getAndIncrement();
            return new NonIfsLayerTable(start, mine) {
                @Override
                protected int ownId(WsaProtocolInfo info) {
                    return hiddenIds[mine];
                }
            };
        });
        WsaProtocolInfo base = host.base(FakeModule.nonIfs("base"));
        host.offer(layer);
        for (int i = 0; i < 2; i++) {
            WsaProtocolInfo hidden = FakeHost.tcp().toBuilder().protocolChain(ProtocolChain.LAYER)
                    .providerFlags(ProviderFlag.PFL_HIDDEN).protocolName("layer " + i).build();
            hiddenIds[i] = host.catalog()
                    .wscInstallProvider(UUID.randomUUID(), layer.path(), List.of(hidden), Map.of())
                    .getFirst().catalogEntryId();
        }
        WsaProtocolInfo chain = FakeHost.tcp().toBuilder()
                .protocolChain(ProtocolChain.of(hiddenIds[0], hiddenIds[1], base.catalogEntryId())).build();
        WsaProtocolInfo installed = host.catalog()
                .wscInstallProvider(UUID.randomUUID(), layer.path(), List.of(chain), Map.of()).getFirst();
        host.start();
        SocketHandle upper = host.socket(installed);
        // The lower instance's start ends first.
        WspProcTable lowerTable = layer.tables().getFirst();
        WspProcTable upperTable = layer.tables().getLast();
        SocketHandle lower = (SocketHandle) layer.upcalls().wpuQuerySocketHandleContext(upper);
        assertThat(tableOf(upper)).isSameAs(upperTable).isNotSameAs(lowerTable);
        assertThat(tableOf(lower)).isSameAs(lowerTable);
    }

    /** A base provider that makes its handles with the id 0. */
    private static FakeModule zero(String name) {
        return FakeModule.of(name, start -> new NonIfsTable(start) {
            @Override
            protected SocketHandle handle(int catalogEntryId, FakeSocket socket) throws WinsockException {
                return super.handle(0, socket);
            }
        });
    }

    @Test
    void zeroMeansTheBaseProviderWithOneEntry() throws Exception {
        FakeModule first = zero("first");
        FakeModule second = zero("second");
        WsaProtocolInfo firstEntry = host.base(first, FakeHost.tcp());
        WsaProtocolInfo secondEntry = host.base(second, FakeHost.udp());
        host.start();
        assertThat(tableOf(host.socket(firstEntry))).isSameAs(first.tables().getFirst());
        assertThat(tableOf(host.socket(secondEntry))).isSameAs(second.tables().getFirst());
        SocketHandle elsewhere = TestThreads.start(() -> second.upcalls().wpuCreateSocketHandle(0, null)).get();
        assertThat(tableOf(elsewhere)).as("started first").isSameAs(first.tables().getFirst());
    }

    @Test
    void zeroMeansTheBaseOfTheChainWhoseCallIsInProgress() throws Exception {
        FakeModule other = zero("other");
        FakeModule base = zero("base");
        WsaProtocolInfo otherEntry = host.base(other, FakeHost.tcp());
        WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), host.base(base, FakeHost.udp()));
        host.start();
        host.socket(otherEntry);
        host.socket(chain);
        SocketHandle below = base.table(NonIfsTable.class).sockets().getFirst();
        assertThat(tableOf(below)).isSameAs(base.tables().getFirst());
    }

    @Test
    void zeroFromAProviderWithSeveralEntriesAnswersInvalid() throws Exception {
        FakeModule module = zero("base");
        List<WsaProtocolInfo> entries = host.bases(module, FakeHost.tcp(), FakeHost.udp());
        host.start();
        assertFails(WSAEINVAL, () -> host.socket(entries.getFirst()));
        assertFails(WSAEINVAL, () -> module.upcalls().wpuCreateSocketHandle(0, null));
    }

    @Test
    void anEntryWhoseProviderNobodyHasStartedAnswersInvalid() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        WsaProtocolInfo entry = host.base(module, FakeHost.tcp());
        WsaProtocolInfo idle = host.base(FakeModule.nonIfs("idle"), FakeHost.udp());
        host.start();
        host.socket(entry);
        assertFails(WSAEINVAL, () -> module.upcalls().wpuCreateSocketHandle(idle.catalogEntryId(), null));
    }
}
