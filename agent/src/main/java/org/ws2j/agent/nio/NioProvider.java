package org.ws2j.agent.nio;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.agent.socket.JdkExceptions;
import org.ws2j.spi.WinsockException;

/**
 * Opens channels and selectors whose network is an {@link AgentNetwork}. Pipes, Unix-domain channels and the inherited channel are
 * the JDK's own; they can be registered with the selectors.
 */
public final class NioProvider extends SelectorProvider {
    private final AgentNetwork network;
    private final SelectorProvider face;

    /**
     * Makes a provider.
     *
     * @param network the network
     */
    public NioProvider(AgentNetwork network) {
        this.network = Objects.requireNonNull(network, "network");
        this.face = this;
    }

    /**
     * Makes a provider that stands behind another one, which the program knows.
     *
     * @param network the network
     * @param face what channels and selectors name as their provider
     */
    public NioProvider(AgentNetwork network, SelectorProvider face) {
        this.network = Objects.requireNonNull(network, "network");
        this.face = Objects.requireNonNull(face, "face");
    }

    SelectorProvider face() {
        return face;
    }

    AgentNetwork network() {
        return network;
    }

    @FunctionalInterface
    private interface Opening {
        AgentSocket open(ProtocolFamily family) throws WinsockException;
    }

    private static AgentSocket open(Opening opening, ProtocolFamily family) throws IOException {
        try {
            return opening.open(family);
        } catch (WinsockException e) {
            throw JdkExceptions.of(e);
        }
    }

    /** Fails for families that are neither the Internet's nor, where that is possible, this system's own. */
    private static void check(ProtocolFamily family) {
        Objects.requireNonNull(family, "'family' is null");
        if (family != StandardProtocolFamily.INET && family != StandardProtocolFamily.INET6) {
            throw new UnsupportedOperationException("Protocol family not supported");
        }
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return new NioDatagramChannel(this, open(network::datagram, null), true);
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        check(family);
        return new NioDatagramChannel(this, open(network::datagram, family), true);
    }

    /**
     * Opens a channel for a {@link java.net.DatagramSocket}: an interrupt of a platform thread does not close it; that of a
     * virtual thread, blocked in a receive of its {@linkplain DatagramChannel#socket() socket}, does.
     *
     * @return the channel
     * @throws IOException if it cannot be opened
     */
    public DatagramChannel openUninterruptibleDatagramChannel() throws IOException {
        return new NioDatagramChannel(this, open(network::datagram, null), false);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return network.jdk().openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return new NioSelector(this, network.jdk().openSelector());
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return NioServerSocketChannel.open(this, open(network::stream, null));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        if (family == StandardProtocolFamily.UNIX) {
            return network.jdk().openServerSocketChannel(family);
        }
        check(family);
        return NioServerSocketChannel.open(this, open(network::stream, family));
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return new NioSocketChannel(this, open(network::stream, null));
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        if (family == StandardProtocolFamily.UNIX) {
            return network.jdk().openSocketChannel(family);
        }
        check(family);
        return new NioSocketChannel(this, open(network::stream, family));
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return network.jdk().inheritedChannel();
    }
}
