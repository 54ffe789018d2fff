package org.ws2j.agent.nio;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * What {@link java.nio.channels.Channels} makes of this package's socket channels: streams that read and write at the same time.
 * What it makes of other channels than the JDK's own does not let a write in while a read waits.
 */
public final class ChannelStreams {
    private ChannelStreams() {}

    /**
     * Makes a stream that reads from a channel.
     *
     * @param channel the channel
     * @return the stream; null if the channel is not one of this package's
     */
    public static InputStream of(ReadableByteChannel channel) {
        return channel instanceof NioSocketChannel ours ? new ChannelInput(ours, () -> 0) : null;
    }

    /**
     * Makes a stream that writes to a channel.
     *
     * @param channel the channel
     * @return the stream; null if the channel is not one of this package's
     */
    public static OutputStream of(WritableByteChannel channel) {
        return channel instanceof NioSocketChannel ours ? new ChannelOutput(ours) : null;
    }
}
