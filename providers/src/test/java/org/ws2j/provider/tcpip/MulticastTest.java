package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.JoinLeafFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.Qos;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WspResult;

/** Multicast: WSPJoinLeaf, and the options of membership. Nothing leaves this machine. */
final class MulticastTest extends TcpIpTest {
    private static final InetAddress GROUP4 = address("239.255.74.2");
    private static final InetAddress GROUP6 = address("ff01::4a02");
    private static final int LEAF = SocketFlag.WSA_FLAG_OVERLAPPED | SocketFlag.WSA_FLAG_MULTIPOINT_C_LEAF
            | SocketFlag.WSA_FLAG_MULTIPOINT_D_LEAF;

    /** A leaf at every address, whose multicast comes and goes by loopback. */
    private SocketHandle leaf() throws Exception {
        SocketHandle s = winsock.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, 0, null, 0, LEAF);
        winsock.bind(s, new InetSocketAddress("0.0.0.0", 0));
        winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_MULTICAST_IF, loopbackInterface());
        return s;
    }

    private static NetworkInterface loopbackInterface() throws SocketException {
        return NetworkInterface.getByInetAddress(LOOPBACK4);
    }

    private SocketHandle join(SocketHandle s, InetAddress group, int flags) throws WinsockException {
        return winsock.wsaJoinLeaf(s, new InetSocketAddress(group, 9), null, null, null, null, flags);
    }

    private void send(SocketHandle from, String what, InetAddress group, SocketHandle to) throws WinsockException {
        winsock.sendto(from, bytes(what), 0, new InetSocketAddress(group, nameOf(to).getPort()));
    }

    private long tryReceive(SocketHandle s) throws WinsockException {
        nonBlocking(s);
        return winsock.recv(s, ByteBuffer.allocate(9), 0);
    }

    @Test
    void aLeafThatHasJoinedReceivesOfItsGroup() throws Exception {
        SocketHandle member = leaf();
        SocketHandle sender = leaf();
        assertThat(join(member, GROUP4, JoinLeafFlag.JL_BOTH)).isSameAs(member);
        assertThat(join(sender, GROUP4, JoinLeafFlag.JL_SENDER_ONLY)).isSameAs(sender);
        send(sender, "all", GROUP4, member);

        assertThat(receive(member, 9)).isEqualTo("all");
    }

    @Test
    void whoOnlySendsReceivesNothing() throws Exception {
        SocketHandle member = leaf();
        SocketHandle sender = leaf();
        join(member, GROUP4, JoinLeafFlag.JL_RECEIVER_ONLY);
        join(sender, GROUP4, JoinLeafFlag.JL_SENDER_ONLY);
        send(member, "not you", GROUP4, sender);
        send(member, "x", GROUP4, member);

        assertThat(receive(member, 9)).isEqualTo("x"); // So the one before has arrived, too, or never will.
        assertThat(tryReceive(sender)).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void aJoinIsReportedAsAConnect() throws Exception {
        SocketHandle s = leaf();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(s, event, NetworkEvent.FD_CONNECT);
        join(s, GROUP4, JoinLeafFlag.JL_BOTH);
        WsaNetworkEvents events = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(s, event, events);

        assertThat(events.lNetworkEvents()).isEqualTo(NetworkEvent.FD_CONNECT);
        assertThat(events.iErrorCode(NetworkEvent.bitOf(NetworkEvent.FD_CONNECT))).isZero();
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aJoinBindsAnUnboundLeaf() throws Exception {
        SocketHandle s = winsock.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, 0, null, 0, LEAF);
        join(s, GROUP4, JoinLeafFlag.JL_SENDER_ONLY);

        assertThat(nameOf(s).getPort()).isPositive();
    }

    @Test
    void joinsAreChecked() throws Exception {
        SocketHandle s = leaf();
        join(s, GROUP4, JoinLeafFlag.JL_BOTH);

        assertFails(WsaError.WSAEISCONN, () -> join(s, GROUP4, JoinLeafFlag.JL_BOTH));
        assertFails(WsaError.WSAEINVAL, () -> join(s, address("239.255.74.3"), 0));
        assertFails(WsaError.WSAEINVAL, () -> join(boundUdp(), GROUP4, JoinLeafFlag.JL_BOTH));
        assertFails(WsaError.WSAEADDRNOTAVAIL, () -> join(s, LOOPBACK4, JoinLeafFlag.JL_BOTH));
        assertFails(WsaError.WSAEAFNOSUPPORT, () -> join(s, GROUP6, JoinLeafFlag.JL_BOTH));
        assertFails(WsaError.WSAEOPNOTSUPP, () -> join(tcp(), GROUP4, JoinLeafFlag.JL_BOTH));
        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.wsaJoinLeaf(s, new InetSocketAddress(GROUP4, 9), null, null,
                new Qos(null, null), null, JoinLeafFlag.JL_BOTH));
        assertFails(WsaError.WSAEPROTONOSUPPORT, () -> winsock.wsaJoinLeaf(s, new InetSocketAddress(GROUP4, 9),
                bytes("data"), null, null, null, JoinLeafFlag.JL_BOTH));
        assertFails(WsaError.WSAEFAULT, () -> winsock.wsaJoinLeaf(s, null, null, null, null, null, 4));
    }

    @Test
    void membershipsCanBeAddedAndDropped() throws Exception {
        SocketHandle s = udp();
        winsock.bind(s, new InetSocketAddress("0.0.0.0", 0));
        SocketHandle sender = leaf();
        IpMreq membership = new IpMreq(GROUP4, loopbackInterface());
        int ip = IpProtocol.IPPROTO_IP;
        winsock.setsockopt(s, ip, SocketOption.IP_ADD_MEMBERSHIP, membership);
        send(sender, "member", GROUP4, s);
        assertThat(receive(s, 9)).isEqualTo("member");
        assertFails(WsaError.WSAEINVAL, () -> winsock.setsockopt(s, ip, SocketOption.IP_ADD_MEMBERSHIP, membership));
        winsock.setsockopt(s, ip, SocketOption.IP_DROP_MEMBERSHIP, membership);
        send(sender, "gone", GROUP4, s);
        winsock.sendto(sender, bytes("direct"), 0, loopback(nameOf(s).getPort()));

        assertThat(receive(s, 9)).isEqualTo("direct");
        assertFails(WsaError.WSAEADDRNOTAVAIL,
                () -> winsock.setsockopt(s, ip, SocketOption.IP_DROP_MEMBERSHIP, membership));
    }

    @Test
    void membershipsWithoutAnInterfaceUseThatOfTheSocket() throws Exception {
        SocketHandle s = leaf();
        winsock.setsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_ADD_MEMBERSHIP, new IpMreq(GROUP4, null));
        send(leaf(), "x", GROUP4, s);

        assertThat(receive(s, 9)).isEqualTo("x");
    }

    @Test
    void membershipsAreChecked() throws Exception {
        SocketHandle s = boundUdp();
        NetworkInterface lo = loopbackInterface();
        int ip = IpProtocol.IPPROTO_IP;
        int six = IpProtocol.IPPROTO_IPV6;
        int add = SocketOption.IP_ADD_MEMBERSHIP;

        assertFails(WsaError.WSAEFAULT, () -> winsock.setsockopt(s, ip, add, GROUP4));
        assertFails(WsaError.WSAEINVAL, () -> winsock.setsockopt(s, ip, add, new IpMreq(LOOPBACK4, lo)));
        assertFails(WsaError.WSAEINVAL, () -> winsock.setsockopt(s, ip, add, new IpMreq(GROUP6, lo)));
        assertFails(WsaError.WSAEINVAL, () -> winsock.setsockopt(s, ip, add, new IpMreq(null, lo)));
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.setsockopt(s, six, add, new IpMreq(GROUP6, lo)));
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.setsockopt(tcp(), ip, add, new IpMreq(GROUP4, lo)));
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.getsockopt(s, ip, add));
    }

    @Test
    void groupsOfSixAreJoinedBothWays() throws Exception {
        Optional<NetworkInterface> outside =
                NetworkInterface.networkInterfaces().filter(MulticastTest::canSix).findAny();
        assumeThat(outside).as("an interface with IPv6 and multicast").isPresent();
        int six = IpProtocol.IPPROTO_IPV6;
        SocketHandle member = winsock.wsaSocket(AddressFamily.AF_INET6, SocketType.SOCK_DGRAM, 0, null, 0, LEAF);
        winsock.bind(member, new InetSocketAddress("::", 0));
        SocketHandle sender = winsock.socket(AddressFamily.AF_INET6, SocketType.SOCK_DGRAM, 0);
        winsock.setsockopt(sender, six, SocketOption.IP_MULTICAST_TTL, 0); // As far as this machine.
        assertThat(winsock.getsockopt(sender, six, SocketOption.IP_MULTICAST_TTL)).isEqualTo(0);
        for (SocketHandle s : new SocketHandle[] {member, sender}) {
            winsock.setsockopt(s, six, SocketOption.IP_MULTICAST_IF, outside.get());
        }
        join(member, GROUP6, JoinLeafFlag.JL_RECEIVER_ONLY);
        send(sender, "six", GROUP6, member);

        assertThat(receive(member, 9)).isEqualTo("six");
        winsock.setsockopt(member, six, SocketOption.IP_DROP_MEMBERSHIP, new IpMreq(GROUP6, null));
        winsock.setsockopt(member, six, SocketOption.IP_ADD_MEMBERSHIP, new IpMreq(GROUP6, outside.get()));
        send(sender, "again", GROUP6, member);
        assertThat(receive(member, 9)).isEqualTo("again");
    }

    private static boolean canSix(NetworkInterface candidate) {
        try {
            return candidate.isUp() && candidate.supportsMulticast()
                    && candidate.inetAddresses().anyMatch(Inet6Address.class::isInstance);
        } catch (SocketException e) {
            return false;
        }
    }
}
