package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.catalog.Entries.BASE;
import static org.ws2j.host.catalog.Entries.OTHER;
import static org.ws2j.host.catalog.Entries.TCP;
import static org.ws2j.host.catalog.Entries.TCP6;
import static org.ws2j.host.catalog.Entries.UDP;
import static org.ws2j.host.catalog.Entries.module;
import static org.ws2j.host.catalog.Entries.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** Snapshots, watches, and the catalog without configuration. */
@Timeout(30)
final class CatalogTest {

    private final MemoryCatalogStore store = new MemoryCatalogStore(CatalogState.EMPTY);

    private static CatalogEdit<List<WsaProtocolInfo>> installBase() throws WinsockException {
        return ProviderEdits.install(BASE, "p", List.of(TCP), Map.of());
    }

    @Test
    void snapshotStaysAsItWasAndALaterOneSeesTheChange() throws WinsockException {
        Catalog catalog = Catalog.open(store);
        CatalogState before = catalog.snapshot();
        catalog.change(installBase());
        assertThat(before.entries()).isEmpty();
        assertThat(catalog.snapshot().entries()).hasSize(1);
    }

    @Test
    void watchIsToldOfEachSuccessfulChange() throws WinsockException {
        Catalog catalog = Catalog.open(store);
        AtomicInteger told = new AtomicInteger();
        try (CatalogWatch watch = catalog.watch(told::incrementAndGet)) {
            assertThat(watch).isNotNull();
            catalog.change(installBase());
            catalog.change(ProviderEdits.order(1001));
            assertThat(told).hasValue(2);
        }
        catalog.change(ProviderEdits.deinstall(BASE));
        assertThat(told).as("after the close").hasValue(2);
    }

    @Test
    void watchIsNotToldOfARefusedChange() throws WinsockException {
        Catalog catalog = Catalog.open(store);
        AtomicInteger told = new AtomicInteger();
        catalog.watch(told::incrementAndGet);
        refused(WsaError.WSAEINVAL, () -> catalog.change(ProviderEdits.deinstall(BASE)));
        assertThat(told).hasValue(0);
    }

    @Test
    void watchSeesTheNewStateAndMayChangeTheCatalogItself() throws WinsockException {
        Catalog catalog = Catalog.open(store);
        List<Integer> sizes = new ArrayList<>();
        catalog.watch(() -> {
            try {
                sizes.add(catalog.snapshot().entries().size());
                if (sizes.size() == 1) {
                    catalog.change(ProviderEdits.install(OTHER, "p", List.of(UDP), Map.of()));
                }
            } catch (WinsockException failed) {
                throw new AssertionError(failed);
            }
        });
        catalog.change(installBase());
        assertThat(sizes).containsExactly(1, 2);
    }

    @Test
    void watchRunsWithoutTheLock() throws WinsockException {
        Catalog catalog = Catalog.open(store);
        catalog.watch(() -> {
            CatalogState seenElsewhere = CompletableFuture.supplyAsync(catalog::lastGood).join();
            assertThat(seenElsewhere.entries()).hasSize(1);
        });
        catalog.change(installBase());
        assertThat(catalog.lastGood().entries()).hasSize(1);
    }

    @Test
    void throwingWatchStopsNeitherTheOthersNorTheChange() throws WinsockException {
        Catalog catalog = Catalog.open(store);
        AtomicInteger told = new AtomicInteger();
        catalog.watch(() -> {
            throw new IllegalStateException("first");
        });
        catalog.watch(() -> {
            throw new IllegalArgumentException("second");
        });
        catalog.watch(told::incrementAndGet);
        assertThatThrownBy(() -> catalog.change(installBase()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("first")
                .hasSuppressedException(new IllegalArgumentException("second"));
        assertThat(told).hasValue(1);
        assertThat(catalog.snapshot().entries()).hasSize(1);
    }

    @Test
    void changeThatCameAnotherWayIsToldWhenItIsFound() throws WinsockException {
        Catalog catalog = Catalog.open(store);
        AtomicInteger told = new AtomicInteger();
        catalog.watch(told::incrementAndGet);
        Catalog.open(store).change(installBase());
        assertThat(told).hasValue(0);
        assertThat(catalog.lastGood().entries()).isEmpty();
        assertThat(catalog.snapshot().entries()).hasSize(1);
        catalog.snapshot();
        assertThat(told).hasValue(1);
        assertThat(catalog.lastGood().entries()).hasSize(1);
    }

    @Test
    void withoutConfigurationTheCatalogHasTheProtocolsOfTcpip() throws WinsockException {
        ProtocolCatalog catalog =
                ProtocolCatalog.inMemory(List.of(module("memory", UDP), module("tcpip", TCP, UDP, TCP6)));
        assertThat(Entries.ids(catalog.wscEnumProtocols())).containsExactly(1001, 1002, 1003);
        assertThat(catalog.wscEnumProtocols())
                .extracting(WsaProtocolInfo::protocolName)
                .containsExactly(TCP.protocolName(), UDP.protocolName(), TCP6.protocolName());
        assertThat(catalog.wscGetProviderPath(BASE)).isEqualTo("builtin:tcpip");
    }

    @Test
    void withoutTcpipTheDefaultCatalogIsEmpty() throws WinsockException {
        assertThat(ProtocolCatalog.inMemory(List.of(module("memory", UDP))).wscEnumProtocols())
                .isEmpty();
        assertThat(ProtocolCatalog.inMemory(List.of(module("tcpip"))).wscEnumProtocols())
                .isEmpty();
    }

    @Test
    void catalogThatHasNoNumbersLeftAnswersNoRecovery() throws WinsockException {
        CatalogState full = new CatalogState(List.of(), Integer.MAX_VALUE);
        refused(WsaError.WSANO_RECOVERY, () -> installBase().apply(full));
    }
}
