package org.ws2j.bench.stack;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/**
 * The JDK's channels, with the last ones remembered: what is below a socket of {@code tcpip} can be registered with a selector
 * of the benchmark's own, as whoever injects the transport can do.
 */
public final class RecordingTransport extends SelectorProvider {
    private final SelectorProvider jdk = SelectorProvider.provider();
    private volatile SocketChannel lastOpened;
    private volatile SocketChannel lastAccepted;

    /** {@return the channel of the socket that was made last} */
    public SocketChannel lastOpened() {
        return lastOpened;
    }

    /** {@return the channel of the connection that was accepted last} */
    public SocketChannel lastAccepted() {
        return lastAccepted;
    }

    void accepted(SocketChannel channel) {
        lastAccepted = channel;
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        lastOpened = jdk.openSocketChannel();
        return lastOpened;
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        lastOpened = jdk.openSocketChannel(family);
        return lastOpened;
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return new RecordingListener(this, jdk.openServerSocketChannel());
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return new RecordingListener(this, jdk.openServerSocketChannel(family));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return jdk.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return jdk.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return jdk.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return jdk.openSelector();
    }
}
