package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.ws2j.conformance.Expect.fails;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.host.CatalogNotification;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.ProtocolCatalog.InstalledChains;
import org.ws2j.host.TransportModules;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** WSAEnumProtocols, the WSC functions, WSAProviderConfigChange, chains. */
final class CatalogSuite extends Suite {
    private static final int UNKNOWN_PROTOCOL = 251;
    private static final int UNKNOWN_ENTRY = 99_999;
    private static final String LAYER = "another layer";

    private final Probe probe = new Probe();

    @Override
    protected void configure(WinsockBuilder builder) {
        builder.module(probe);
    }

    // ---- WSAEnumProtocols ------------------------------------------------------------------------------------------

    @Proves("enum-protocols.visible")
    void aClientSeesBaseEntriesAndChainsThatAreNotHidden() throws WinsockException {
        assertThat(ws.wsaEnumProtocols()).isNotEmpty()
                .allSatisfy(entry -> {
                    assertThat(entry.isHidden()).isFalse();
                    assertThat(entry.protocolChain().isLayer()).isFalse();
                })
                .anySatisfy(entry -> assertThat(entry.protocolChain().isChain()).isEqualTo(stack.isLayered()));
        assertThat(ws.wsaEnumProtocols()).containsExactlyElementsOf(ws.catalog().wscEnumProtocols().stream()
                .filter(entry -> !entry.isHidden() && !entry.protocolChain().isLayer())
                .toList());
    }

    @Proves("enum-protocols.filter")
    void theProtocolsAskedForAreListedAlone() throws WinsockException {
        List<WsaProtocolInfo> all = ws.wsaEnumProtocols();
        for (int protocol : new int[] {IpProtocol.IPPROTO_TCP, IpProtocol.IPPROTO_UDP}) {
            assertThat(ws.wsaEnumProtocols(protocol)).isNotEmpty().isEqualTo(
                    all.stream().filter(entry -> entry.protocol() == protocol).toList());
        }
        assertThat(ws.wsaEnumProtocols(IpProtocol.IPPROTO_TCP, IpProtocol.IPPROTO_UDP)).hasSizeGreaterThan(
                ws.wsaEnumProtocols(IpProtocol.IPPROTO_TCP).size());
        assertThat(ws.wsaEnumProtocols(UNKNOWN_PROTOCOL)).isEmpty();
    }

    @Proves("enum-protocols.nobufs")
    void aBufferThatIsTooSmallForTheEntriesTellsHowManyThereAre() throws WinsockException {
        int count = ws.wsaEnumProtocols().size();
        WsaProtocolInfo[] small = new WsaProtocolInfo[count - 1];
        tooSmall(count, () -> ws.wsaEnumProtocols(null, null));
        tooSmall(count, () -> ws.wsaEnumProtocols(null, small));
        assertThat(small).containsOnlyNulls();
        WsaProtocolInfo[] enough = new WsaProtocolInfo[count + 1];

        assertThat(ws.wsaEnumProtocols(null, enough)).isEqualTo(count);
        assertThat(enough).startsWith(ws.wsaEnumProtocols().toArray(WsaProtocolInfo[]::new));
        assertThat(enough[count]).isNull();
    }

    @Proves({"enum-protocols.nobufs", "wsc-enum.all", "trap-17"})
    void theWholeCatalogIsListedIntoABufferLikewise() throws WinsockException {
        int count = catalog().wscEnumProtocols().size();
        tooSmall(count, () -> catalog().wscEnumProtocols(null, null));
        tooSmall(count, () -> catalog().wscEnumProtocols(null, new WsaProtocolInfo[count - 1]));

        assertThat(catalog().wscEnumProtocols(null, new WsaProtocolInfo[count])).isEqualTo(count);
    }

    private static void tooSmall(int needed, ThrowingCallable call) {
        assertThatExceptionOfType(BufferTooSmallException.class).isThrownBy(call).satisfies(e -> {
            assertThat(e.is(WsaError.WSAENOBUFS)).isTrue();
            assertThat(e.needed()).isEqualTo(needed);
        });
    }

