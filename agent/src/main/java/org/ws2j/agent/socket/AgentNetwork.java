package org.ws2j.agent.socket;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;

/**
 * The network of the program: one started {@link Winsock}, and the JDK's own channels below it.
 *
 * <p>May be used from any thread.
 */
public final class AgentNetwork implements AutoCloseable {
    private final Winsock winsock;
    private final SelectorProvider jdk;
    private final Traffic traffic;

    /** The family of sockets whose family nobody has asked for; null before the first. */
    private volatile ProtocolFamily usualFamily;

    /** Null before somebody asks. */
    private volatile Set<SocketOption<?>> serverOptions;

    private AgentNetwork(Winsock winsock, SelectorProvider jdk, Traffic traffic) {
        this.winsock = winsock;
        this.jdk = jdk;
        this.traffic = traffic;
    }

    /**
     * Starts a host over the JDK's own channels.
     *
     * @param builder with the catalog in it; gets {@code builtin:tcpip} over the given channels
     * @param jdk opens the channels and selectors of the operating system; not the agent's own provider
     * @param maxConnections how many closed connections are remembered for the report, the newest; 0 for none
     * @return the network
     * @throws WinsockException as {@link Winsock#wsaStartup}
     */
    public static AgentNetwork start(WinsockBuilder builder, SelectorProvider jdk, int maxConnections)
            throws WinsockException {
        Objects.requireNonNull(jdk, "jdk");
        Winsock winsock = builder.module(new TcpIpModule(jdk, new PollWaits())).build();
        winsock.wsaStartup(WinsockVersion.V2_2);
        return new AgentNetwork(winsock, jdk, new Traffic(maxConnections));
    }

    /** {@return the host} */
    public Winsock winsock() {
        return winsock;
    }

    /** {@return the provider of the JDK's own channels, below the host and for what does not go through it} */
    public SelectorProvider jdk() {
        return jdk;
    }

    /** {@return what has gone through the sockets} */
    public Traffic traffic() {
        return traffic;
    }

    /**
     * Makes a stream socket, which is blocking.
     *
     * @param family {@link StandardProtocolFamily#INET}, {@code INET6} for both, or null for the widest that there is
     * @return the socket
     * @throws WinsockException what the provider answers
     * @throws UnsupportedOperationException if the family is not there
     */
    public AgentSocket stream(ProtocolFamily family) throws WinsockException {
        return open(family, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
    }

    /**
     * Makes a datagram socket, which is blocking.
     *
     * @param family as {@link #stream}
     * @return the socket
     * @throws WinsockException what the provider answers
     * @throws UnsupportedOperationException if the family is not there
     */
    public AgentSocket datagram(ProtocolFamily family) throws WinsockException {
        return open(family, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
    }

    private AgentSocket open(ProtocolFamily family, int type, int protocol) throws WinsockException {
        ProtocolFamily wanted = family == null ? usualFamily : family;
        try {
            return new AgentSocket(this, handle(wanted, type, protocol), isSix(wanted), type);
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSAEAFNOSUPPORT)) {
                throw e;
            }
            if (wanted != null) {
                throw new UnsupportedOperationException(isSix(wanted) ? "IPv6 not available"
                        : "Protocol family not supported");
            }
        }
        usualFamily = StandardProtocolFamily.INET; // The system has no IPv6, or the program does not want it.
        return open(StandardProtocolFamily.INET, type, protocol);
    }

    /** Null means the first attempt with IPv6, which serves IPv4 as well. */
    private static boolean isSix(ProtocolFamily family) {
        return family == null || family == StandardProtocolFamily.INET6;
    }

    private SocketHandle handle(ProtocolFamily family, int type, int protocol) throws WinsockException {
        int af = isSix(family) ? AddressFamily.AF_INET6 : AddressFamily.AF_INET;
        return winsock.wsaSocket(af, type, protocol, null, 0, SocketFlag.WSA_FLAG_OVERLAPPED);
    }

    /**
     * {@return the options of the JDK's server sockets}
     *
     * @throws IOException if none can be opened to be asked
     */
    public Set<SocketOption<?>> serverOptions() throws IOException {
        Set<SocketOption<?>> known = serverOptions;
        if (known == null) {
            try (ServerSocketChannel asked = jdk.openServerSocketChannel()) {
                known = asked.supportedOptions();
            }
            serverOptions = known;
        }
        return known;
    }

    /** Ends the host, and with it every socket. */
    @Override
    public void close() {
        winsock.close();
    }
}
