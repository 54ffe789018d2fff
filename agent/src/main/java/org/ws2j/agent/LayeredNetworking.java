package org.ws2j.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.net.ProtocolFamily;
import java.net.SocketImpl;
import java.net.spi.InetAddressResolver;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import org.ws2j.agent.boot.AgentNetworking;
import org.ws2j.agent.install.JdkAccess;
import org.ws2j.agent.install.RecordingResolver;
import org.ws2j.agent.install.ResolvedNames;

/** Starts the network when the program asks for its first socket, and makes what the program asks for. */
final class LayeredNetworking implements AgentNetworking {
    private final LayerStack layers;
    private final Instrumentation instrumentation;
    private final ResolvedNames names = new ResolvedNames();
    private final boolean isReporting;

    LayeredNetworking(LayerStack layers, Instrumentation instrumentation, boolean isReporting) {
        this.layers = layers;
        this.instrumentation = instrumentation;
        this.isReporting = isReporting;
    }

    void start() throws IOException {
        JdkAccess.open(instrumentation);
    }

    @Override
    public SelectorProvider channels() throws IOException {
        start();
        return JdkAccess.channels();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return channels().openSocketChannel(family);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return channels().openServerSocketChannel(family);
    }

    @Override
    public AsynchronousChannelProvider asynchronousChannels() throws IOException {
        start();
        return JdkAccess.asynchronousChannels();
    }

    @Override
    public Object result(Object what, Object about) throws IOException {
        return what;
    }
}
