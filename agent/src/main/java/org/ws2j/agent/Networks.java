package org.ws2j.agent;

import java.io.IOException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import org.ws2j.agent.async.AsyncProvider;
import org.ws2j.agent.install.JdkAccess;
import org.ws2j.agent.install.ResolvedNames;
import org.ws2j.agent.nio.NioProvider;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.JdkExceptions;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.spi.WinsockException;

/**
 * The network of the program, once it is there: the host, and what makes channels over it.
 *
 * @param network the sockets
 * @param channels makes channels and selectors
 * @param asynchronousChannels makes asynchronous channels
 */
record Networks(AgentNetwork network, NioProvider channels, AsyncProvider asynchronousChannels) {
    /** How many closed connections the report can tell of; the newest. */
    private static final int REMEMBERED = 10_000;

    /**
     * Starts it; the JDK has to be open to the agent.
     *
     * @param layers the layers above TCP/IP
     * @param names knows the names that the program has resolved
     * @param isReporting whether closed connections are to be remembered
     * @return the network
     * @throws IOException if the host cannot be started
     */
    static Networks start(LayerStack layers, ResolvedNames names, boolean isReporting) throws IOException {
        SelectorProvider jdk = JdkAccess.channels();
        try {
            WinsockBuilder builder = LayerCatalog.winsock(layers.layers(), jdk)
                    .resolvedNames(names::nameOf)
                    .reporter(new FailureLines());
            AgentNetwork network = AgentNetwork.start(builder, jdk, isReporting ? REMEMBERED : 0);
            return new Networks(
                    network,
                    new NioProvider(network, SelectorProvider.provider()),
                    new AsyncProvider(network, AsynchronousChannelProvider.provider()));
        } catch (WinsockException e) {
            throw JdkExceptions.of(e);
        }
    }

    /**
     * Makes a socket of no use, and has all layers started by that.
     *
     * @throws IOException if one of them cannot be started
     */
    void tryLayers() throws IOException {
        try {
            network.stream(null).close(false);
        } catch (WinsockException e) {
            throw JdkExceptions.of(e);
        }
    }
}