    @Proves({"enum-protocols.snapshot", "trap-26"})
    void aClientThatRunsSeesTheCatalogAsItWas() throws WinsockException {
        List<WsaProtocolInfo> before = ws.wsaEnumProtocols();
        List<WsaProtocolInfo> added = anotherProvider(UUID.randomUUID());
        assertThat(ws.wsaEnumProtocols()).isEqualTo(before);
        fails(WsaError.WSAEINVAL, () -> ws.wsaSocket(0, 0, 0, added.getFirst(), 0, 0));
        ws.wsaStartup(WinsockVersion.V2_2);
        assertThat(ws.wsaEnumProtocols()).as("after one more start").isEqualTo(before);
        ws.wsaCleanup();
        restart();

        assertThat(ws.wsaEnumProtocols()).containsAll(before).containsAll(added);
    }

    @Proves("enum-protocols.order")
    void theFirstEntryThatFitsMakesTheSocket() throws WinsockException {
        WsaProtocolInfo added = anotherProvider(UUID.randomUUID()).getFirst();
        putFirst(added.catalogEntryId());
        restart();
        assertThat(ws.wsaEnumProtocols().getFirst()).isEqualTo(added);
        SocketHandle s = net.own(ws.socket(added.addressFamily(), added.socketType(), added.protocol()));

        assertThat(entry(s).catalogEntryId()).isEqualTo(added.catalogEntryId());
        assertThat(catalog().wscGetProviderPath(added.providerId())).as("the base provider's")
                .endsWith(ws.providerOf(s));
    }

    @Proves("enum-protocols.order")
    void entriesAreListedInTheOrderOfTheCatalog() throws WinsockException {
        List<WsaProtocolInfo> before = ws.wsaEnumProtocols();
        int[] ids = ids(catalog().wscEnumProtocols());
        int n = ids.length;
        catalog().wscWriteProviderOrder(IntStream.range(0, n).map(i -> ids[n - 1 - i]).toArray());
        restart();

        assertThat(ws.wsaEnumProtocols()).isEqualTo(before.reversed());
    }

    // ---- WSC functions ---------------------------------------------------------------------------------------------

    @Proves({"wsc-enum.all", "trap-18"})
    void theWholeCatalogHasHiddenEntriesAndLayersAlone() throws WinsockException {
        InstalledChains layer = anotherLayer(UUID.randomUUID());
        WsaProtocolInfo hidden = find(layer.hiddenEntryId());

        assertThat(hidden.isHidden()).isTrue();
        assertThat(hidden.protocolChain().isLayer()).isTrue();
        restart();
        assertThat(ws.wsaEnumProtocols()).extracting(WsaProtocolInfo::catalogEntryId)
                .doesNotContain(layer.hiddenEntryId()).containsAll(idList(layer.chains()));
    }

    @Proves("install.appends")
    void aProvidersEntriesComeLastWithIdsOfTheirOwn() throws WinsockException {
        List<WsaProtocolInfo> before = catalog().wscEnumProtocols();
        UUID provider = UUID.randomUUID();
        List<WsaProtocolInfo> added = anotherProvider(provider);
        List<WsaProtocolInfo> expected = new ArrayList<>(before);
        expected.addAll(added);

        assertThat(catalog().wscEnumProtocols()).isEqualTo(expected);
        assertThat(idList(expected)).doesNotHaveDuplicates();
        assertThat(added).extracting(WsaProtocolInfo::providerId).containsOnly(provider);
    }

    @Proves("install.appends")
    void anIdIsNotGivenAgain() throws WinsockException {
        UUID provider = UUID.randomUUID();
        List<Integer> gone = idList(anotherProvider(provider));
        catalog().wscDeinstallProvider(provider);

        assertThat(idList(anotherProvider(provider))).doesNotContainAnyElementsOf(gone);
    }

    @Proves("install.chains-first")
    void chainsComeFirstAndTheirLayerLast() throws WinsockException {
        InstalledChains layer = anotherLayer(UUID.randomUUID());
        List<WsaProtocolInfo> all = catalog().wscEnumProtocols();

        assertThat(all.subList(0, layer.chains().size())).isEqualTo(layer.chains());
        assertThat(all.getLast().catalogEntryId()).isEqualTo(layer.hiddenEntryId());
        assertThat(layer.chains()).extracting(chain -> chain.protocolChain().chainEntries().getFirst())
                .containsOnly(layer.hiddenEntryId());
    }

    @Proves({"install.duplicate", "trap-26"})
    void aProviderIsInstalledOnce() throws WinsockException {
        UUID provider = UUID.randomUUID();
        anotherProvider(provider);
        List<WsaProtocolInfo> before = catalog().wscEnumProtocols();

        fails(WsaError.WSANO_RECOVERY, () -> anotherProvider(provider));
        fails(WsaError.WSAEINVAL, () -> anotherLayer(provider));
        assertThat(catalog().wscEnumProtocols()).isEqualTo(before);
    }

