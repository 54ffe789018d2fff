package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ws2j.provider.address.Addresses;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Which addresses this machine has, and which of them lead where. */
final class Routes {
    /** Of no concern: nothing is sent. */
    private static final int SOME_PORT = 9;

    private Routes() {}

    /**
     * Asks the system for its route; nothing is sent.
     *
     * @param socket a socket of the family
     * @param destination where to
     * @return the local address from which datagrams go there
     */
    static InetAddress localAddressTo(TcpIpSocket socket, InetAddress destination) throws IOException {
        try (DatagramChannel probe = socket.network.transport().openDatagramChannel(Addresses.family(socket.info))) {
            probe.connect(new InetSocketAddress(destination, SOME_PORT));
            return ((InetSocketAddress) probe.getLocalAddress()).getAddress();
        } catch (SocketException e) {
            WinsockException failure = JdkErrors.of("looking for a route to " + destination, e);
            throw failure.is(WsaError.WSASYSCALLFAILURE)
                    ? new WinsockException(WsaError.WSAENETUNREACH, "no route to " + destination, e)
                    : failure;
        }
    }

    /** {@return the addresses of a socket's family that can be bound to, those of the loopback interface last} */
    static List<InetSocketAddress> localAddresses(TcpIpSocket socket) throws IOException {
        boolean six = Addresses.family(socket.info) == StandardProtocolFamily.INET6;
        List<InetSocketAddress> found = new ArrayList<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            if (each.isUp()) {
                each.inetAddresses()
                        .filter(address -> address instanceof Inet6Address == six)
                        .forEach(address -> found.add(new InetSocketAddress(address, 0)));
            }
        }
        found.sort(Comparator.comparing(address -> address.getAddress().isLoopbackAddress()));
        return found;
    }

    /**
     * Sorts destinations: those that no route leads to last, those of the smaller scope before those of the larger; otherwise
     * their order stays.
     */
    static List<InetSocketAddress> sorted(TcpIpSocket socket, List<InetSocketAddress> destinations) {
        List<InetSocketAddress> sorted = new ArrayList<>(destinations);
        sorted.sort(Comparator.comparing((InetSocketAddress address) -> !isReachable(socket, address.getAddress()))
                .thenComparingInt(address -> scope(address.getAddress())));
        return sorted;
    }

    private static boolean isReachable(TcpIpSocket socket, InetAddress destination) {
        try {
            localAddressTo(socket, destination);
            return true;
        } catch (IOException e) { // No route, which is the answer.
            return false;
        }
    }

    private static int scope(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return 0;
        }
        if (address.isLinkLocalAddress()) {
            return 1;
        }
        return address.isSiteLocalAddress() ? 2 : 3;
    }
}
