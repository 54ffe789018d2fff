package org.ws2j.agent.nio;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.util.Objects;
import java.util.Set;
import org.ws2j.agent.socket.AgentSocket;

/** The options of a channel: what the JDK's channels check of them before they look at their own state, and then the socket's. */
final class ChannelOptions {
    private ChannelOptions() {}

    static <T> void set(NetworkChannel channel, AgentSocket socket, SocketOption<T> name, T value) throws IOException {
        checkName(channel.supportedOptions(), name);
        checkValue(name, value);
        ensureOpen(channel);
        socket.setOption(name, value);
    }

    static <T> T get(NetworkChannel channel, AgentSocket socket, SocketOption<T> name) throws IOException {
        checkName(channel.supportedOptions(), name);
        ensureOpen(channel);
        return socket.getOption(name);
    }

    private static void ensureOpen(Channel channel) throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private static void checkName(Set<SocketOption<?>> supported, SocketOption<?> name) {
        Objects.requireNonNull(name);
        if (!supported.contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    private static void checkValue(SocketOption<?> name, Object value) {
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
    }
}