    @Proves("install.deinstall")
    void deinstallingRemovesAProvidersEntries() throws WinsockException {
        List<WsaProtocolInfo> before = catalog().wscEnumProtocols();
        UUID provider = UUID.randomUUID();
        UUID layer = UUID.randomUUID();
        anotherProvider(provider);
        anotherLayer(layer);
        catalog().wscDeinstallProvider(layer);
        catalog().wscDeinstallProvider(provider);

        assertThat(catalog().wscEnumProtocols()).isEqualTo(before);
        fails(WsaError.WSAEINVAL, () -> catalog().wscDeinstallProvider(provider));
        fails(WsaError.WSAEFAULT, () -> catalog().wscDeinstallProvider(null));
    }

    @Proves("install.path")
    void thePathIsToldAsItWasInstalled() throws WinsockException {
        UUID provider = UUID.randomUUID();
        String path = "%WS2J_NOWHERE%/no.jar";
        catalog().wscInstallProvider(provider, path, List.of(base()), Map.of());

        assertThat(catalog().wscGetProviderPath(provider)).isEqualTo(path);
        CharBuffer enough = CharBuffer.allocate(path.length() + 1);
        assertThat(catalog().wscGetProviderPath(provider, enough)).isEqualTo(path.length() + 1);
        assertThat(enough.flip().toString()).isEqualTo(path + '\0');
    }

    @Proves("install.path")
    void aPathThatCannotBeToldIsRefused() throws WinsockException {
        fails(WsaError.WSAEINVAL, () -> catalog().wscGetProviderPath(UUID.randomUUID()));
        fails(WsaError.WSAEFAULT, () -> catalog().wscGetProviderPath(null));
        UUID provider = base().providerId();
        int needed = catalog().wscGetProviderPath(provider).length() + 1;
        for (CharBuffer small : new CharBuffer[] {null, CharBuffer.allocate(needed - 1)}) {
            assertThatExceptionOfType(BufferTooSmallException.class)
                    .isThrownBy(() -> catalog().wscGetProviderPath(provider, small))
                    .satisfies(e -> assertThat(e.is(WsaError.WSAEFAULT)).isTrue())
                    .satisfies(e -> assertThat(e.needed()).isEqualTo(needed));
        }
    }

    @Proves("install.path")
    void aModuleThatIsNotThereFailsWhenASocketNeedsIt() throws WinsockException {
        WsaProtocolInfo added = catalog().wscInstallProvider(
                UUID.randomUUID(), "%WS2J_NOWHERE%/no.jar", List.of(base()), Map.of()).getFirst();
        restart();

        fails(WsaError.WSAEPROVIDERFAILEDINIT, () -> ws.wsaSocket(0, 0, 0, added, 0, 0));
    }

    @Proves("install.order")
    void anOrderNamesEveryEntryOnce() throws WinsockException {
        anotherProvider(UUID.randomUUID());
        int[] all = ids(catalog().wscEnumProtocols());
        int[] twice = all.clone();
        twice[0] = all[1];
        int[] unknown = all.clone();
        unknown[0] = UNKNOWN_ENTRY;
        List<WsaProtocolInfo> before = catalog().wscEnumProtocols();

        fails(WsaError.WSAEINVAL, () -> catalog().wscWriteProviderOrder(twice));
        fails(WsaError.WSAEINVAL, () -> catalog().wscWriteProviderOrder(unknown));
        fails(WsaError.WSAEINVAL, () -> catalog().wscWriteProviderOrder(all[0]));
        fails(WsaError.WSAEINVAL, () -> catalog().wscWriteProviderOrder());
        fails(WsaError.WSAEFAULT, () -> catalog().wscWriteProviderOrder((int[]) null));
        assertThat(catalog().wscEnumProtocols()).isEqualTo(before);
    }

    // ---- WSAProviderConfigChange -----------------------------------------------------------------------------------

    @Proves("config-change.told")
    void aChangeCompletesTheBlock() throws WinsockException {
        try (CatalogNotification notification = ws.wsaProviderConfigChange(null, null, null)) {
            HeapOverlapped block = new HeapOverlapped(signals.event());
            ws.wsaProviderConfigChange(notification, block, null);
            assertThat(signals.isSet(block.hEvent())).isFalse();
            anotherProvider(UUID.randomUUID());

            signals.await(block.hEvent());
            assertThat(block.internal()).isZero();
        }
    }

