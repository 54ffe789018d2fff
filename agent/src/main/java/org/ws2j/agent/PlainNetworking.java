package org.ws2j.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import org.ws2j.agent.boot.AgentNetworking;
import org.ws2j.agent.boot.AgentSelectorProvider;
import org.ws2j.agent.install.JdkAccess;

/** The JDK's own channels, for a program whose provider has become the agent's before the rest of it failed to install. */
final class PlainNetworking implements AgentNetworking {
    private final AsynchronousChannelProvider asynchronousChannels;

    private PlainNetworking(Instrumentation instrumentation) {
        JdkAccess.open(instrumentation);
        asynchronousChannels = JdkAccess.asynchronousChannels();
    }

    /** Has the agent's providers, which cannot be taken back, forward to the JDK's. */
    static void install(Instrumentation instrumentation) {
        AgentSelectorProvider.forwardTo(new PlainNetworking(instrumentation));
    }

    @Override
    public SelectorProvider channels() {
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
    public Pipe openPipe() throws IOException {
        return channels().openPipe();
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return channels().inheritedChannel();
    }

    @Override
    public AsynchronousChannelProvider asynchronousChannels() {
        return asynchronousChannels;
    }

    @Override
    public Object result(Object what, Object about) {
        return what; // No method of the JDK is changed then.
    }
}
