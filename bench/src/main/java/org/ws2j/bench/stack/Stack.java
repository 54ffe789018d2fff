package org.ws2j.bench.stack;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.layer.LayerModule;
import org.ws2j.layer.passthrough.PassThroughModule;
import org.ws2j.provider.memory.MemoryModule;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;

/** A host of its own with one base provider and a chain of pass-through layers over it, started. */
public final class Stack implements AutoCloseable {
    /** Two sockets that are connected to each other. */
    public record Pair(SocketHandle client, SocketHandle server) {}

    private static final int MOST_LAYERS_IN_A_CHAIN = ProtocolChain.MAX_PROTOCOL_CHAIN - 1;

    private final ProtocolCatalog catalog = ProtocolCatalog.empty();
    private final Winsock winsock;
    private final WsaProtocolInfo stream;
    private final WsaProtocolInfo datagram;

    private Stack(TransportModule base, int layers) throws WinsockException {
        LayerModule layer = new PassThroughModule();
        winsock = Winsock.builder().catalog(catalog).module(base).module(layer).build();
        List<WsaProtocolInfo> bases = catalog.wscInstallProvider(
                base.protocols().getFirst().providerId(), path(base), base.protocols(), Map.of());
        stream = over(first(bases, e -> e.socketType() == SocketType.SOCK_STREAM), layer, layers);
        datagram = first(bases, e -> e.socketType() == SocketType.SOCK_DGRAM);
        winsock.wsaStartup(WinsockVersion.V2_2);
    }

    public static Stack of(TransportModule base, int layers) throws WinsockException {
        return new Stack(base, layers);
    }

    public static Stack tcpip(int layers) throws WinsockException {
        return of(new TcpIpModule(), layers);
    }

    public static Stack memory(int layers) throws WinsockException {
        return of(new MemoryModule(), layers);
    }

    /** {@return the first IPv4 entry of a kind, null for none} */
    private static WsaProtocolInfo first(List<WsaProtocolInfo> entries, Predicate<WsaProtocolInfo> kind) {
        return entries.stream().filter(kind.and(e -> e.addressFamily() == AddressFamily.AF_INET)).findFirst()
                .orElse(null);
    }

    /** What does not fit into one chain goes into a chain over that chain. */
    private WsaProtocolInfo over(WsaProtocolInfo base, LayerModule layer, int layers) throws WinsockException {
        WsaProtocolInfo top = base;
        for (int left = layers; left > 0; left -= MOST_LAYERS_IN_A_CHAIN) {
            top = chain(top, layer, Math.min(left, MOST_LAYERS_IN_A_CHAIN));
        }
        return top;
    }

    private WsaProtocolInfo chain(WsaProtocolInfo below, LayerModule layer, int layers) throws WinsockException {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            ids.add(install(layer, below.toBuilder().protocolName("layer").protocolChain(ProtocolChain.LAYER)
                    .providerFlags(ProviderFlag.PFL_HIDDEN).build()).catalogEntryId());
        }
        ids.add(below.catalogEntryId());
        ProtocolChain chain = new ProtocolChain(ids.size(), ids);
        return install(layer, below.toBuilder().protocolName(layers + " over " + below.protocolName())
                .protocolChain(chain).build());
    }

    /** The handles of the pass-through layer are its own, whatever those of the base are. */
    private WsaProtocolInfo install(LayerModule layer, WsaProtocolInfo entry) throws WinsockException {
        int flags = entry.serviceFlags1() & ~ServiceFlag.XP1_IFS_HANDLES;
        return catalog.wscInstallProvider(UUID.randomUUID(), path(layer),
                List.of(entry.toBuilder().serviceFlags1(flags).build()), Map.of()).getFirst();
    }

    private static String path(TransportModule module) {
        return "builtin:" + module.name();
    }

    public Winsock winsock() {
        return winsock;
    }

    /** {@return the entry that {@link #stream} makes sockets of} */
    public WsaProtocolInfo entry() {
        return stream;
    }

    /** {@return a new stream socket of the whole chain} */
    public SocketHandle stream() throws WinsockException {
        return socket(stream);
    }

    /** {@return a new datagram socket of the base alone, bound to a port of the loopback address} */
    public SocketHandle datagram() throws WinsockException {
        SocketHandle s = socket(datagram);
        winsock.bind(s, loopback());
        return s;
    }

    private SocketHandle socket(WsaProtocolInfo entry) throws WinsockException {
        return winsock.wsaSocket(entry.addressFamily(), entry.socketType(), entry.protocol(), entry, 0,
                SocketFlag.WSA_FLAG_OVERLAPPED);
    }

    /** {@return a listening socket on a port of the loopback address} */
    public SocketHandle listener() throws WinsockException {
        SocketHandle listener = stream();
        winsock.bind(listener, loopback());
        winsock.listen(listener, 1);
        return listener;
    }

    /** {@return two connected sockets that send small segments at once} */
    public Pair pair() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = stream();
        winsock.connect(client, winsock.getsockname(listener));
        SocketHandle server = winsock.accept(listener, null);
        winsock.closesocket(listener);
        sendAtOnce(client);
        sendAtOnce(server);
        return new Pair(client, server);
    }

    void sendAtOnce(SocketHandle s) throws WinsockException {
        winsock.setsockopt(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY, true);
    }

    /** Makes both sockets of a pair non-blocking. */
    public Pair nonBlocking(Pair pair) throws WinsockException {
        winsock.ioctlsocket(pair.client(), IoctlCode.FIONBIO, true);
        winsock.ioctlsocket(pair.server(), IoctlCode.FIONBIO, true);
        return pair;
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public void close() {
        winsock.close();
    }
}