    @Proves("config-change.told")
    void aChangeWhileNobodyAskedIsToldAtOnce() throws WinsockException {
        try (CatalogNotification notification = ws.wsaProviderConfigChange(null, null, null)) {
            anotherProvider(UUID.randomUUID());
            ws.wsaProviderConfigChange(notification, null, null);
            HeapOverlapped block = new HeapOverlapped(signals.event());
            ws.wsaProviderConfigChange(notification, block, null);

            assertThat(block.isCompleted()).as("told once").isFalse();
        }
    }

    @Proves("config-change.told")
    void aChangeEndsTheWaitForIt() throws Exception {
        try (CatalogNotification notification = ws.wsaProviderConfigChange(null, null, null)) {
            Call<CatalogNotification> call = calls.waiting(() -> ws.wsaProviderConfigChange(notification, null, null));
            assertThat(call.isDone()).isFalse();
            anotherProvider(UUID.randomUUID());

            assertThat(call.result()).isSameAs(notification);
        }
    }

    @Proves("config-change.told")
    void aCompletionRoutineIsToldInAnAlertableWait() throws WinsockException {
        List<Integer> errors = new ArrayList<>();
        try (CatalogNotification notification = ws.wsaProviderConfigChange(null, null, null)) {
            ws.wsaProviderConfigChange(
                    notification, new HeapOverlapped(), (error, bytes, block, flags) -> errors.add(error));
            anotherProvider(UUID.randomUUID());
            signals.awaitProcedures();
        }

        assertThat(errors).containsExactly(0);
    }

    @Proves("config-change.closed")
    void aClosedNotificationIsInvalidAndTellsWhatItWasAskedFor() throws WinsockException {
        CatalogNotification notification = ws.wsaProviderConfigChange(null, null, null);
        HeapOverlapped block = new HeapOverlapped(signals.event());
        ws.wsaProviderConfigChange(notification, block, null);
        notification.close();
        signals.await(block.hEvent());

        assertThat(block.isCompleted()).isTrue();
        assertThat(block.internal()).isNotZero();
        fails(WsaError.WSAEINVAL, () -> ws.wsaProviderConfigChange(notification, new HeapOverlapped(), null));
        fails(WsaError.WSAEINVAL, () -> ws.wsaProviderConfigChange(notification, null, null));
    }

    // ---- chains ----------------------------------------------------------------------------------------------------

    @Proves({"chain.entry", "trap-54"})
    void aSocketShowsTheEntryThatItWasMadeFrom() throws WinsockException {
        WsaProtocolInfo shown = entry(net.stream());
        WsaProtocolInfo first = ws.wsaEnumProtocols(IpProtocol.IPPROTO_TCP).stream()
                .filter(entry -> entry.addressFamily() == AddressFamily.AF_INET).findFirst().orElseThrow();

        assertThat(shown.catalogEntryId()).isEqualTo(first.catalogEntryId());
        assertThat(shown.protocolChain().isChain()).isEqualTo(stack.isLayered());
        assertThat(shown.isIfs()).isEqualTo(stack.isIfs());
    }

    @Proves("chain.provider")
    void aSocketBelongsToTheProviderOfItsEntry() throws WinsockException {
        SocketHandle s = net.stream();
        String path = catalog().wscGetProviderPath(entry(s).providerId());

        boolean isBuiltin = path.startsWith(TransportModules.BUILTIN);
        assertThat(ws.providerOf(s)).isEqualTo(isBuiltin ? TransportModules.find(path).name() : path);
    }

    @Proves("chain.started-once")
    void eachChainIsStartedOnceAndCleanedUpOnce() throws WinsockException {
        probe.install(ws);
        net.stream();
        net.stream();
        assertThat(probe.starts()).isEqualTo(1);
        net.datagram();
        assertThat(probe.starts()).as("another chain").isEqualTo(2);
        assertThat(probe.cleanUps()).isZero();
        ws.wsaCleanup();

        assertThat(probe.cleanUps()).isEqualTo(2);
    }

    @Proves("chain.started-once")
    void aProviderIsStartedWhenASocketNeedsIt() throws WinsockException {
        probe.install(ws);
        assertThat(probe.starts()).isZero();
        net.stream();

        assertThat(probe.starts()).isEqualTo(1);
    }

