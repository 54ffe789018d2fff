package org.ws2j.conformance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** The control group: the JDK's channels, with nothing of ws2j in between. */
final class JdkSockets implements PlainSockets, AutoCloseable {
    /** The native methods of the JDK in which a call of a blocking channel waits. */
    static final Set<String> WAITS = Set.of("accept", "poll", "read0", "receive0");

    private static final int END = -1;

    private final List<NetworkChannel> made = new CopyOnWriteArrayList<>();

    /** A call of the JDK's. */
    @FunctionalInterface
    private interface Call<T> {
        T make() throws IOException;
    }

    /** Makes a call, whose failure is told as Winsock's. */
    private static <T> T call(NetworkChannel channel, Call<T> call) throws WinsockException {
        try {
            return call.make();
        } catch (IOException | RuntimeException e) {
            throw JdkFailures.of(channel, e);
        }
    }

    private <T extends NetworkChannel> T own(T channel) {
        made.add(channel);
        return channel;
    }

    @Override
    public PlainStream stream() throws WinsockException {
        return new Stream(own(call(null, () -> SocketChannel.open(StandardProtocolFamily.INET))));
    }

    @Override
    public PlainDatagram datagram() throws WinsockException {
        return new Datagram(own(call(null, () -> DatagramChannel.open(StandardProtocolFamily.INET))));
    }

    @Override
    public PlainListener listener() throws WinsockException {
        ServerSocketChannel channel = own(call(null, () -> ServerSocketChannel.open(StandardProtocolFamily.INET)));
        call(channel, () -> channel.bind(Network.loopback(0)));
        return new Listener(channel);
    }

    @Override
    public void close() throws IOException {
        for (NetworkChannel channel : made) {
            channel.close();
        }
    }

    private final class Listener implements PlainListener {
        private final ServerSocketChannel channel;

        Listener(ServerSocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public PlainStream accept() throws WinsockException {
            SocketChannel accepted = call(channel, channel::accept);
            return accepted == null ? null : new Stream(own(accepted));
        }

        @Override
        public void makeNonBlocking() throws WinsockException {
            call(channel, () -> channel.configureBlocking(false));
        }

        @Override
        public InetSocketAddress name() throws WinsockException {
            return (InetSocketAddress) call(channel, channel::getLocalAddress);
        }

        @Override
        public void close() throws WinsockException {
            closeChannel(channel);
        }
    }

    private static void closeChannel(NetworkChannel channel) throws WinsockException {
        call(channel, () -> {
            channel.close();
            return null;
        });
    }

    /** What streams and datagrams have in common. */
    private abstract static class Plain<C extends SelectableChannel & NetworkChannel>
            implements PlainSocket {
        final C channel;

        Plain(C channel) {
            this.channel = channel;
        }

        @Override
        public void bind(InetSocketAddress name) throws WinsockException {
            call(channel, () -> channel.bind(name));
        }

        @Override
        public void makeNonBlocking() throws WinsockException {
            call(channel, () -> channel.configureBlocking(false));
        }

        @Override
        public <T> void set(SocketOption<T> option, T value) throws WinsockException {
            call(channel, () -> channel.setOption(option, value));
        }

        @Override
        public <T> T get(SocketOption<T> option) throws WinsockException {
            return call(channel, () -> channel.getOption(option));
        }

        @Override
        public InetSocketAddress name() throws WinsockException {
            return known(call(channel, channel::getLocalAddress), WsaError.WSAEINVAL);
        }

        static InetSocketAddress known(SocketAddress address, WsaError unknown) throws WinsockException {
            if (address == null) {
                throw new WinsockException(unknown, "no address");
            }
            return (InetSocketAddress) address;
        }

        @Override
        public void close() throws WinsockException {
            closeChannel(channel);
        }
    }

    private static final class Stream extends Plain<SocketChannel> implements PlainStream {
        Stream(SocketChannel channel) {
            super(channel);
        }

        @Override
        public void connect(InetSocketAddress name) throws WinsockException {
            call(channel, () -> channel.connect(name));
        }

        @Override
        public int send(ByteBuffer data) throws WinsockException {
            return result(call(channel, () -> channel.write(data)), data);
        }

        @Override
        public int receive(ByteBuffer room) throws WinsockException {
            return result(call(channel, () -> channel.read(room)), room);
        }

        /** A channel returns 0 for nothing yet, and tells of an end. */
        private static int result(int count, ByteBuffer buffer) {
            return count == END ? 0 : count == 0 && buffer.hasRemaining() ? WspResult.WOULD_BLOCK : count;
        }

        @Override
        public void endSending() throws WinsockException {
            call(channel, channel::shutdownOutput);
        }

        @Override
        public InetSocketAddress peerName() throws WinsockException {
            return known(call(channel, channel::getRemoteAddress), WsaError.WSAENOTCONN);
        }

        @Override
        public void reset() throws WinsockException {
            set(StandardSocketOptions.SO_LINGER, 0);
            close();
        }
    }

    private static final class Datagram extends Plain<DatagramChannel> implements PlainDatagram {
        Datagram(DatagramChannel channel) {
            super(channel);
        }

        @Override
        public void connect(InetSocketAddress name) throws WinsockException {
            call(channel, () -> channel.connect(name));
        }

        @Override
        public int send(ByteBuffer data) throws WinsockException {
            return call(channel, () -> channel.write(data));
        }

        @Override
        public int receive(ByteBuffer room) throws WinsockException {
            int start = room.position();
            return receiveFrom(room) == null ? WspResult.WOULD_BLOCK : room.position() - start;
        }

        @Override
        public void sendTo(ByteBuffer data, InetSocketAddress name) throws WinsockException {
            call(channel, () -> channel.send(data, name));
        }

        @Override
        public InetSocketAddress receiveFrom(ByteBuffer room) throws WinsockException {
            return (InetSocketAddress) call(channel, () -> channel.receive(room));
        }

        @Override
        public InetSocketAddress peerName() throws WinsockException {
            return known(call(channel, channel::getRemoteAddress), WsaError.WSAENOTCONN);
        }
    }
}
