package org.ws2j.provider.memory;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * A network inside the process: who is bound to which address. Sockets on one network can talk to each other, and to nobody
 * else.
 *
 * <p>Every address is local: a socket can be bound to any, and one that is bound to the wildcard address is reached by all of
 * its family. IPv4 and IPv6 are apart, as are streams and datagrams. Ports that the network chooses are 49152 to 65535, one
 * after the other. Safe for use by several threads and hosts at once.
 */
public final class MemoryNetwork {
    private static final InetAddress LOOPBACK4 = literal("127.0.0.1");
    private static final InetAddress LOOPBACK6 = literal("::1");
    private static final InetAddress ANY4 = literal("0.0.0.0");
    private static final InetAddress ANY6 = literal("::");
    private static final InetAddress LIMITED_BROADCAST = literal("255.255.255.255");
    private static final InetAddress LAST_IMPLICIT4 = literal("127.0.0.127");
    private static final byte LAST_HOST = (byte) 255;

    /** By type and family. This table lock guards all of them, and is a leaf: nothing is locked inside. */
    private final Object tableLock = new Object();

    private final PortTable streams4 = new PortTable();
    private final PortTable streams6 = new PortTable();
    private final PortTable datagrams4 = new PortTable();
    private final PortTable datagrams6 = new PortTable();

    /** What sockets of IPv4 are bound to that connect without having been. */
    private InetAddress implicit4 = LOOPBACK4;

    /** Makes a network that nobody is on. */
    public MemoryNetwork() {}

    private static InetAddress literal(String text) {
        return InetAddress.ofLiteral(text);
    }

    /** {@return whether datagrams to an address go to everybody} */
    static boolean isBroadcast(InetAddress address) {
        return address.equals(LIMITED_BROADCAST)
                || (address instanceof Inet4Address && !address.isMulticastAddress()
                        && address.getAddress()[3] == LAST_HOST);
    }

    private static boolean isFour(WsaProtocolInfo info) {
        return info.addressFamily() == AddressFamily.AF_INET;
    }

    private PortTable table(WsaProtocolInfo info) {
        if (info.isConnectionless()) {
            return isFour(info) ? datagrams4 : datagrams6;
        }
        return isFour(info) ? streams4 : streams6;
    }

    /** Binds a socket. {@return the address, with the port that it got} */
    InetSocketAddress bind(MemorySocket socket, InetSocketAddress name) throws WinsockException {
        PortTable table = table(socket.info);
        synchronized (tableLock) {
            int port = name.getPort();
            if (port == 0) {
                port = table.freePort(name.getAddress());
            } else {
                checkFree(table, socket, name);
            }
            InetSocketAddress bound = port == name.getPort() ? name : new InetSocketAddress(name.getAddress(), port);
            table.add(new Binding(socket, bound));
            return bound;
        }
    }

    /** Binds a socket that is about to connect. When all ports of 127.0.0.1 are taken, 127.0.0.2 is as good. */
    InetSocketAddress bindLoopback(MemorySocket socket) throws WinsockException {
        if (!isFour(socket.info)) {
            return bind(socket, new InetSocketAddress(LOOPBACK6, 0));
        }
        synchronized (tableLock) {
            while (true) {
                try {
                    return bind(socket, new InetSocketAddress(implicit4, 0));
                } catch (WinsockException e) {
                    if (!e.is(WsaError.WSAENOBUFS) || implicit4.equals(LAST_IMPLICIT4)) {
                        throw e;
                    }
                    implicit4 = literal("127.0.0." + (implicit4.getAddress()[3] + 1));
                }
            }
        }
    }

    /** {@return the address that stands for all of a family, without a port} */
    static InetSocketAddress loopback(WsaProtocolInfo info) {
        return new InetSocketAddress(isFour(info) ? LOOPBACK4 : LOOPBACK6, 0);
    }

    /** {@return the address that all sockets of IPv4 hear, without a port} */
    static InetSocketAddress broadcast() {
        return new InetSocketAddress(LIMITED_BROADCAST, 0);
    }

    /** Binds a socket that is about to send to anybody. */
    InetSocketAddress bindAnywhere(MemorySocket socket) throws WinsockException {
        return bind(socket, new InetSocketAddress(isFour(socket.info) ? ANY4 : ANY6, 0));
    }

    /** {@return the address that others see of a socket with a local address} */
    InetSocketAddress sourceOf(InetSocketAddress local) {
        if (!local.getAddress().isAnyLocalAddress()) {
            return local;
        }
        boolean four = local.getAddress() instanceof Inet4Address;
        return new InetSocketAddress(four ? LOOPBACK4 : LOOPBACK6, local.getPort());
    }

    private static void checkFree(PortTable table, MemorySocket socket, InetSocketAddress name)
            throws WinsockException {
        for (Binding b = table.at(name.getPort()); b != null; b = b.next) {
            if (!b.conflictsWith(name.getAddress())) {
                continue;
            }
            if (!socket.options.reuseAddress()) {
                throw new WinsockException(WsaError.WSAEADDRINUSE, name + " is taken");
            }
            if (b.socket.options.exclusiveAddress()) {
                throw new WinsockException(WsaError.WSAEACCES, name + " is taken by a socket that does not share it");
            }
        }
    }

    void unbind(MemorySocket socket) {
        InetSocketAddress local = socket.local;
        if (local != null) {
            synchronized (tableLock) {
                table(socket.info).remove(socket, local.getPort());
            }
        }
    }

    /** {@return who listens at an address; null for nobody} */
    StreamSocket listener(InetSocketAddress name, WsaProtocolInfo info) {
        StreamSocket anywhere = null;
        synchronized (tableLock) {
            for (Binding b = table(info).at(name.getPort()); b != null; b = b.next) {
                if (b.socket instanceof StreamSocket stream && stream.backlog() != null) {
                    if (b.isAt(name.getAddress())) {
                        return stream;
                    }
                    anywhere = anywhere == null && b.isAnywhere() ? stream : anywhere;
                }
            }
        }
        return anywhere;
    }

    /** {@return the datagram socket at an address; null for none} */
    DatagramSocket receiver(InetSocketAddress to, WsaProtocolInfo info) {
        Binding anywhere = null;
        synchronized (tableLock) {
            for (Binding b = table(info).at(to.getPort()); b != null; b = b.next) {
                if (b.isAt(to.getAddress())) {
                    return (DatagramSocket) b.socket;
                }
                anywhere = anywhere == null && b.isAnywhere() ? b : anywhere;
            }
        }
        return anywhere == null ? null : (DatagramSocket) anywhere.socket;
    }

    /** {@return all datagram sockets at a port, for a broadcast; for a multicast, those of them that have joined the group} */
    List<DatagramSocket> receivers(InetSocketAddress to, WsaProtocolInfo info) {
        boolean broadcast = isBroadcast(to.getAddress());
        List<DatagramSocket> found = new ArrayList<>();
        synchronized (tableLock) {
            for (Binding b = table(info).at(to.getPort()); b != null; b = b.next) {
                DatagramSocket socket = (DatagramSocket) b.socket;
                if (broadcast || socket.isMember(to.getAddress())) {
                    found.add(socket);
                }
            }
        }
        return found;
    }
}
