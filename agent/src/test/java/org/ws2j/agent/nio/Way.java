package org.ws2j.agent.nio;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.layer.LayerFactory;
import org.ws2j.layer.LayerModule;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.layer.LayeredSocket;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** How a test's channels come to the network: every behaviour is the same on all ways. */
enum Way {
    /** The JDK's own channels: the control group. */
    JDK,
    /** A SOCKET over the operating system. */
    TCPIP,
    /** A SOCKET through three layers that pass on. */
    LAYERED,
    /** A SOCKET through a layer that claims to know when it is ready. */
    CLAIMED;

    private static final int LAYERS = 3;

    /** What a test opens its channels with, for its time. */
    interface Stack extends AutoCloseable {
        SelectorProvider provider();

        @Override
        void close();
    }

    private record Plain(SelectorProvider provider) implements Stack {
        @Override
        public void close() {
            // The JDK's provider is nobody's to close.
        }
    }

    /** Over a network of the agent. */
    record Agent(AgentNetwork network, NioProvider provider) implements Stack {
        Agent(AgentNetwork network) {
            this(network, new NioProvider(network));
        }

        @Override
        public void close() {
            network.close();
        }
    }

    Stack open() throws IOException {
        SelectorProvider jdk = SelectorProvider.provider();
        return switch (this) {
            case JDK -> new Plain(jdk);
            case TCPIP -> new Agent(network(ProtocolCatalog.inMemory(), List.of()));
            case LAYERED -> new Agent(network(layered(), List.of()));
            case CLAIMED -> through(ClaimingLayer::new);
        };
    }

    /** {@return a network with one layer over the operating system} */
    static Agent through(LayerFactory factory) throws WinsockException {
        LayerModule module = new LayerModule("test") {
            @Override
            protected LayerFactory factory() {
                return factory;
            }
        };
        List<TransportModule> modules = new ArrayList<>(List.of(module));
        ServiceLoader.load(TransportModule.class).forEach(modules::add);
        ProtocolCatalog catalog = ProtocolCatalog.inMemory(modules);
        catalog.wscInstallProviderAndChains(UUID.randomUUID(), "builtin:test", "test", 0, null, Map.of());
        return new Agent(network(catalog, List.of(module)));
    }

    private static AgentNetwork network(ProtocolCatalog catalog, List<TransportModule> modules)
            throws WinsockException {
        WinsockBuilder builder = Winsock.builder().catalog(catalog).reporter((what, failure) -> {
            throw new AssertionError(what, failure);
        });
        modules.forEach(builder::module);
        return AgentNetwork.start(builder, SelectorProvider.provider(), 0);
    }

    /** Claims and passes on. */
    static class ClaimingLayer extends LayeredProvider {
        ClaimingLayer(LayerStart start) {
            super(start);
        }

        @Override
        protected boolean claims(LayeredSocket socket, int ioControlCode) {
            return ioControlCode == IoctlCode.SIO_BSP_HANDLE_SELECT || super.claims(socket, ioControlCode);
        }
    }

    static ProtocolCatalog layered() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.inMemory();
        List<WsaProtocolInfo> protocols = catalog.wscEnumProtocols();
        for (int i = 0; i < LAYERS; i++) { // Each goes over what is on top.
            catalog.wscInstallProviderAndChains(
                    UUID.randomUUID(), "builtin:passthrough", "layer " + i, 0, protocols, Map.of());
        }
        return catalog;
    }
}
