package org.ws2j.agent.nio;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.UUID;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.spi.WinsockException;

/** How a test's channels come to the network: every behaviour is the same on all ways. */
enum Way {
    /** The JDK's own channels: the control group. */
    JDK,
    /** A SOCKET over the operating system. */
    TCPIP,
    /** A SOCKET through three layers that pass on. */
    LAYERED;

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
            case TCPIP -> new Agent(network(ProtocolCatalog.inMemory()));
            case LAYERED -> new Agent(network(layered()));
        };
    }

    static AgentNetwork network(ProtocolCatalog catalog) throws WinsockException {
        return AgentNetwork.start(Winsock.builder().catalog(catalog).reporter((what, failure) -> {
            throw new AssertionError(what, failure);
        }), SelectorProvider.provider(), 0);
    }

    static ProtocolCatalog layered() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.inMemory();
        for (int i = 0; i < LAYERS; i++) {
            catalog.wscInstallProviderAndChains(
                    UUID.randomUUID(), "builtin:passthrough", "layer " + i, 0, null, Map.of());
        }
        return catalog;
    }
}
