package org.ws2j.agent.nio;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntSupplier;

/** What a blocking channel receives, as a stream; read and write do not wait for each other. */
final class ChannelInput extends InputStream {
    private final NioSocketChannel channel;
    private final IntSupplier timeoutMillis;

    ChannelInput(NioSocketChannel channel, IntSupplier timeoutMillis) {
        this.channel = channel;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) > 0 ? one[0] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return channel.read(target, offset, length, timeoutMillis.getAsInt());
    }

    @Override
    public int available() throws IOException {
        return channel.available();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
