package org.ws2j.layer;

import java.util.Map;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/** One layer over a base that a test controls. */
final class Stack {
    final FakeHost host = new FakeHost();
    final FakeBase base = new FakeBase();
    final WsaProtocolInfo baseEntry;
    final WsaProtocolInfo layerEntry;
    final WsaProtocolInfo chain;
    WspProcTable layer;

    Stack(LayerFactory factory) throws WinsockException {
        this(named("layer", factory), Map.of());
    }

    Stack(LayerModule module, Map<String, String> options) throws WinsockException {
        host.provide("base", base);
        host.provide(module);
        baseEntry = host.install("base", ProtocolChain.BASE);
        layerEntry = host.install(module.name(), ProtocolChain.LAYER);
        chain = host.install(
                module.name(), ProtocolChain.of(layerEntry.catalogEntryId(), baseEntry.catalogEntryId()));
        host.options(layerEntry, options);
        layer = start(chain);
    }

    WspProcTable start(WsaProtocolInfo info) throws WinsockException {
        TransportProvider top = host.loadProvider(host.wpuGetProviderPath(info.providerId()));
        return top.wspStartup(WinsockVersion.V2_2, info, host).procTable();
    }

    SocketHandle socket() throws WinsockException {
        return layer.wspSocket(2, 1, 6, chain, 0, 1);
    }

    /** {@return the base's handle under a handle of the layer} */
    static SocketHandle lower(SocketHandle s) {
        return ((LayeredSocket) ((FakeHost.Handle) s).context).lower();
    }

    static LayerModule named(String name, LayerFactory factory) {
        return new LayerModule(name) {
            @Override
            protected LayerFactory factory() {
                return factory;
            }
        };
    }
}
