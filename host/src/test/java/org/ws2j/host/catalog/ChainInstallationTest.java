package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.catalog.Entries.BASE;
import static org.ws2j.host.catalog.Entries.LAYER;
import static org.ws2j.host.catalog.Entries.OTHER;
import static org.ws2j.host.catalog.Entries.TCP;
import static org.ws2j.host.catalog.Entries.TCP6;
import static org.ws2j.host.catalog.Entries.TCP_FLAGS;
import static org.ws2j.host.catalog.Entries.UDP;
import static org.ws2j.host.catalog.Entries.ids;
import static org.ws2j.host.catalog.Entries.installed;
import static org.ws2j.host.catalog.Entries.letters;
import static org.ws2j.host.catalog.Entries.refused;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.ProtocolCatalog.InstalledChains;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

@Timeout(30)
final class ChainInstallationTest {

    private static InstalledChains install(ProtocolCatalog catalog, UUID id, String name, WsaProtocolInfo... over)
            throws WinsockException {
        return catalog.wscInstallProviderAndChains(id, "layer.jar", name, 0, List.of(over), Map.of());
    }

    @Test
    void hiddenEntryStandsForTheLayerAndIsForNobodyElse() throws WinsockException {
        ProtocolCatalog catalog = installed();
        int hidden = install(catalog, LAYER, "trace", TCP).hiddenEntryId();
        WsaProtocolInfo info = catalog.wscEnumProtocols().getLast();
        assertThat(info.catalogEntryId()).isEqualTo(hidden).isEqualTo(1004);
        assertThat(info.providerId()).isEqualTo(LAYER);
        assertThat(info.protocolName()).isEqualTo("trace");
        assertThat(info.protocolChain()).isEqualTo(ProtocolChain.LAYER);
        assertThat(info.socketType()).isZero();
        assertThat(info.isHidden()).isTrue();
        assertThat(info.providerFlags() & ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO).isZero();
        assertThat(info.isIfs()).isFalse();
    }

