package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.ws2j.host.catalog.Entries.BASE;
import static org.ws2j.host.catalog.Entries.LAYER;
import static org.ws2j.host.catalog.Entries.OTHER;
import static org.ws2j.host.catalog.Entries.TCP;
import static org.ws2j.host.catalog.Entries.TCP6;
import static org.ws2j.host.catalog.Entries.UDP;
import static org.ws2j.host.catalog.Entries.chain;
import static org.ws2j.host.catalog.Entries.ids;
import static org.ws2j.host.catalog.Entries.installed;
import static org.ws2j.host.catalog.Entries.layer;
import static org.ws2j.host.catalog.Entries.letters;
import static org.ws2j.host.catalog.Entries.refused;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

@Timeout(30)
final class ProviderInstallationTest {

    @Test
    void entriesGetTheGuidAndIdsFrom1001InTheOrderOfTheList() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        List<WsaProtocolInfo> got = catalog.wscInstallProvider(BASE, "base.jar", List.of(TCP, UDP), Map.of());
        assertThat(got)
                .containsExactly(
                        TCP.toBuilder().providerId(BASE).catalogEntryId(1001).build(),
                        UDP.toBuilder().providerId(BASE).catalogEntryId(1002).build());
        assertThat(catalog.wscEnumProtocols()).isEqualTo(got);
    }

    @Test
    void laterProvidersAreAppended() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscInstallProvider(OTHER, "other.jar", List.of(TCP), Map.of());
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1001, 1002, 1003, 1004);
    }

    @Test
    void idsAreNeverGivenTwice() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscDeinstallProvider(BASE);
        List<WsaProtocolInfo> again = catalog.wscInstallProvider(BASE, "base.jar", List.of(TCP), Map.of());
        assertThat(ids(again)).containsExactly(1004);
    }

    @Test
    void installingAnInstalledGuidAnswersNoRecoveryAndChangesNothing() throws WinsockException {
        ProtocolCatalog catalog = installed();
        List<WsaProtocolInfo> before = catalog.wscEnumProtocols();
        refused(
                WsaError.WSANO_RECOVERY,
                () -> catalog.wscInstallProvider(BASE, "again.jar", List.of(TCP), Map.of()));
        assertThat(catalog.wscEnumProtocols()).isEqualTo(before);
        assertThat(catalog.wscGetProviderPath(BASE)).isEqualTo("base.jar");
    }

    @Test
    void nullArgumentsAnswerFault() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        Map<String, String> nullValue = new HashMap<>();
        nullValue.put("key", null);
        refused(WsaError.WSAEFAULT, () -> catalog.wscInstallProvider(null, "p", List.of(TCP), Map.of()));
        refused(WsaError.WSAEFAULT, () -> catalog.wscInstallProvider(BASE, null, List.of(TCP), Map.of()));
        refused(WsaError.WSAEFAULT, () -> catalog.wscInstallProvider(BASE, "p", null, Map.of()));
        refused(WsaError.WSAEFAULT, () -> catalog.wscInstallProvider(BASE, "p", Arrays.asList(TCP, null), Map.of()));
        refused(WsaError.WSAEFAULT, () -> catalog.wscInstallProvider(BASE, "p", List.of(TCP), null));
        refused(WsaError.WSAEFAULT, () -> catalog.wscInstallProvider(BASE, "p", List.of(TCP), nullValue));
        assertThat(catalog.wscEnumProtocols()).isEmpty();
    }

    @Test
    void anEmptyListAnswersInvalid() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProvider(BASE, "p", List.of(), Map.of()));
    }

    @Test
    void aPathHasOneTo260Characters() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProvider(BASE, "", List.of(TCP), Map.of()));
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProvider(BASE, letters(261), List.of(TCP), Map.of()));
        catalog.wscInstallProvider(BASE, letters(260), List.of(TCP), Map.of());
        assertThat(catalog.wscGetProviderPath(BASE)).hasSize(260);
    }

    @Test
    void aProtocolsNameHasAtMost255Characters() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        WsaProtocolInfo longest = TCP.toBuilder().protocolName(letters(255)).build();
        WsaProtocolInfo tooLong = TCP.toBuilder().protocolName(letters(256)).build();
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProvider(BASE, "p", List.of(longest, tooLong), Map.of()));
        assertThat(catalog.wscEnumProtocols()).as("all or nothing").isEmpty();
        catalog.wscInstallProvider(BASE, "p", List.of(longest), Map.of());
        assertThat(catalog.wscEnumProtocols()).hasSize(1);
    }

    @Test
    void aNegativeRangeOfProtocolsAnswersInvalid() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        WsaProtocolInfo backwards = TCP.toBuilder().protocolMaxOffset(-1).build();
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProvider(BASE, "p", List.of(backwards), Map.of()));
    }

    @Test
    void aRefusedInstallationUsesUpNoId() throws WinsockException {
        ProtocolCatalog catalog = installed();
        refused(
                WsaError.WSAEINVAL,
                () -> catalog.wscInstallProvider(OTHER, "p", List.of(TCP, chain(1001, 4711)), Map.of()));
        assertThat(ids(catalog.wscInstallProvider(OTHER, "p", List.of(TCP), Map.of()))).containsExactly(1004);
    }

    @Test
    void aChainOverInstalledEntriesIsInstalled() throws WinsockException {
        ProtocolCatalog catalog = installed();
        int hidden = catalog.wscInstallProvider(LAYER, "layer.jar", List.of(layer("layer")), Map.of())
                .getFirst()
                .catalogEntryId();
        List<WsaProtocolInfo> got =
                catalog.wscInstallProvider(OTHER, "layer.jar", List.of(chain(hidden, 1001)), Map.of());
        assertThat(got.getFirst().protocolChain().chainEntries()).containsExactly(1004, 1001);
    }

    @Test
    void aChainOverAnotherChainsEntryIsInstalled() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscInstallProvider(LAYER, "layer.jar", List.of(layer("layer")), Map.of());
        catalog.wscInstallProvider(OTHER, "layer.jar", List.of(chain(1004, 1001)), Map.of());
        UUID third = UUID.fromString("33333333-2222-3333-4444-555555555555");
        assertThat(catalog.wscInstallProvider(third, "layer.jar", List.of(chain(1004, 1005)), Map.of()))
                .hasSize(1);
    }

    @Test
    void aChainOverAnEntryThatIsNotInstalledAnswersInvalid() throws WinsockException {
        ProtocolCatalog catalog = installed();
        refused(
                WsaError.WSAEINVAL,
                () -> catalog.wscInstallProvider(LAYER, "p", List.of(chain(1001, 1004)), Map.of()));
    }

    @Test
    void anEntryTwiceInOneChainAnswersInvalid() throws WinsockException {
        ProtocolCatalog catalog = installed();
        refused(
                WsaError.WSAEINVAL,
                () -> catalog.wscInstallProvider(LAYER, "p", List.of(chain(1001, 1002, 1001)), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 8})
    void aChainHasAtMostSevenEntries(int length) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        catalog.wscInstallProvider(BASE, "p", List.of(TCP, TCP, TCP, TCP, TCP, TCP, TCP, TCP), Map.of());
        List<Integer> elements = List.of(1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008);
        WsaProtocolInfo info =
                TCP.toBuilder().protocolChain(new ProtocolChain(length, elements)).build();
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProvider(LAYER, "p", List.of(info), Map.of()));
    }

    @Test
    void aChainThatNamesFewerEntriesThanItSaysAnswersInvalid() throws WinsockException {
        ProtocolCatalog catalog = installed();
        WsaProtocolInfo info = TCP.toBuilder()
                .protocolChain(new ProtocolChain(3, List.of(1001, 1002)))
                .build();
        refused(WsaError.WSAEINVAL, () -> catalog.wscInstallProvider(LAYER, "p", List.of(info), Map.of()));
    }

    @Test
    void whatLiesBehindTheEndOfAChainIsIgnored() throws WinsockException {
        ProtocolCatalog catalog = installed();
        List<Integer> garbage = List.of(1001, 1002, 1001, 4711, 0, 0, 0);
        List<WsaProtocolInfo> got = catalog.wscInstallProvider(
                LAYER,
                "p",
                List.of(
                        TCP.toBuilder().protocolChain(new ProtocolChain(0, garbage)).build(),
                        TCP.toBuilder().protocolChain(new ProtocolChain(1, garbage)).build(),
                        TCP.toBuilder().protocolChain(new ProtocolChain(2, garbage)).build()),
                Map.of());
        assertThat(got)
                .extracting(WsaProtocolInfo::protocolChain)
                .containsExactly(ProtocolChain.LAYER, ProtocolChain.BASE, ProtocolChain.of(1001, 1002));
    }

    @Test
    void deinstallingRemovesAllEntriesOfTheProvider() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscInstallProvider(OTHER, "p", List.of(TCP6), Map.of());
        catalog.wscDeinstallProvider(BASE);
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1004);
    }

    @Test
    void deinstallingWhatAChainNeedsIsAllowed() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscInstallProvider(LAYER, "p", List.of(layer("layer")), Map.of());
        catalog.wscInstallProvider(OTHER, "p", List.of(chain(1004, 1001)), Map.of());
        catalog.wscDeinstallProvider(BASE);
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1004, 1005);
    }

    @Test
    void deinstallingAnUnknownProviderAnswersInvalidAndNullFault() throws WinsockException {
        ProtocolCatalog catalog = installed();
        refused(WsaError.WSAEINVAL, () -> catalog.wscDeinstallProvider(OTHER));
        refused(WsaError.WSAEFAULT, () -> catalog.wscDeinstallProvider(null));
        assertThat(catalog.wscEnumProtocols()).hasSize(3);
    }

    @Test
    void updatingChangesPathAndTheNamedEntriesInPlace() throws WinsockException {
        ProtocolCatalog catalog = installed();
        WsaProtocolInfo renamed = UDP.toBuilder()
                .catalogEntryId(1002)
                .providerId(OTHER)
                .protocolName("renamed")
                .build();
        catalog.wscUpdateProvider(BASE, "moved.jar", List.of(renamed));
        assertThat(catalog.wscGetProviderPath(BASE)).isEqualTo("moved.jar");
        assertThat(catalog.wscEnumProtocols())
                .extracting(WsaProtocolInfo::catalogEntryId, WsaProtocolInfo::protocolName, info -> info.providerId())
                .containsExactly(
                        tuple(1001, "Test [TCP/IP]", BASE),
                        tuple(1002, "renamed", BASE),
                        tuple(1003, "Test [TCP/IPv6]", BASE));
    }

    @Test
    void updatingRefusesUnknownProvidersForeignEntriesAndBadValues() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscInstallProvider(OTHER, "other.jar", List.of(TCP), Map.of());
        WsaProtocolInfo foreign = TCP.toBuilder().catalogEntryId(1004).build();
        WsaProtocolInfo unknown = TCP.toBuilder().catalogEntryId(4711).build();
        refused(WsaError.WSAEINVAL, () -> catalog.wscUpdateProvider(LAYER, "p", List.of()));
        refused(WsaError.WSAEINVAL, () -> catalog.wscUpdateProvider(BASE, "p", List.of(foreign)));
        refused(WsaError.WSAEINVAL, () -> catalog.wscUpdateProvider(BASE, "p", List.of(unknown)));
        refused(WsaError.WSAEINVAL, () -> catalog.wscUpdateProvider(BASE, "", List.of()));
        refused(WsaError.WSAEFAULT, () -> catalog.wscUpdateProvider(null, "p", List.of()));
        refused(WsaError.WSAEFAULT, () -> catalog.wscUpdateProvider(BASE, null, List.of()));
        refused(WsaError.WSAEFAULT, () -> catalog.wscUpdateProvider(BASE, "p", null));
        assertThat(catalog.wscGetProviderPath(BASE)).isEqualTo("base.jar");
    }

    @Test
    void updatingAChainIntoACircleAnswersInvalid() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscInstallProvider(LAYER, "p", List.of(chain(1002, 1001)), Map.of());
        catalog.wscInstallProvider(OTHER, "p", List.of(chain(1003, 1004)), Map.of());
        WsaProtocolInfo circle =
                chain(1002, 1005).toBuilder().catalogEntryId(1004).build();
        refused(WsaError.WSAEINVAL, () -> catalog.wscUpdateProvider(LAYER, "p", List.of(circle)));
    }
}
