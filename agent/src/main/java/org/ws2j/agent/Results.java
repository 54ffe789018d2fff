package org.ws2j.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketImpl;
import java.net.spi.InetAddressResolver;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.ws2j.agent.install.RecordingResolver;
import org.ws2j.agent.install.ResolvedNames;
import org.ws2j.agent.net.AgentSocketImpl;
import org.ws2j.agent.nio.ChannelStreams;

/** What the changed methods of the JDK return. */
final class Results {
    private Results() {}

    /** Answers instead of a method that makes an object of a class. */
    static Object made(Class<?> type, Object about, LayeredNetworking networking) throws IOException {
        return type == SocketImpl.class
                ? new AgentSocketImpl(() -> networking.start().network(), (Boolean) about)
                : networking.start().channels().openUninterruptibleDatagramChannel();
    }

    /** Answers instead of a stream that the JDK has made for a channel. */
    static Object stream(Object made, Object channel) {
        Object ours = made instanceof InputStream
                ? ChannelStreams.of((ReadableByteChannel) channel)
                : ChannelStreams.of((WritableByteChannel) channel);
        return ours != null ? ours : made;
    }

    /** Answers instead of a resolver of names. */
    static Object resolver(Object resolver, ResolvedNames names) {
        return new RecordingResolver((InetAddressResolver) resolver, names);
    }
}
