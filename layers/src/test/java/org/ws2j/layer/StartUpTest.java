package org.ws2j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

@Timeout(30)
final class StartUpTest {
    private final FakeHost host = new FakeHost();
    private final FakeBase base = new FakeBase();
    private final List<LayerStart> starts = new ArrayList<>();
    private WsaProtocolInfo baseEntry;

    @BeforeEach
    void installBase() {
        host.provide("base", base);
        baseEntry = host.install("base", ProtocolChain.BASE);
    }

    private WsaProtocolInfo layer(String name) throws WinsockException {
        host.provide(Stack.named(name, start -> {
            starts.add(start);
            return new LayeredProvider(start);
        }));
        return host.install(name, ProtocolChain.LAYER);
    }

    private WsaProtocolInfo chain(String top, WsaProtocolInfo... elements) {
        int[] ids = new int[elements.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = elements[i].catalogEntryId();
        }
        return host.install(top, ProtocolChain.of(ids));
    }

    private WspProcTable start(WsaProtocolInfo info) throws WinsockException {
        TransportProvider top = host.loadProvider(host.wpuGetProviderPath(info.providerId()));
        return top.wspStartup(WinsockVersion.V2_2, info, host).procTable();
    }

    private static void fails(WsaError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(WinsockException.class, e -> assertThat(e.code()).isEqualTo(error.code()));
    }

    @Test
    void theBaseIsStartedWithItsOwnEntry() throws WinsockException {
        start(chain("a", layer("a"), baseEntry));
        assertThat(base.starts).containsExactly(baseEntry);
    }

    @Test
    void aLayerBelowALayerIsStartedWithTheChain() throws WinsockException {
        WsaProtocolInfo chain = chain("a", layer("a"), layer("b"), baseEntry);
        start(chain);
        assertThat(starts).extracting(LayerStart::info).containsExactly(chain, chain);
        assertThat(starts).extracting(LayerStart::lowerInfo).containsExactly(baseEntry, chain);
        assertThat(starts).extracting(LayerStart::position).containsExactly(1, 0);
    }

    @Test
    void handlesCarryTheChainsIdAtTheTopAndTheLayersOwnBelow() throws WinsockException {
        WsaProtocolInfo lowerLayer = layer("b");
        WsaProtocolInfo chain = chain("a", layer("a"), lowerLayer, baseEntry);
        start(chain).wspSocket(2, 1, 6, chain, 0, 1);
        assertThat(host.handles)
                .extracting(h -> h.entry)
                .containsExactly(lowerLayer.catalogEntryId(), chain.catalogEntryId());
    }

    @Test
    void aModuleThatStandsTwiceInAChainRunsTwice() throws WinsockException {
        WsaProtocolInfo a = layer("a");
        WsaProtocolInfo chain = chain("a", a, layer("b"), a, baseEntry);
        WspProcTable table = start(chain);
        assertThat(starts).extracting(LayerStart::position).containsExactly(2, 1, 0);
        table.wspSocket(2, 1, 6, chain, 0, 1);
        assertThat(host.open()).hasSize(3);
        assertThat(base.uses).isEqualTo(1);
        table.wspCleanup();
        assertThat(base.uses).isZero();
        assertThat(host.open()).isEmpty();
    }

    @Test
    void aChainInsideAChainIsFollowed() throws WinsockException {
        WsaProtocolInfo b = layer("b");
        WsaProtocolInfo inner = chain("b", b, baseEntry);
        WsaProtocolInfo outer = chain("a", layer("a"), inner);
        start(outer);
        assertThat(starts).extracting(LayerStart::ownEntry).first().isEqualTo(b);
        assertThat(starts).extracting(LayerStart::lowerInfo).containsExactly(baseEntry, outer);
    }

    @Test
    void startsForOneChainAreCounted() throws WinsockException {
        WsaProtocolInfo chain = chain("a", layer("a"), baseEntry);
        WspProcTable first = start(chain);
        WspProcTable second = start(chain);
        assertThat(second).isSameAs(first);
        assertThat(base.uses).isEqualTo(1);
        first.wspCleanup();
        assertThat(base.uses).isEqualTo(1);
        second.wspCleanup();
        assertThat(base.uses).isZero();
        fails(WsaError.WSANOTINITIALISED, second::wspCleanup);
    }

    @Test
    void differentChainsAreDifferentLayers() throws WinsockException {
        WsaProtocolInfo a = layer("a");
        WspProcTable one = start(chain("a", a, baseEntry));
        WspProcTable two = start(chain("a", a, baseEntry));
        assertThat(two).isNotSameAs(one);
        one.wspCleanup();
        assertThat(base.uses).isEqualTo(1);
    }

