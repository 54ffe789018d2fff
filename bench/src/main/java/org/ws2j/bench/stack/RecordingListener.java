package org.ws2j.bench.stack;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/** A server channel that tells of what it accepts. No selector knows it: accepting is asking again. */
final class RecordingListener extends ServerSocketChannel {
    private final RecordingTransport transport;
    private final ServerSocketChannel real;

    RecordingListener(RecordingTransport transport, ServerSocketChannel real) {
        super(transport);
        this.transport = transport;
        this.real = real;
    }

    @Override
    public SocketChannel accept() throws IOException {
        SocketChannel accepted = real.accept();
        if (accepted != null) {
            transport.accepted(accepted);
        }
        return accepted;
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
        real.bind(local, backlog);
        return this;
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        real.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return real.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return real.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        return real.socket();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return real.getLocalAddress();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        real.close();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        real.configureBlocking(block);
    }
}
