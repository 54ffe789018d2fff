package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.catalog.Entries.BASE;
import static org.ws2j.host.catalog.Entries.RAW;
import static org.ws2j.host.catalog.Entries.TCP;
import static org.ws2j.host.catalog.Entries.TCP6;
import static org.ws2j.host.catalog.Entries.UDP;
import static org.ws2j.host.catalog.Entries.chain;
import static org.ws2j.host.catalog.Entries.layer;
import static org.ws2j.host.catalog.Entries.refused;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

@Timeout(30)
final class ProtocolMatcherTest {

    private static final int INET = 2;

    private static final int INET6 = 23;

    private static final int STREAM = 1;

    private static final int DGRAM = 2;

    private static final int RAW_TYPE = 3;

    private static CatalogState catalog(WsaProtocolInfo... infos) {
        List<CatalogEntry> entries = new ArrayList<>();
        for (WsaProtocolInfo info : infos) {
            WsaProtocolInfo numbered = info.toBuilder()
                    .providerId(BASE)
                    .catalogEntryId(1001 + entries.size())
                    .build();
            entries.add(new CatalogEntry(numbered, "p", Map.of()));
        }
        return new CatalogState(entries, 2000);
    }

    private static List<Integer> match(CatalogState state, int... triplet) throws WinsockException {
        return ProtocolMatcher.match(state, triplet[0], triplet[1], triplet[2]).stream()
                .map(CatalogEntry::id)
                .toList();
    }

    @Test
    void allMatchesComeInTheOrderOfTheCatalog() throws WinsockException {
        CatalogState state = catalog(chain(1003, 1002), TCP, layer("layer"), UDP, TCP);
        assertThat(match(state, INET, STREAM, 6)).containsExactly(1001, 1002, 1005);
    }

    @Test
    void zeroIsAnyFamilyAndAnyType() throws WinsockException {
        CatalogState state = catalog(TCP6, TCP, UDP);
        assertThat(match(state, 0, STREAM, 6)).containsExactly(1001, 1002);
        assertThat(match(state, INET, 0, 17)).containsExactly(1003);
        assertThat(match(state, 0, 0, 0)).containsExactly(1001, 1002, 1003);
    }

    @Test
    void protocolZeroMatchesOnlyEntriesThatSaySo() throws WinsockException {
        WsaProtocolInfo strict = TCP.toBuilder().providerFlags(0).build();
        assertThat(match(catalog(strict, TCP), INET, STREAM, 0)).containsExactly(1002);
        refused(WsaError.WSAEPROTONOSUPPORT, () -> match(catalog(strict), INET, STREAM, 0));
    }

    @Test
    void protocolZeroMatchesARangeWithZeroInIt() throws WinsockException {
        assertThat(match(catalog(RAW), INET, RAW_TYPE, 0)).containsExactly(1001);
    }

    @Test
    void protocolMatchesTheWholeRange() throws WinsockException {
        WsaProtocolInfo range = TCP.toBuilder().protocol(100).protocolMaxOffset(5).build();
        assertThat(match(catalog(range), INET, STREAM, 100)).hasSize(1);
        assertThat(match(catalog(range), INET, STREAM, 105)).hasSize(1);
        refused(WsaError.WSAEPROTONOSUPPORT, () -> match(catalog(range), INET, STREAM, 99));
        refused(WsaError.WSAEPROTONOSUPPORT, () -> match(catalog(range), INET, STREAM, 106));
    }

    @Test
    void hiddenEntriesTakePart() throws WinsockException {
        assertThat(match(catalog(RAW), INET, RAW_TYPE, 1)).containsExactly(1001);
    }

    @Test
    void layersAloneMatchNothingAndDoNotCountForTheError() {
        WsaProtocolInfo layer = layer("layer").toBuilder().socketType(STREAM).build();
        refused(WsaError.WSAEAFNOSUPPORT, () -> match(catalog(layer), INET, STREAM, 6));
    }

    @Test
    void errorIsThatOfTheBestPartialMatchWhateverTheOrder() {
        List<WsaProtocolInfo> some = Arrays.asList(TCP, UDP);
        for (List<WsaProtocolInfo> order : List.of(some, some.reversed())) {
            CatalogState state = catalog(order.toArray(new WsaProtocolInfo[0]));
            refused(WsaError.WSAEAFNOSUPPORT, () -> match(state, INET6, STREAM, 6));
            refused(WsaError.WSAESOCKTNOSUPPORT, () -> match(state, INET, RAW_TYPE, 6));
            refused(WsaError.WSAEPROTONOSUPPORT, () -> match(state, INET, STREAM, 17));
            refused(WsaError.WSAEPROTONOSUPPORT, () -> match(state, INET, DGRAM, 6));
        }
    }

    @Test
    void emptyCatalogSupportsNoFamily() {
        refused(WsaError.WSAEAFNOSUPPORT, () -> match(CatalogState.EMPTY, 0, 0, 0));
    }

    @Test
    void entryIsFoundByItsNumber() throws WinsockException {
        assertThat(ProtocolMatcher.byId(catalog(TCP, UDP), 1002).info().protocol()).isEqualTo(17);
    }

    @Test
    void unknownNumbersAndLayersAloneAnswerInvalid() {
        refused(WsaError.WSAEINVAL, () -> ProtocolMatcher.byId(catalog(TCP), 1002));
        refused(WsaError.WSAEINVAL, () -> ProtocolMatcher.byId(catalog(layer("layer")), 1001));
    }
}
