package org.ws2j.bench.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/** Connections over java.nio channels. */
public final class NioEnds {
    private NioEnds() {}

    /** Two channels that are connected to each other. */
    public record Channels(SocketChannel client, SocketChannel server) {}

    /** {@return two blocking channels, connected over the loopback interface, that send small segments at once} */
    public static Channels loopback() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            SocketChannel server = listener.accept();
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            server.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new Channels(client, server);
        }
    }

    /** {@return loopback TCP, non-blocking, with a selector at each end} */
    public static Connection selected() throws IOException {
        Channels channels = loopback();
        return new Connection(selected(channels.client()), selected(channels.server()));
    }

    private static End selected(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return new SelectedEnd(channel) {
            @Override
            int tryWrite(ByteBuffer source) throws IOException {
                return channel.write(source);
            }

            @Override
            int tryRead(ByteBuffer target) throws IOException {
                return channel.read(target);
            }

            @Override
            void closeSocket() throws IOException {
                channel.close();
            }
        };
    }

    /** {@return loopback TCP by blocking channels} */
    public static Connection blocking() throws IOException {
        Channels channels = loopback();
        return new Connection(blocking(channels.client()), blocking(channels.server()));
    }

    private static End blocking(ByteChannel channel) {
        return new ChannelEnd(channel, channel);
    }

    /** {@return two pipes, one for each direction} */
    public static Connection pipes() throws IOException {
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        return new Connection(new ChannelEnd(back.source(), there.sink()), new ChannelEnd(there.source(), back.sink()));
    }

    /** Blocking channels to read from and to write to. */
    private record ChannelEnd(ReadableByteChannel source, WritableByteChannel sink) implements End {
        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                sink.write(bytes);
            }
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return source.read(target);
        }

        @Override
        public void close() throws IOException {
            sink.close();
            source.close();
        }
    }
}
