package org.ws2j.host.traps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAEINVALIDPROCTABLE;
import static org.ws2j.spi.WsaError.WSAENOBUFS;
import static org.ws2j.spi.WsaError.WSANO_RECOVERY;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;
import static org.ws2j.spi.WsaError.WSASYSNOTREADY;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
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
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ProviderCatalog;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspStartup;

/** How layers start what is below them, and what they expect of the catalog meanwhile. */
@Timeout(30)
final class StartTrapsTest {
    private final FakeHost host = new FakeHost();

    StartTrapsTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    @Trap({7, 14})
    void aCleanUpThatFailsAlthoughItWorkedCountsAsCleanUp() throws Exception {
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCleanup() throws WinsockException {
                super.wspCleanup();
                throw new WinsockException(0, null, null);
            }
        });
        host.base(module);
        Winsock winsock = host.start();
        host.socket();
        winsock.wsaCleanup();
        assertThat(module.table(NonIfsTable.class).cleanups()).isEqualTo(1);
        assertThat(host.reports().failures()).isEmpty();
        winsock.wsaStartup(WinsockVersion.V2_2);
        host.socket();
        assertThat(module.starts()).hasSize(2);
    }

    @Test
    @Trap(14)
    void eachStartUpOfALayerAndOfWhatIsBelowItIsCleanedUpOnce() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        FakeModule layer = FakeModule.nonIfsLayer("layer");
        WsaProtocolInfo baseEntry = host.base(base);
        WsaProtocolInfo chain = host.chain(layer, baseEntry);
        Winsock winsock = host.start();
        host.socket(chain);
        host.socket(chain);
        host.socket(baseEntry);
        winsock.wsaCleanup();
        assertThat(base.starts()).hasSize(2);
        assertThat(base.tables()).allSatisfy(t -> assertThat(((IfsTable) t).cleanups()).isEqualTo(1));
        assertThat(layer.table(NonIfsLayerTable.class).cleanups()).isEqualTo(1);
    }

    @Test
    @Trap(15)
    void aSuccessfulStartUpWithoutATableIsRefused() throws Exception {
        WspData data = new WspData(WinsockVersion.V2_2, WinsockVersion.V2_2, "bad");
        WsaProtocolInfo none = host.base(FakeModule.starting("none", start -> null));
        WsaProtocolInfo empty = host.base(FakeModule.starting("empty", start -> new WspStartup(data, null)));
        host.start();
        assertFails(WSAEINVALIDPROCTABLE, () -> host.socket(none));
        assertFails(WSAEINVALIDPROCTABLE, () -> host.socket(empty));
    }

    @Test
    @Trap(15)
    void aTableWithAHoleIsRefusedAfterACleanUp() throws Exception {
        HoleTable.Cleanups cleanups = new HoleTable.Cleanups();
        WspProcTable table = HoleTable.withCleanupAlone(cleanups);
        WsaProtocolInfo entry = host.base(FakeModule.of("hole", start -> table));
        host.start();
        assertFails(WSAEINVALIDPROCTABLE, () -> host.socket(entry));
        assertThat(cleanups.count()).isEqualTo(1);
        assertFails(WSAEINVALIDPROCTABLE, () -> host.socket(entry));
        assertThat(cleanups.count()).isEqualTo(2);
    }

    @Test
    @Trap(16)
    void aLayerThatSwallowsTheFailureBelowItFailsLaterButHarmsNobodyElse() throws Exception {
        FakeModule broken = FakeModule.starting("broken", start -> {
            throw new WinsockException(WSASYSNOTREADY, "not today");
        });
        FakeModule swallowing = FakeModule.of("swallowing", start -> new ForwardingProcTable() {
            @Override
            protected WspProcTable lower() {
                // The start-up below has failed, and nobody looked.
                return null;
            }

            @Override
            public void wspCleanup() {}
        });
        WsaProtocolInfo chain = host.chain(swallowing, host.base(broken));
        WsaProtocolInfo sound = host.base(FakeModule.ifs("sound"), FakeHost.udp());
        Winsock winsock = host.start();
        assertFails(WSASYSCALLFAILURE, () -> host.socket(chain));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSASYSCALLFAILURE.code());
        assertThat(host.reports().failures()).singleElement().isInstanceOf(NullPointerException.class);
        assertThat(host.socket(sound)).isNotNull();
    }

    @Test
    @Trap(17)
    void startUpMayCallBackIntoTheCatalogUnderALockThatOtherThreadsNeedToo() throws Exception {
        ReentrantLock own = new ReentrantLock();
        FakeModule base = FakeModule.ifs("base");
        AtomicReference<Winsock> winsock = new AtomicReference<>();
        FakeModule layer = FakeModule.of("layer", start -> {
            own.lock();
            try {
                lookRound(start, winsock.get());
                return new NonIfsLayerTable(start);
            } finally {
                own.unlock();
            }
        });
        WsaProtocolInfo chain = host.chain(layer, host.base(base));
        winsock.set(host.start());
        assertThat(host.socket(chain)).isNotNull();
    }

    /** What a layer does in its WSPStartup, on its own thread and on one that it waits for. */
    private static void lookRound(FakeStart start, Winsock winsock) throws WinsockException {
        ProviderCatalog catalog = start.services().catalog();
        BufferTooSmallException size =
                catchThrowableOfType(BufferTooSmallException.class, () -> catalog.wscEnumProtocols(null, null));
        assertThat(size.is(WSAENOBUFS)).isTrue();
        WsaProtocolInfo[] buffer = new WsaProtocolInfo[size.needed()];
        assertThat(catalog.wscEnumProtocols(null, buffer)).isEqualTo(buffer.length);
        try {
            TestThreads.start(() -> {
                for (WsaProtocolInfo info : catalog.wscEnumProtocols()) {
                    String path = catalog.wscGetProviderPath(info.providerId());
                    assertThat(start.upcalls().wpuGetProviderPath(info.providerId())).isEqualTo(path);
                    catalog.loadProvider(path);
                }
                winsock.wsaEnumProtocols();
                winsock.catalog().setOptions(buffer[0].catalogEntryId(), Map.of("a", "b"));
                return null;
            }).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Trap(18)
    void providersSeeHiddenEntriesAndLayersAloneAndFindThemselvesThere() throws Exception {
        WsaProtocolInfo base = host.base(FakeModule.ifs("base"));
        FakeModule layer = FakeModule.nonIfsLayer("layer");
        InstalledChains chains = host.layer(layer, 0, base);
        Winsock winsock = host.start();
        List<WsaProtocolInfo> all = winsock.services().catalog().wscEnumProtocols();
        WsaProtocolInfo hidden = all.stream().filter(i -> i.protocolChain().isLayer()).findFirst().orElseThrow();
        assertThat(hidden.catalogEntryId()).isEqualTo(chains.hiddenEntryId());
        assertThat(hidden.isHidden()).isTrue();
        assertThat(winsock.services().catalog().wscGetProviderPath(hidden.providerId())).isEqualTo(layer.path());
        assertThat(all.stream().filter(i -> i.protocolChain().isChain())).singleElement().satisfies(chain -> assertThat(
                chain.protocolChain().chainEntries())
                .containsExactly(hidden.catalogEntryId(), base.catalogEntryId()));
        assertThat(winsock.wsaEnumProtocols())
                .extracting(WsaProtocolInfo::catalogEntryId)
                .containsExactly(chains.chains().getFirst().catalogEntryId(), base.catalogEntryId());
    }

    @Test
    @Trap(18)
    void theChainArrayOfABaseEntryMayHoldGarbage() throws Exception {
        WsaProtocolInfo garbage = FakeHost.tcp().toBuilder()
                .protocolChain(new ProtocolChain(1, List.of(77, 88, 99)))
                .build();
        WsaProtocolInfo base = host.base(FakeModule.ifs("base"), garbage);
        WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), base);
        Winsock winsock = host.start();
        assertThat(winsock.providerOf(host.socket(base))).isEqualTo("base");
        assertThat(winsock.providerOf(host.socket(chain))).isEqualTo("layer");
    }

    @Test
    @Trap({19, 20})
    void aLayerIsStartedForItsChainOncePerChainAndABaseForItsOwnEntry() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        FakeModule layer = FakeModule.ifsLayer("layer");
        List<WsaProtocolInfo> entries = host.bases(base, FakeHost.tcp(), FakeHost.udp());
        List<WsaProtocolInfo> chains = host.layer(layer, ServiceFlag.XP1_IFS_HANDLES,
                entries.toArray(new WsaProtocolInfo[0])).chains();
        host.start();
        for (WsaProtocolInfo chain : chains) {
            host.socket(chain);
            host.socket(chain);
        }
        assertThat(layer.starts()).extracting(FakeStart::info).containsExactlyElementsOf(chains);
        assertThat(base.starts()).extracting(FakeStart::info).containsExactlyElementsOf(entries);
        assertThat(chains.get(0).providerId()).isNotEqualTo(chains.get(1).providerId());
    }

    @Test
    @Trap({21, 23})
    void whatTheClientAskedForGoesThroughAsItIsAndTheEntryIsNeverNull() throws Exception {
        List<List<Object>> asked = new CopyOnWriteArrayList<>();
        FakeModule base = FakeModule.of("base", start -> new IfsTable(start) {
            @Override
            public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int flags)
                    throws WinsockException {
                asked.add(List.of(af, type, protocol, info.catalogEntryId(), g, flags));
                return super.wspSocket(af, type, protocol, info, g, flags);
            }
        });
        WsaProtocolInfo entry = host.base(base);
        int id = entry.catalogEntryId();
        Winsock winsock = host.start();
        winsock.wsaSocket(0, 0, 0, null, 0, 0);
        winsock.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0, null, 5, 0x82);
        winsock.wsaSocket(-1, -1, -1, entry, 0, SocketFlag.WSA_FLAG_OVERLAPPED);
        winsock.wsaSocket(99, 98, 97, entry, 0, 0);
        winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
        assertThat(asked).containsExactly(
                List.of(0, 0, 0, id, 0, 0),
                List.of(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0, id, 5, 0x82),
                List.of(-1, -1, -1, id, 0, SocketFlag.WSA_FLAG_OVERLAPPED),
                List.of(99, 98, 97, id, 0, 0),
                List.of(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP, id, 0,
                        SocketFlag.WSA_FLAG_OVERLAPPED));
    }

    @Test
    @Trap(21)
    void theFunctionsForAddressesGetAnEntryToo() throws Exception {
        List<WsaProtocolInfo> asked = new CopyOnWriteArrayList<>();
        SocketAddress address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 80);
        FakeModule base = FakeModule.of("base", start -> new IfsTable(start) {
            @Override
            public String wspAddressToString(SocketAddress given, WsaProtocolInfo info) {
                asked.add(info);
                return "10.0.0.1:80";
            }

            @Override
            public SocketAddress wspStringToAddress(String text, int family, WsaProtocolInfo info) {
                asked.add(info);
                return address;
            }
        });
        WsaProtocolInfo entry = host.base(base);
        Winsock winsock = host.start();
        assertThat(winsock.wsaAddressToString(address, null)).isEqualTo("10.0.0.1:80");
        assertThat(winsock.wsaStringToAddress("10.0.0.1:80", AddressFamily.AF_INET, null)).isEqualTo(address);
        assertThat(winsock.wsaAddressToString(address, entry)).isEqualTo("10.0.0.1:80");
        assertThat(asked).containsExactly(entry, entry, entry);
        assertFails(WSAEINVAL, () -> winsock.wsaStringToAddress("x", 4711, null));
        assertFails(WSAEFAULT, () -> winsock.wsaStringToAddress(null, AddressFamily.AF_INET, null));
        assertFails(WSAEFAULT, () -> winsock.wsaAddressToString(null, null));
    }

    @Test
    @Trap(22)
    void aChainHasTheServiceFlagsOfWhatItLiesOverApartFromTheIfsBit() throws Exception {
        int flags = ServiceFlag.XP1_GUARANTEED_DELIVERY | ServiceFlag.XP1_GUARANTEED_ORDER
                | ServiceFlag.XP1_EXPEDITED_DATA;
        WsaProtocolInfo base = host.base(FakeModule.ifs("base"),
                FakeHost.tcp().toBuilder().serviceFlags1(flags | ServiceFlag.XP1_IFS_HANDLES).build());
        assertThat(host.chain(FakeModule.nonIfsLayer("a"), base).serviceFlags1()).isEqualTo(flags);
        assertThat(host.ifsChain(FakeModule.ifsLayer("b"), base).serviceFlags1())
                .isEqualTo(flags | ServiceFlag.XP1_IFS_HANDLES);
    }

    @Test
    @Trap(26)
    void installingALayerIsSeenAfterTheNextStartUpAlone() throws Exception {
        FakeModule layer = FakeModule.nonIfsLayer("layer");
        WsaProtocolInfo base = host.base(FakeModule.ifs("base"));
        host.offer(layer);
        Winsock winsock = host.start();
        UUID id = UUID.randomUUID();
        InstalledChains chains = host.catalog().wscInstallProviderAndChains(
                id, layer.path(), "layer", 0, List.of(base), Map.of());
        WsaProtocolInfo chain = chains.chains().getFirst();
        assertThat(chain.protocolChain().chainEntries())
                .containsExactly(chains.hiddenEntryId(), base.catalogEntryId());
        assertThat(winsock.catalog().wscEnumProtocols()).hasSize(3);
        assertThat(winsock.wsaEnumProtocols()).hasSize(1);
        assertFails(WSAEINVAL, () -> host.socket(chain));
        assertFails(WSAEINVAL, () -> host.catalog()
                .wscInstallProviderAndChains(id, layer.path(), "other", 0, List.of(base), Map.of()));
        assertFails(WSANO_RECOVERY, () -> host.catalog()
                .wscInstallProvider(id, layer.path(), List.of(FakeHost.tcp()), Map.of()));
        winsock.wsaCleanup();
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertThat(winsock.wsaEnumProtocols().getFirst().catalogEntryId()).isEqualTo(chain.catalogEntryId());
        SocketHandle s = winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(winsock.providerOf(s)).isEqualTo("layer");
    }

    @Test
    @Trap(26)
    void anUpdatedProviderKeepsItsPathInARunningProcess() throws Exception {
        FakeModule old = FakeModule.ifs("old");
        FakeModule fresh = FakeModule.ifs("fresh");
        WsaProtocolInfo entry = host.base(old);
        host.offer(fresh);
        Winsock winsock = host.start();
        host.catalog().wscUpdateProvider(entry.providerId(), fresh.path(), List.of(entry));
        assertThat(winsock.providerOf(host.socket())).isEqualTo("old");
        winsock.wsaCleanup();
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertThat(winsock.providerOf(host.socket())).isEqualTo("fresh");
    }
}
