package org.ws2j.agent.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A listening channel as a server socket: every method goes to the channel. */
final class ServerSocketAdaptor extends ServerSocket {
    private static final int USUAL_BACKLOG = 50;

    private final NioServerSocketChannel channel;
    private volatile int timeout;

    ServerSocketAdaptor(NioServerSocketChannel channel) {
        super(UnusedSocketImpl.INSTANCE);
        this.channel = channel;
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        bind(local, USUAL_BACKLOG);
    }

    @Override
    public void bind(SocketAddress local, int backlog) throws IOException {
        AdaptorErrors.run(() -> channel.bind(local == null ? new InetSocketAddress(0) : local, backlog));
    }

    @Override
    public InetAddress getInetAddress() {
        InetSocketAddress local = channel.local();
        return local == null ? null : local.getAddress();
    }

    @Override
    public int getLocalPort() {
        InetSocketAddress local = channel.local();
        return local == null ? -1 : local.getPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return channel.local();
    }

    @Override
    public Socket accept() throws IOException {
        SocketChannel[] accepted = new SocketChannel[1];
        AdaptorErrors.run(() -> accepted[0] = acceptChannel(timeout));
        return accepted[0].socket();
    }

    /** Without a time-out a non-blocking channel accepts what is there. */
    private SocketChannel acceptChannel(int millis) throws IOException {
        if (millis > 0) {
            return channel.accept(TimeUnit.MILLISECONDS.toNanos(millis));
        }
        SocketChannel accepted = channel.accept();
        if (accepted == null) {
            throw new IllegalBlockingModeException();
        }
        return accepted;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public ServerSocketChannel getChannel() {
        return channel;
    }

    @Override
    public boolean isBound() {
        return channel.local() != null;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    private void checkOpen() throws SocketException {
        if (!channel.isOpen()) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        checkOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeout = millis;
    }

    @Override
    public int getSoTimeout() throws IOException {
        checkOpen();
        return timeout;
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        AdaptorErrors.runForSocket(() -> channel.setOption(StandardSocketOptions.SO_REUSEADDR, on));
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return AdaptorErrors.callForSocket(() -> channel.getOption(StandardSocketOptions.SO_REUSEADDR));
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("size cannot be 0 or negative");
        }
        AdaptorErrors.runForSocket(() -> channel.setOption(StandardSocketOptions.SO_RCVBUF, size));
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return AdaptorErrors.callForSocket(() -> channel.getOption(StandardSocketOptions.SO_RCVBUF));
    }

    @Override
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public String toString() {
        if (!isBound()) {
            return "ServerSocket[unbound]";
        }
        return "ServerSocket[addr=" + getInetAddress() + ",localport=" + getLocalPort() + "]";
    }
}
