package org.ws2j.agent.nio;

import java.net.SocketOption;
import java.util.Objects;
import java.util.Set;

/** What the JDK's channels check of options before they look at their own state. */
final class ChannelOptions {
    private ChannelOptions() {}

    static void checkName(Set<SocketOption<?>> supported, SocketOption<?> name) {
        Objects.requireNonNull(name);
        if (!supported.contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    static void checkValue(SocketOption<?> name, Object value) {
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
    }
}
