package org.ws2j.agent.net;

import java.io.IOException;
import java.util.Objects;
import org.ws2j.agent.socket.AgentNetwork;

/** Has a network, or makes it when it is asked for. */
@FunctionalInterface
public interface NetworkSource {

    /**
     * {@return the network}
     *
     * @throws IOException if it cannot be started
     */
    AgentNetwork network() throws IOException;

    /**
     * Makes a source of a network that is there.
     *
     * @param network the network
     * @return the source
     */
    static NetworkSource of(AgentNetwork network) {
        Objects.requireNonNull(network, "network");
        return () -> network;
    }
}