    @Test
    void chainsComeFirstInTheOrderOfTheList() throws WinsockException {
        ProtocolCatalog catalog = installed();
        InstalledChains got = install(catalog, LAYER, "trace", UDP, TCP);
        assertThat(ids(got.chains())).containsExactly(1005, 1006);
        assertThat(got.chains().get(0).protocolChain()).isEqualTo(ProtocolChain.of(1004, 1002));
        assertThat(got.chains().get(1).protocolChain()).isEqualTo(ProtocolChain.of(1004, 1001));
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1005, 1006, 1001, 1002, 1003, 1004);
    }

    @Test
    void eachChainHasItsOwnGuidAndTheLayersPathAndOptions() throws WinsockException {
        ProtocolCatalog catalog = installed();
        List<WsaProtocolInfo> chains = catalog.wscInstallProviderAndChains(
                LAYER, "%HOME%/layer.jar", "trace", 0, List.of(TCP, UDP), Map.of("file", "x.pcapng"))
                .chains();
        assertThat(chains).extracting(WsaProtocolInfo::providerId).doesNotHaveDuplicates().doesNotContain(LAYER, BASE);
        for (WsaProtocolInfo chain : chains) {
            assertThat(catalog.wscGetProviderPath(chain.providerId())).isEqualTo("%HOME%/layer.jar");
            assertThat(catalog.options(chain.catalogEntryId())).containsExactly(Map.entry("file", "x.pcapng"));
        }
        assertThat(catalog.options(1004)).containsExactly(Map.entry("file", "x.pcapng"));
    }

    @Test
    void chainCopiesEverythingElseFromTheEntryBelow() throws WinsockException {
        ProtocolCatalog catalog = installed();
        WsaProtocolInfo below = catalog.wscEnumProtocols().getFirst();
        WsaProtocolInfo chain = install(catalog, LAYER, "trace", TCP).chains().getFirst();
        assertThat(chain)
                .isEqualTo(below.toBuilder()
                        .catalogEntryId(1005)
                        .providerId(chain.providerId())
                        .protocolChain(ProtocolChain.of(1004, 1001))
                        .protocolName("trace over [Test [TCP/IP]]")
                        .serviceFlags1(TCP_FLAGS & ~ServiceFlag.XP1_IFS_HANDLES)
                        .build());
    }

    @Test
    void ifsBitFollowsTheLayer() throws WinsockException {
        ProtocolCatalog catalog = installed();
        int ifs = ServiceFlag.XP1_IFS_HANDLES;
        assertThat(install(catalog, LAYER, "created handles", TCP).chains().getFirst().isIfs())
                .isFalse();
        WsaProtocolInfo over =
                catalog.wscInstallProviderAndChains(OTHER, "p", "file handles", ifs, List.of(TCP), Map.of())
                        .chains()
                        .getFirst();
        assertThat(over.serviceFlags1()).as("over a chain without the bit").isEqualTo(TCP_FLAGS);
        assertThat(catalog.wscEnumProtocols().getLast().isIfs()).isTrue();
    }

    @Test
    void layerOverAChainPutsItselfInFrontOfItsEntries() throws WinsockException {
        ProtocolCatalog catalog = installed();
        install(catalog, LAYER, "lower", TCP);
        InstalledChains upper = install(catalog, OTHER, "upper", TCP);
        assertThat(upper.hiddenEntryId()).isEqualTo(1006);
        assertThat(upper.chains().getFirst().protocolChain()).isEqualTo(ProtocolChain.of(1006, 1004, 1001));
        assertThat(ids(catalog.wscEnumProtocols()).getFirst()).isEqualTo(1007);
    }

    @Test
    void topmostIsByOrderNotByAge() throws WinsockException {
        ProtocolCatalog catalog = installed();
        install(catalog, LAYER, "lower", TCP);
        catalog.wscWriteProviderOrder(1001, 1005, 1002, 1003, 1004);
        assertThat(install(catalog, OTHER, "upper", TCP).chains().getFirst().protocolChain())
                .isEqualTo(ProtocolChain.of(1006, 1001));
    }

    @Test
    void duplicatesInTheListAreIgnored() throws WinsockException {
        ProtocolCatalog catalog = installed();
        WsaProtocolInfo sameTriple = TCP.toBuilder().protocolName("differs").build();
        assertThat(install(catalog, LAYER, "trace", TCP, sameTriple).chains()).hasSize(1);
    }

    @Test
    void withoutAListTheLayerGoesOverEachDistinctBaseTriple() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscInstallProvider(OTHER, "second.jar", List.of(TCP), Map.of());
        UUID below = UUID.fromString("33333333-2222-3333-4444-555555555555");
        install(catalog, below, "another layer", TCP);
        InstalledChains got = catalog.wscInstallProviderAndChains(LAYER, "p", "trace", 0, null, Map.of());
        assertThat(got.chains())
                .extracting(WsaProtocolInfo::protocolChain)
                .containsExactly(
                        ProtocolChain.of(1007, 1001), ProtocolChain.of(1007, 1002), ProtocolChain.of(1007, 1003));
    }

    @Test
    void withoutAListAndWithoutABaseProtocolItAnswersNoRecovery() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        refused(
                WsaError.WSANO_RECOVERY,
                () -> catalog.wscInstallProviderAndChains(LAYER, "p", "trace", 0, null, Map.of()));
    }

    @Test
    void aProtocolThatNobodyOffersAnswersInvalidAndChangesNothing() throws WinsockException {
        ProtocolCatalog catalog = installed();
        WsaProtocolInfo none = TCP.toBuilder().protocol(132).build();
        refused(WsaError.WSAEINVAL, () -> install(catalog, LAYER, "trace", TCP, none));
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1001, 1002, 1003);
    }

    @Test
    void theEighthEntryOfAChainAnswersNoRecovery() throws WinsockException {
        ProtocolCatalog catalog = installed();
        for (int i = 1; i <= 6; i++) {
            install(catalog, new UUID(0, i), "layer " + i, TCP);
        }
        assertThat(catalog.wscEnumProtocols().getFirst().protocolChain().chainLen())
                .isEqualTo(ProtocolChain.MAX_PROTOCOL_CHAIN);
        List<WsaProtocolInfo> before = catalog.wscEnumProtocols();
        refused(WsaError.WSANO_RECOVERY, () -> install(catalog, LAYER, "one too many", UDP, TCP));
        assertThat(catalog.wscEnumProtocols()).isEqualTo(before);
    }

    @Test
    void duplicateGuidAnswersInvalid() throws WinsockException {
        ProtocolCatalog catalog = installed();
        install(catalog, LAYER, "trace", TCP);
        refused(WsaError.WSAEINVAL, () -> install(catalog, LAYER, "another name", TCP));
        refused(WsaError.WSAEINVAL, () -> install(catalog, BASE, "another name", TCP));
    }

    @Test
    void duplicateNameAnswersInvalid() throws WinsockException {
        ProtocolCatalog catalog = installed();
        install(catalog, LAYER, "trace", TCP);
        refused(WsaError.WSAEINVAL, () -> install(catalog, OTHER, "trace", TCP));
        refused(WsaError.WSAEINVAL, () -> install(catalog, OTHER, "Test [UDP/IP]", TCP));
    }

    @Test
    void missingOrBadArgumentsAnswerInvalid() throws WinsockException {
        ProtocolCatalog catalog = installed();
        List<WsaProtocolInfo> tcp = List.of(TCP);
        Map<String, String> none = Map.of();
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProviderAndChains(null, "p", "n", 0, tcp, none));
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProviderAndChains(LAYER, null, "n", 0, tcp, none));
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProviderAndChains(LAYER, "", "n", 0, tcp, none));
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProviderAndChains(LAYER, letters(261), "n", 0, tcp, none));
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProviderAndChains(LAYER, "p", null, 0, tcp, none));
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProviderAndChains(LAYER, "p", "", 0, tcp, none));
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProviderAndChains(LAYER, "p", letters(256), 0, tcp, none));
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProviderAndChains(LAYER, "p", "n", 1, tcp, none));
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProviderAndChains(LAYER, "p", "n", 0, List.of(), none));
        assertThat(catalog.wscEnumProtocols()).hasSize(3);
    }

    @Test
    void nullOptionsAndNullElementsAnswerFault() throws WinsockException {
        ProtocolCatalog catalog = installed();
        refused(
                WsaError.WSAEFAULT,
                () -> catalog.wscInstallProviderAndChains(LAYER, "p", "n", 0, List.of(TCP), null));
        refused(
                WsaError.WSAEFAULT,
                () -> catalog.wscInstallProviderAndChains(LAYER, "p", "n", 0, Arrays.asList(TCP, null), Map.of()));
    }

    @Test
    void longNamesOfChainsAreCut() throws WinsockException {
        ProtocolCatalog catalog = installed();
        String longest = letters(255);
        assertThat(install(catalog, LAYER, longest, TCP).chains().getFirst().protocolName())
                .isEqualTo(longest);
    }

    @Test
    void deinstallingTheLayerRemovesTheChainsThatCameWithIt() throws WinsockException {
        ProtocolCatalog catalog = installed();
        install(catalog, LAYER, "lower", TCP, TCP6);
        install(catalog, OTHER, "upper", TCP);
        catalog.wscDeinstallProvider(LAYER);
        assertThat(ids(catalog.wscEnumProtocols()))
                .as("the other layer's chain stays")
                .containsExactly(1008, 1001, 1002, 1003, 1007);
    }

    @Test
    void deinstallingAChainsOwnGuidRemovesThatChainAlone() throws WinsockException {
        ProtocolCatalog catalog = installed();
        InstalledChains got = install(catalog, LAYER, "trace", TCP, UDP);
        catalog.wscDeinstallProvider(got.chains().getFirst().providerId());
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1006, 1001, 1002, 1003, 1004);
    }

    @Test
    void updatingTheLayersPathTakesItsChainsAlong() throws WinsockException {
        ProtocolCatalog catalog = installed();
        UUID chain = install(catalog, LAYER, "trace", TCP).chains().getFirst().providerId();
        catalog.wscUpdateProvider(LAYER, "moved.jar", List.of());
        assertThat(catalog.wscGetProviderPath(chain)).isEqualTo("moved.jar");
    }

    @Test
    void twoInstancesOfOneModuleCanBeInOneChain() throws WinsockException {
        ProtocolCatalog catalog = installed();
        install(catalog, LAYER, "slow", TCP);
        WsaProtocolInfo chain = install(catalog, OTHER, "slower", TCP).chains().getFirst();
        assertThat(chain.protocolChain().chainEntries()).containsExactly(1006, 1004, 1001);
        assertThat(catalog.wscGetProviderPath(LAYER)).isEqualTo(catalog.wscGetProviderPath(OTHER));
    }
}
