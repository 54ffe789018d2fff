package org.ws2j.agent.async;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.WinsockException;

/** What a channel has of its SOCKET, of either kind: its group, whether it is open, its local address, its options. */
final class AsyncSocket {
    private final Channel channel;
    private final AsyncGroup group;
    private final AgentSocket socket;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Null before there is one. */
    private volatile InetSocketAddress local;

    /** A socket that is no member of its group yet; {@link #join} makes it one. */
    AsyncSocket(Channel channel, AsyncGroup group, AgentSocket socket) {
        this.channel = channel;
        this.group = group;
        this.socket = socket;
    }

    /** What has to be done, and may fail, before a channel is there. */
    @FunctionalInterface
    interface Preparation<T> {
        T prepare() throws IOException;
    }

    /** Becomes a member of the group and is prepared, or is closed if either cannot be. */
    <T> T join(Preparation<T> preparation) throws IOException {
        try {
            group.add(channel);
            return preparation.prepare();
        } catch (IOException | RuntimeException e) {
            try {
                close();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    AsyncGroup group() {
        return group;
    }

    AgentSocket socket() {
        return socket;
    }

    boolean isOpen() {
        return !closed.get();
    }

    void checkOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            try {
                socket.close(false);
            } catch (WinsockException e) {
                throw socket.failure(e);
            } finally {
                group.remove(channel);
            }
        }
    }

    /** {@return what the program sees of a failed call} */
    IOException failure(WinsockException e) {
        return isOpen() ? socket.failure(e) : new ClosedChannelException();
    }

    // Addresses

    InetSocketAddress check(SocketAddress address) {
        Objects.requireNonNull(address);
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (inet.getAddress() instanceof Inet6Address && !socket.isSix()) {
            throw new UnsupportedAddressTypeException();
        }
        return inet;
    }

    /** {@return an address to connect to: nobody is at the wildcard address, which stands for this machine} */
    InetSocketAddress peer(SocketAddress address) {
        InetSocketAddress checked = check(address);
        return checked.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), checked.getPort()) : checked;
    }

    StandardProtocolFamily family() {
        return socket.isSix() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    InetSocketAddress local() {
        return local;
    }

    synchronized void bind(SocketAddress address) throws IOException {
        InetSocketAddress wanted = address == null ? new InetSocketAddress(0) : check(address);
        checkOpen();
        if (local != null) {
            throw new AlreadyBoundException();
        }
        try {
            socket.bind(wanted);
            updateLocal();
        } catch (WinsockException e) {
            throw failure(e);
        }
    }

    void updateLocal() throws WinsockException {
        local = (InetSocketAddress) socket.localAddress();
    }

    // Options

    /** As channels have it, {@code supported} being what they have. */
    <T> void setOption(Set<SocketOption<?>> supported, SocketOption<T> option, T value) throws IOException {
        checkSupported(supported, option);
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid option value");
        }
        checkOpen();
        try {
            socket.setOption(option, value);
        } catch (WinsockException e) {
            throw failure(e);
        }
    }

    /** As channels have it, {@code supported} being what they have. */
    <T> T getOption(Set<SocketOption<?>> supported, SocketOption<T> option) throws IOException {
        checkSupported(supported, option);
        checkOpen();
        return socket.getOption(option);
    }

    static void checkSupported(Set<SocketOption<?>> supported, SocketOption<?> option) {
        if (!supported.contains(Objects.requireNonNull(option))) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
    }
}
