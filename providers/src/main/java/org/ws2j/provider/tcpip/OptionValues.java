package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.ws2j.spi.Linger;

/**
 * The option values of one socket: those that the provider keeps itself, and those that were set on the channel, which a
 * channel that takes its place gets too.
 */
final class OptionValues {
    /** Of all sockets that have changed nothing; never written. */
    static final OptionValues UNCHANGED = new OptionValues();

    private static final Set<SocketOption<?>> HERITAGE_OF_NONE = Set.of(StandardSocketOptions.SO_REUSEADDR);

    volatile int receiveTimeoutMillis;
    volatile int sendTimeoutMillis;
    volatile boolean exclusiveAddress;
    volatile boolean debug;
    volatile boolean dontRoute;
    volatile boolean inlineUrgent;

    /** While SO_DONTLINGER is off; what it was before stays in it while it is on. */
    private volatile int lingerSeconds;

    private volatile boolean lingers;

    /** Replaced by each change; written under this. */
    private volatile Map<SocketOption<?>, Object> channelOptions = Map.of();

    Linger linger() {
        return new Linger(lingers, lingerSeconds);
    }

    void linger(Linger value) {
        lingerSeconds = value.seconds();
        lingers = value.onoff();
    }

    /** Turns lingering off or on again, with the time-out it had. */
    void dontLinger(boolean on) {
        lingers = !on;
    }

    /** Sets an option on the channel if it has it, and in any case on those that come after it. */
    <T> void set(NetworkChannel channel, SocketOption<T> option, T value) throws IOException {
        if (channel.supportedOptions().contains(option)) {
            channel.setOption(option, value);
        }
        synchronized (this) {
            Map<SocketOption<?>, Object> changed = new HashMap<>(channelOptions);
            changed.put(option, value);
            channelOptions = Map.copyOf(changed);
        }
    }

    /** {@return the value on the channel, what was set if the channel has no such option, or what is given} */
    <T> T get(NetworkChannel channel, SocketOption<T> option, T otherwise) throws IOException {
        if (channel.supportedOptions().contains(option)) {
            return channel.getOption(option);
        }
        return asSet(option, otherwise);
    }

    /** {@return what was set, whatever the provider has made of it on the channel meanwhile} */
    <T> T asSet(SocketOption<T> option, T otherwise) {
        return option.type().cast(channelOptions.getOrDefault(option, otherwise));
    }

    /** Turns on or off that urgent data stands among the other data. */
    void inlineUrgent(NetworkChannel channel, boolean on) throws IOException {
        inlineUrgent = on;
        if (channel instanceof SocketChannel stream) {
            stream.socket().setOOBInline(on);
        }
    }

    /** Gives a channel what was set on its predecessor. */
    void applyTo(NetworkChannel channel) throws IOException {
        if (inlineUrgent) {
            inlineUrgent(channel, true);
        }
        Map<SocketOption<?>, Object> set = channelOptions;
        if (set.isEmpty()) {
            return;
        }
        for (Map.Entry<SocketOption<?>, Object> each : set.entrySet()) {
            if (channel.supportedOptions().contains(each.getKey())) {
                apply(channel, each.getKey(), each.getValue());
            }
        }
    }

    private static <T> void apply(NetworkChannel channel, SocketOption<T> option, Object value) throws IOException {
        channel.setOption(option, option.type().cast(value));
    }

    /** {@return whether an accepted socket would get anything of a listener that has these} */
    boolean hasHeritage() {
        boolean isKept = receiveTimeoutMillis != 0 || sendTimeoutMillis != 0 || lingers || lingerSeconds != 0;
        boolean isSet = exclusiveAddress || debug || dontRoute || inlineUrgent;
        return isKept || isSet || !HERITAGE_OF_NONE.containsAll(channelOptions.keySet());
    }

    /** Gives an accepted socket what its listener has; SO_REUSEADDR concerns binding alone. */
    void inherit(OptionValues listeners) {
        receiveTimeoutMillis = listeners.receiveTimeoutMillis;
        sendTimeoutMillis = listeners.sendTimeoutMillis;
        exclusiveAddress = listeners.exclusiveAddress;
        debug = listeners.debug;
        dontRoute = listeners.dontRoute;
        inlineUrgent = listeners.inlineUrgent;
        linger(listeners.linger());
        Map<SocketOption<?>, Object> theirs = listeners.channelOptions;
        if (!theirs.isEmpty()) {
            Map<SocketOption<?>, Object> inherited = new HashMap<>(theirs);
            inherited.keySet().removeAll(HERITAGE_OF_NONE);
            synchronized (this) {
                channelOptions = Map.copyOf(inherited);
            }
        }
    }
}
