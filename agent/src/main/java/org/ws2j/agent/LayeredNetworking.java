package org.ws2j.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import org.ws2j.agent.boot.AgentNetworking;
import org.ws2j.agent.install.JdkAccess;
import org.ws2j.agent.install.ResolvedNames;

/** Starts the network when the program asks for its first socket, and makes what the program asks for. */
final class LayeredNetworking implements AgentNetworking {
    private final LayerStack layers;
    private final Instrumentation instrumentation;
    private final boolean isReporting;
    private final Unlayered unlayered = new Unlayered();

    /** Whether the JDK is open to the agent, without which some classes cannot even be loaded. Changed under this, as all below. */
    private volatile boolean isOpen;

    /** Both are null until they are needed. */
    private volatile Networks networks;

    private volatile ResolvedNames names;

    /**
     * Makes it, without a network yet.
     *
     * @param layers the layers above TCP/IP
     * @param instrumentation the JVM
     * @param isReporting whether there will be a report
     */
    LayeredNetworking(LayerStack layers, Instrumentation instrumentation, boolean isReporting) {
        this.layers = layers;
        this.instrumentation = instrumentation;
        this.isReporting = isReporting;
    }

    /**
     * Starts the network unless it is there.
     *
     * @return the network
     * @throws IOException if it cannot be started; the next call tries again
     */
    Networks start() throws IOException {
        Networks known = networks;
        return known != null ? known : startOnce();
    }

    private synchronized Networks startOnce() throws IOException {
        if (networks == null) {
            open();
            networks = Networks.start(layers, names(), isReporting);
        }
        return networks;
    }

    private void open() {
        if (!isOpen) {
            openOnce();
        }
    }

    private synchronized void openOnce() {
        if (!isOpen) {
            JdkAccess.open(instrumentation);
            isOpen = true;
        }
    }

    private ResolvedNames names() {
        ResolvedNames known = names;
        return known != null ? known : makeNames();
    }

    private synchronized ResolvedNames makeNames() {
        if (names == null) {
            names = new ResolvedNames();
        }
        return names;
    }

    /** {@return the network; null if no program has asked for it} */
    Networks startedOrNull() {
        return networks;
    }

    /** {@return the number of sockets that no layer sees} */
    Unlayered unlayered() {
        return unlayered;
    }

    @Override
    public SelectorProvider channels() throws IOException {
        return start().channels();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return unlayered.counted(family, channels().openSocketChannel(family));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return unlayered.counted(family, channels().openServerSocketChannel(family));
    }

    @Override
    public Pipe openPipe() throws IOException {
        return unlayered.pipe(channels().openPipe());
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return unlayered.inherited(channels().inheritedChannel());
    }

    @Override
    public AsynchronousChannelProvider asynchronousChannels() throws IOException {
        return start().asynchronousChannels();
    }

    @Override
    public Object result(Object what, Object about) throws IOException {
        if (what instanceof InputStream || what instanceof OutputStream) {
            // Streams over files and pipes need no network.
            return networks == null ? what : Results.stream(what, about);
        }
        if (what instanceof Class<?> type) {
            open();
            return Results.made(type, about, this);
        }
        return Results.resolver(what, names());
    }
}