    @Test
    void aLayerCanBeStartedAgainAfterItsCleanUp() throws WinsockException {
        WsaProtocolInfo chain = chain("a", layer("a"), baseEntry);
        WspProcTable first = start(chain);
        first.wspCleanup();
        fails(WsaError.WSANOTINITIALISED, () -> first.wspSocket(2, 1, 6, chain, 0, 1));
        WspProcTable second = start(chain);
        assertThat(second.wspSocket(2, 1, 6, chain, 0, 1)).isNotNull();
    }

    @Test
    void optionsOfTheChainReplaceThoseOfTheLayer() throws WinsockException {
        WsaProtocolInfo a = layer("a");
        WsaProtocolInfo chain = chain("a", a, baseEntry);
        host.options(a, Map.of("x", "layer", "y", "layer"));
        host.options(chain, Map.of("x", "chain"));
        start(chain);
        assertThat(starts.getFirst().options()).containsOnly(Map.entry("x", "chain"), Map.entry("y", "layer"));
    }

    @Test
    void aLayerAloneAndABaseAreNoChain() throws WinsockException {
        WsaProtocolInfo a = layer("a");
        TransportProvider module = host.loadProvider("a");
        fails(WsaError.WSAEINVAL, () -> module.wspStartup(WinsockVersion.V2_2, a, host));
        fails(WsaError.WSAEINVAL, () -> module.wspStartup(WinsockVersion.V2_2, baseEntry, host));
    }

    @Test
    void aChainWithoutTheLayerIsRefused() throws WinsockException {
        layer("a");
        WsaProtocolInfo chain = chain("b", layer("b"), baseEntry);
        TransportProvider module = host.loadProvider("a");
        fails(WsaError.WSAEINVAL, () -> module.wspStartup(WinsockVersion.V2_2, chain, host));
    }

    @Test
    void aMissingElementFailsTheStart() throws WinsockException {
        WsaProtocolInfo chain = chain("a", layer("a"), baseEntry);
        host.remove(baseEntry);
        fails(WsaError.WSAEPROVIDERFAILEDINIT, () -> start(chain));
    }

    @Test
    void aChainThatContainsItselfIsRefused() throws WinsockException {
        WsaProtocolInfo a = layer("a");
        // The next id is the chain's own.
        WsaProtocolInfo chain = host.install("a", ProtocolChain.of(a.catalogEntryId(), a.catalogEntryId() + 1));
        fails(WsaError.WSAEINVAL, () -> start(chain));
    }

    @Test
    void anOldVersionIsRefused() throws WinsockException {
        WsaProtocolInfo chain = chain("a", layer("a"), baseEntry);
        TransportProvider module = host.loadProvider("a");
        fails(WsaError.WSAVERNOTSUPPORTED, () -> module.wspStartup(WinsockVersion.V1_1, chain, host));
    }

    @Test
    void aFailingBaseFailsTheStartAndTheNextStartTriesAgain() throws WinsockException {
        WsaProtocolInfo chain = chain("a", layer("a"), baseEntry);
        base.startFailure = new WinsockException(WsaError.WSASYSNOTREADY);
        fails(WsaError.WSAEPROVIDERFAILEDINIT, () -> start(chain));
        base.startFailure = null;
        assertThat(start(chain)).isNotNull();
    }

    @Test
    void aBaseWithoutFunctionsFailsTheStart() throws WinsockException {
        WsaProtocolInfo chain = chain("a", layer("a"), baseEntry);
        base.hasTable = false;
        fails(WsaError.WSAEINVALIDPROCTABLE, () -> start(chain));
    }

    @Test
    void aBaseOfAnotherVersionIsCleanedUpAgain() throws WinsockException {
        WsaProtocolInfo chain = chain("a", layer("a"), baseEntry);
        base.version = WinsockVersion.V1_1;
        fails(WsaError.WSAEINVALIDPROVIDER, () -> start(chain));
        assertThat(base.uses).isZero();
    }

    @Test
    void aLayerThatCannotBeMadeCleansTheBaseUp() {
        host.install("x", ProtocolChain.LAYER);
        WsaProtocolInfo x = host.install("x", ProtocolChain.LAYER);
        WsaProtocolInfo chain = chain("x", x, baseEntry);
        host.provide("x", new LayerTransport(
                "x",
                start -> {
                    throw new WinsockException(WsaError.WSAEINVAL, "bad option");
                },
                host.forModule("x")));
        fails(WsaError.WSAEINVAL, () -> start(chain));
        assertThat(base.uses).isZero();
    }
}
