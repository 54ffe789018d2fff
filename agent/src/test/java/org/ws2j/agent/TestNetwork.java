package org.ws2j.agent;

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
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;

/** Networks for tests. */
public final class TestNetwork {
    private TestNetwork() {}

    /**
     * Starts a network.
     *
     * @param layers how many layers that pass on lie over the operating system
     * @return the network
     * @throws WinsockException if it cannot be started
     */
    public static AgentNetwork layered(int layers) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.inMemory();
        for (int i = 0; i < layers; i++) {
            catalog.wscInstallProviderAndChains(
                    UUID.randomUUID(), "builtin:passthrough", "layer " + i, 0, null, Map.of());
        }
        return start(Winsock.builder().catalog(catalog).reporter((what, failure) -> {
            throw new AssertionError(what, failure);
        }));
    }

    /**
     * Starts a network with one layer over the operating system, which may fail.
     *
     * @param factory makes the layer
     * @return the network
     * @throws WinsockException if it cannot be started
     */
    public static AgentNetwork through(LayerFactory factory) throws WinsockException {
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
        return start(Winsock.builder().catalog(catalog).module(module).reporter((what, failure) -> {}));
    }

    private static AgentNetwork start(WinsockBuilder builder) throws WinsockException {
        return AgentNetwork.start(builder, SelectorProvider.provider(), 0);
    }
}
