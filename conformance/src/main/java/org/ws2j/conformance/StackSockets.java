package org.ws2j.conformance;

import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Map;
import org.ws2j.host.Winsock;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** The sockets of a stack in plain terms. */
final class StackSockets implements PlainSockets {
    /** An option as Winsock names it. */
    private record Name(int level, int option) {
        static Name socket(int option) {
            return new Name(org.ws2j.spi.SocketOption.SOL_SOCKET, option);
        }
    }

    private static final Map<SocketOption<?>, Name> OPTIONS = Map.of(
            StandardSocketOptions.SO_BROADCAST, Name.socket(org.ws2j.spi.SocketOption.SO_BROADCAST),
            StandardSocketOptions.SO_KEEPALIVE, Name.socket(org.ws2j.spi.SocketOption.SO_KEEPALIVE),
            StandardSocketOptions.SO_RCVBUF, Name.socket(org.ws2j.spi.SocketOption.SO_RCVBUF),
            StandardSocketOptions.SO_SNDBUF, Name.socket(org.ws2j.spi.SocketOption.SO_SNDBUF),
            StandardSocketOptions.SO_REUSEADDR, Name.socket(org.ws2j.spi.SocketOption.SO_REUSEADDR),
            StandardSocketOptions.TCP_NODELAY,
            new Name(org.ws2j.spi.IpProtocol.IPPROTO_TCP, org.ws2j.spi.SocketOption.TCP_NODELAY));

    private final Winsock winsock;
    private final Network network;

    StackSockets(Winsock winsock, Network network) {
        this.winsock = winsock;
        this.network = network;
    }

    @Override
    public PlainStream stream() throws WinsockException {
        return new Plain(network.stream());
    }

    @Override
    public PlainDatagram datagram() throws WinsockException {
        return new Plain(network.datagram());
    }

    @Override
    public PlainListener listener() throws WinsockException {
        return new Listener(network.listener());
    }

    private final class Listener implements PlainListener {
        private final SocketHandle s;

        Listener(SocketHandle s) {
            this.s = s;
        }

        @Override
        public PlainStream accept() throws WinsockException {
            SocketHandle accepted = winsock.accept(s, null);
            return accepted == null ? null : new Plain(network.own(accepted));
        }

        @Override
        public void makeNonBlocking() throws WinsockException {
            network.nonBlocking(s);
        }

        @Override
        public InetSocketAddress name() throws WinsockException {
            return network.name(s);
        }

        @Override
        public void close() throws WinsockException {
            winsock.closesocket(s);
        }
    }

    private final class Plain implements PlainStream, PlainDatagram {
        private final SocketHandle s;

        Plain(SocketHandle s) {
            this.s = s;
        }

        @Override
        public void bind(InetSocketAddress name) throws WinsockException {
            winsock.bind(s, name);
        }

        @Override
        public void connect(InetSocketAddress name) throws WinsockException {
            winsock.connect(s, name);
        }

        @Override
        public int send(ByteBuffer data) throws WinsockException {
            return winsock.send(s, data, 0);
        }

        @Override
        public int receive(ByteBuffer room) throws WinsockException {
            return winsock.recv(s, room, 0);
        }

        @Override
        public void sendTo(ByteBuffer data, InetSocketAddress name) throws WinsockException {
            winsock.sendto(s, data, 0, name);
        }

        @Override
        public InetSocketAddress receiveFrom(ByteBuffer room) throws WinsockException {
            ReceiveResult result = new ReceiveResult();
            winsock.recvfrom(s, room, result);
            return (InetSocketAddress) result.from();
        }

        @Override
        public void endSending() throws WinsockException {
            winsock.shutdown(s, ShutdownHow.SD_SEND);
        }

        @Override
        public void makeNonBlocking() throws WinsockException {
            network.nonBlocking(s);
        }

        @Override
        public <T> void set(SocketOption<T> option, T value) throws WinsockException {
            Name name = OPTIONS.get(option);
            winsock.setsockopt(s, name.level(), name.option(), value);
        }

        @Override
        public <T> T get(SocketOption<T> option) throws WinsockException {
            Name name = OPTIONS.get(option);
            return option.type().cast(winsock.getsockopt(s, name.level(), name.option()));
        }

        @Override
        public InetSocketAddress name() throws WinsockException {
            return network.name(s);
        }

        @Override
        public InetSocketAddress peerName() throws WinsockException {
            return (InetSocketAddress) winsock.getpeername(s);
        }

        @Override
        public void close() throws WinsockException {
            winsock.closesocket(s);
        }

        @Override
        public void reset() throws WinsockException {
            network.reset(s);
        }
    }
}
