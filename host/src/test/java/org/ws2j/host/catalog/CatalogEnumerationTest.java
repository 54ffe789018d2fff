package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.catalog.Entries.BASE;
import static org.ws2j.host.catalog.Entries.LAYER;
import static org.ws2j.host.catalog.Entries.OTHER;
import static org.ws2j.host.catalog.Entries.RAW;
import static org.ws2j.host.catalog.Entries.TCP;
import static org.ws2j.host.catalog.Entries.ids;
import static org.ws2j.host.catalog.Entries.installed;
import static org.ws2j.host.catalog.Entries.layer;
import static org.ws2j.host.catalog.Entries.letters;
import static org.ws2j.host.catalog.Entries.refused;

import java.nio.CharBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** Enumeration, paths, order, options and pins. */
@Timeout(30)
final class CatalogEnumerationTest {

    /** 1001 TCP, 1002 UDP, 1003 TCP6, 1004 hidden raw, 1005 a layer alone that is not hidden. */
    private static ProtocolCatalog withHidden() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscInstallProvider(OTHER, "raw.jar", List.of(RAW), Map.of());
        WsaProtocolInfo seen = layer("layer").toBuilder().providerFlags(0).build();
        catalog.wscInstallProvider(LAYER, "layer.jar", List.of(seen), Map.of());
        return catalog;
    }

    private static CatalogState state(ProtocolCatalog catalog) throws WinsockException {
        return new CatalogState(catalog.wscEnumProtocols().stream()
                .map(info -> new CatalogEntry(info, "p", Map.of())).toList(), 5000);
    }

    @Test
    void wscEnumProtocolsListsHiddenEntriesAndLayersAlone() throws WinsockException {
        assertThat(ids(withHidden().wscEnumProtocols())).containsExactly(1001, 1002, 1003, 1004, 1005);
    }

    @Test
    void wsaEnumProtocolsListsNeitherHiddenEntriesNorLayersAlone() throws WinsockException {
        assertThat(ids(state(withHidden()).wsaEnumProtocols())).containsExactly(1001, 1002, 1003);
    }

    @Test
    void wsaEnumProtocolsListsChains() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.wscInstallProviderAndChains(LAYER, "p", "trace", 0, List.of(TCP), Map.of());
        assertThat(ids(state(catalog).wsaEnumProtocols())).containsExactly(1005, 1001, 1002, 1003);
    }

    @Test
    void filterSelectsByProtocol() throws WinsockException {
        assertThat(ids(installed().wscEnumProtocols(17))).containsExactly(1002);
        assertThat(ids(installed().wscEnumProtocols(17, 6))).containsExactly(1001, 1002, 1003);
        assertThat(installed().wscEnumProtocols(99)).isEmpty();
        assertThat(ids(state(installed()).wsaEnumProtocols(17))).containsExactly(1002);
    }

    @Test
    void filterMatchesTheRangeOfAnEntry() throws WinsockException {
        ProtocolCatalog catalog = withHidden();
        assertThat(ids(catalog.wscEnumProtocols(0))).containsExactly(1004);
        assertThat(ids(catalog.wscEnumProtocols(255))).containsExactly(1004);
        assertThat(ids(catalog.wscEnumProtocols(17))).containsExactly(1002, 1004);
        assertThat(catalog.wscEnumProtocols(256)).isEmpty();
    }

    @Test
    void rangeUpToTheLargestNumberDoesNotWrap() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        WsaProtocolInfo wide =
                TCP.toBuilder().protocol(10).protocolMaxOffset(Integer.MAX_VALUE).build();
        catalog.wscInstallProvider(BASE, "p", List.of(wide), Map.of());
        assertThat(catalog.wscEnumProtocols(Integer.MAX_VALUE)).hasSize(1);
        assertThat(catalog.wscEnumProtocols(9)).isEmpty();
    }

    @Test
    void bufferIsFilledAndTheCountReturned() throws WinsockException {
        WsaProtocolInfo[] buffer = new WsaProtocolInfo[4];
        ProtocolCatalog catalog = installed();
        assertThat(catalog.wscEnumProtocols(null, buffer)).isEqualTo(3);
        assertThat(buffer).containsExactly(
                catalog.wscEnumProtocols().toArray(new WsaProtocolInfo[4]));
    }

    @Test
    void smallBufferAnswersNobufsWithTheCountAndStaysUntouched() throws WinsockException {
        ProtocolCatalog catalog = installed();
        WsaProtocolInfo[] buffer = new WsaProtocolInfo[2];
        BufferTooSmallException tooSmall =
                catchThrowableOfType(BufferTooSmallException.class, () -> catalog.wscEnumProtocols(null, buffer));
        assertThat(tooSmall.is(WsaError.WSAENOBUFS)).isTrue();
        assertThat(tooSmall.needed()).isEqualTo(3);
        assertThat(buffer).containsOnlyNulls();
    }

    @Test
    void nullBufferAsksForTheCount() throws WinsockException {
        ProtocolCatalog catalog = installed();
        BufferTooSmallException all =
                catchThrowableOfType(BufferTooSmallException.class,
                        () -> catalog.wscEnumProtocols(new int[] {6}, null));
        assertThat(all.is(WsaError.WSAENOBUFS)).isTrue();
        assertThat(all.needed()).isEqualTo(2);
        refused(WsaError.WSAENOBUFS, () -> ProtocolCatalog.empty().wscEnumProtocols(null, null));
    }

    @Test
    void pathIsReturnedUnexpanded() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        catalog.wscInstallProvider(BASE, "%SystemRoot%/p.jar", List.of(TCP), Map.of());
        assertThat(catalog.wscGetProviderPath(BASE)).isEqualTo("%SystemRoot%/p.jar");
    }

    @Test
    void pathOfAnUnknownProviderAnswersInvalidAndOfNullFault() throws WinsockException {
        ProtocolCatalog catalog = installed();
        refused(WsaError.WSAEINVAL, () -> catalog.wscGetProviderPath(OTHER));
        refused(WsaError.WSAEFAULT, () -> catalog.wscGetProviderPath(null));
        refused(WsaError.WSAEINVAL, () -> catalog.wscGetProviderPath(OTHER, CharBuffer.allocate(99)));
    }

    @Test
    void pathGoesIntoABufferWithATerminatingNul() throws WinsockException {
        CharBuffer exact = CharBuffer.allocate("base.jar".length() + 1);
        assertThat(installed().wscGetProviderPath(BASE, exact)).isEqualTo(9);
        assertThat(exact.flip().toString()).isEqualTo("base.jar\0");
    }

    @Test
    void smallPathBufferAnswersFaultWithTheLengthAndStaysUntouched() throws WinsockException {
        ProtocolCatalog catalog = installed();
        CharBuffer small = CharBuffer.allocate(8);
        BufferTooSmallException tooSmall =
                catchThrowableOfType(BufferTooSmallException.class, () -> catalog.wscGetProviderPath(BASE, small));
        assertThat(tooSmall.is(WsaError.WSAEFAULT)).isTrue();
        assertThat(tooSmall.needed()).isEqualTo(9);
        assertThat(small.position()).isZero();
        refused(WsaError.WSAEFAULT, () -> catalog.wscGetProviderPath(BASE, null));
    }

    @Test
    void orderIsTheOneWritten() throws WinsockException {
        ProtocolCatalog catalog = withHidden();
        catalog.wscWriteProviderOrder(1005, 1003, 1001, 1004, 1002);
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1005, 1003, 1001, 1004, 1002);
    }

    @Test
    void orderMustNameEveryEntryOnce() throws WinsockException {
        ProtocolCatalog catalog = installed();
        refused(WsaError.WSAEINVAL, () -> catalog.wscWriteProviderOrder(1003, 1001));
        refused(WsaError.WSAEINVAL, () -> catalog.wscWriteProviderOrder(1003, 1001, 1001));
        refused(WsaError.WSAEINVAL, () -> catalog.wscWriteProviderOrder(1003, 1001, 1002, 1002));
        refused(WsaError.WSAEINVAL, () -> catalog.wscWriteProviderOrder(1003, 1001, 4711));
        refused(WsaError.WSAEINVAL, () -> catalog.wscWriteProviderOrder());
        refused(WsaError.WSAEFAULT, () -> catalog.wscWriteProviderOrder((int[]) null));
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1001, 1002, 1003);
    }

    @Test
    void optionsAreThoseOfTheEntry() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        catalog.wscInstallProvider(BASE, "p", List.of(TCP, TCP), Map.of("a", "1"));
        catalog.setOptions(1002, Map.of("b", "2", "c", ""));
        assertThat(catalog.options(1001)).isEqualTo(Map.of("a", "1"));
        assertThat(catalog.options(1002)).isEqualTo(Map.of("b", "2", "c", ""));
        assertThat(catalog.options(4711)).isEmpty();
    }

    @Test
    void settingOptionsRefusesUnknownEntriesNullAndEmptyNames() throws WinsockException {
        ProtocolCatalog catalog = installed();
        refused(WsaError.WSAEINVAL, () -> catalog.setOptions(4711, Map.of()));
        refused(WsaError.WSAEFAULT, () -> catalog.setOptions(1001, null));
        refused(WsaError.WSAEINVAL, () -> catalog.setOptions(1001, Map.of("", "x")));
    }

    @Test
    void pinIsADigestOfAnEntry() throws WinsockException {
        ProtocolCatalog catalog = installed();
        catalog.pin(1001, "ABCDEF01".repeat(8));
        assertThat(catalog.pin(1001)).contains("abcdef01".repeat(8));
        assertThat(catalog.pin(1002)).isEmpty();
        catalog.pin(1001, null);
        assertThat(catalog.pin(1001)).isEqualTo(Optional.empty());
        refused(WsaError.WSAEINVAL, () -> catalog.pin(1001, letters(64)));
        refused(WsaError.WSAEINVAL, () -> catalog.pin(1001, "ab"));
        refused(WsaError.WSAEINVAL, () -> catalog.pin(4711, null));
    }
}
