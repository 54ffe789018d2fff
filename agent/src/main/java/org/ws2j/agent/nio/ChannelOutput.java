package org.ws2j.agent.nio;

import java.io.IOException;
import java.io.OutputStream;

/** What a blocking channel sends, as a stream. */
final class ChannelOutput extends OutputStream {
    private final NioSocketChannel channel;

    ChannelOutput(NioSocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        channel.writeFully(source, offset, length);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