    @Proves("trap-18")
    void aLayerFindsItsHiddenEntryInItsPlace() throws WinsockException {
        InstalledChains installed = probe.install(ws);
        net.stream();

        assertThat(probe.services().catalog().wscEnumProtocols()).extracting(WsaProtocolInfo::catalogEntryId)
                .contains(installed.hiddenEntryId());
        assertThat(find(probe.entry()).protocolChain().chainEntries().getFirst()).isEqualTo(installed.hiddenEntryId());
        assertThat(ws.wsaEnumProtocols()).extracting(WsaProtocolInfo::catalogEntryId)
                .doesNotContain(installed.hiddenEntryId());
    }

    @Proves("trap-22")
    void aChainHasTheServiceFlagsOfTheBaseButForTheKindOfHandles() throws WinsockException {
        anotherLayer(UUID.randomUUID());
        assertThat(catalog().wscEnumProtocols()).filteredOn(entry -> entry.protocolChain().isChain()).isNotEmpty()
                .allSatisfy(chain -> {
                    WsaProtocolInfo base = find(chain.protocolChain().chainEntries().getLast());
                    assertThat(base.protocolChain().isBase()).isTrue();
                    assertThat(chain.serviceFlags1() & ~ServiceFlag.XP1_IFS_HANDLES)
                            .isEqualTo(base.serviceFlags1() & ~ServiceFlag.XP1_IFS_HANDLES);
                });
    }

    @Proves("chain.entry")
    void aChainHasNoMoreThanSevenEntries() throws WinsockException {
        int depth = catalog().wscEnumProtocols().getFirst().protocolChain().chainLen();
        for (int n = depth; n < ProtocolChain.MAX_PROTOCOL_CHAIN; n++) {
            over(UUID.randomUUID(), LAYER + n);
        }
        assertThat(catalog().wscEnumProtocols().getFirst().protocolChain().chainLen())
                .isEqualTo(ProtocolChain.MAX_PROTOCOL_CHAIN);

        fails(WsaError.WSANO_RECOVERY, () -> over(UUID.randomUUID(), LAYER));
    }

    // ---- ----

    private ProtocolCatalog catalog() {
        return ws.catalog();
    }

    /** {@return the entry of a base protocol} */
    private WsaProtocolInfo base() throws WinsockException {
        return catalog().wscEnumProtocols().stream()
                .filter(entry -> entry.protocolChain().isBase() && entry.socketType() == SocketType.SOCK_STREAM)
                .findFirst()
                .orElseThrow();
    }

    /** Installs the stack's base once more. */
    private List<WsaProtocolInfo> anotherProvider(UUID provider) throws WinsockException {
        WsaProtocolInfo base = base();
        String path = catalog().wscGetProviderPath(base.providerId());
        return catalog().wscInstallProvider(provider, path, List.of(base), Map.of());
    }

    private InstalledChains anotherLayer(UUID provider) throws WinsockException {
        return over(provider, LAYER);
    }

    private InstalledChains over(UUID provider, String name) throws WinsockException {
        return catalog().wscInstallProviderAndChains(
                provider, "builtin:" + Probe.NAME, name, 0, ws.wsaEnumProtocols(), Map.of());
    }

    private void putFirst(int id) throws WinsockException {
        List<Integer> order = new ArrayList<>(idList(catalog().wscEnumProtocols()));
        order.removeIf(each -> each == id);
        order.addFirst(id);
        catalog().wscWriteProviderOrder(order.stream().mapToInt(Integer::intValue).toArray());
    }

    private void restart() throws WinsockException {
        ws.wsaCleanup();
        ws.wsaStartup(WinsockVersion.V2_2);
    }

    private WsaProtocolInfo entry(SocketHandle s) throws WinsockException {
        return (WsaProtocolInfo) ws.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_PROTOCOL_INFOW);
    }

    private WsaProtocolInfo find(int id) throws WinsockException {
        return catalog().wscEnumProtocols().stream()
                .filter(entry -> entry.catalogEntryId() == id)
                .findFirst()
                .orElseThrow();
    }

    private static List<Integer> idList(List<WsaProtocolInfo> entries) {
        return entries.stream().map(WsaProtocolInfo::catalogEntryId).toList();
    }

    private static int[] ids(List<WsaProtocolInfo> entries) {
        return entries.stream().mapToInt(WsaProtocolInfo::catalogEntryId).toArray();
    }
}
