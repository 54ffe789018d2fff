package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Network.ANY;
import static org.ws2j.conformance.Network.LOOPBACK;
import static org.ws2j.conformance.Network.LOOPBACK6;
import static org.ws2j.conformance.Network.address;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.spi.IpProtocol.IPPROTO_IP;
import static org.ws2j.spi.IpProtocol.IPPROTO_IPV6;
import static org.ws2j.spi.JoinLeafFlag.JL_BOTH;
import static org.ws2j.spi.JoinLeafFlag.JL_RECEIVER_ONLY;
import static org.ws2j.spi.JoinLeafFlag.JL_SENDER_ONLY;
import static org.ws2j.spi.SocketOption.IP_ADD_MEMBERSHIP;
import static org.ws2j.spi.SocketOption.IP_DROP_MEMBERSHIP;
import static org.ws2j.spi.SocketOption.IP_MULTICAST_IF;
import static org.ws2j.spi.SocketOption.IP_MULTICAST_LOOP;
import static org.ws2j.spi.SocketOption.SOL_SOCKET;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.Qos;
import org.ws2j.spi.Qos.FlowSpec;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/** WSAJoinLeaf. All groups are on the loopback interface. */
final class JoiningSuite extends Suite {
    private static final InetAddress GROUP = address("239.255.77.19");
    private static final InetAddress GROUP6 = address("ff11::7713");
    private static final InetAddress ANY6 = address("::");

    // ---- members ---------------------------------------------------------------------------------------------------

    @Proves("join-leaf.itself")
    void aLeafJoinsWithItself() throws WinsockException {
        SocketHandle s = leaf(0);
        assertThat(join(s, GROUP, JL_BOTH)).isSameAs(s);
    }

    @Proves("join-leaf.receives")
    void aMemberGetsWhatASocketThatIsNoneSends() throws WinsockException {
        SocketHandle member = member(0);
        toGroup(sender(), member, "news");

        assertThat(net.receive(member, 8)).isEqualTo("news");
    }

    @Proves("join-leaf.receives")
    void everyMemberGetsWhatOneMemberSends() throws WinsockException {
        SocketHandle one = member(0);
        SocketHandle other = member(net.name(one).getPort());
        toGroup(one, one, "to all");

        assertThat(net.receive(one, 8)).isEqualTo("to all");
        assertThat(net.receive(other, 8)).isEqualTo("to all");
    }

    @Proves("join-leaf.receives")
    void aSocketThatIsNoMemberGetsNothing() throws WinsockException {
        SocketHandle stranger = leaf(0);
        toGroup(sender(), stranger, "secret");

        assertGetsOnly(stranger, "marker");
    }

    @Proves("join-leaf.receives")
    void aMemberOfOneGroupGetsNothingOfAnother() throws WinsockException {
        SocketHandle member = member(0);
        ws.sendto(sender(), bytes("other"), 0, new InetSocketAddress(address("239.255.77.20"),
                net.name(member).getPort()));

        assertGetsOnly(member, "marker");
    }

    @Proves("join-leaf.receives")
    void whoJoinedToReceiveGetsWhatIsSent() throws WinsockException {
        SocketHandle member = leaf(0);
        join(member, GROUP, JL_RECEIVER_ONLY);
        toGroup(sender(), member, "in");

        assertThat(net.receive(member, 8)).isEqualTo("in");
    }

    @Proves("join-leaf.sender-only")
    void whoJoinedToSendAloneGetsNothing() throws WinsockException {
        SocketHandle s = leaf(0);
        join(s, GROUP, JL_SENDER_ONLY);
        toGroup(s, s, "out");

        assertGetsOnly(s, "marker");
    }

    @Proves("join-leaf.sender-only")
    void whoJoinedToSendAloneReachesTheMembers() throws WinsockException {
        SocketHandle member = member(0);
        SocketHandle s = leaf(0);
        join(s, GROUP, JL_SENDER_ONLY);
        toGroup(s, member, "out");

        assertThat(net.receive(member, 8)).isEqualTo("out");
    }

    @Proves("join-leaf.leaves")
    void whoseSocketIsClosedIsNoMemberAnyMore() throws WinsockException {
        SocketHandle member = member(0);
        int port = net.name(member).getPort();
        ws.closesocket(member);
        SocketHandle next = leaf(port);
        toGroup(sender(), next, "late");

        assertGetsOnly(next, "marker");
    }

    @Proves("join-leaf.leaves")
    void theOtherMembersStayWhenOneLeaves() throws WinsockException {
        SocketHandle stays = member(0);
        SocketHandle leaves = member(net.name(stays).getPort());
        ws.closesocket(leaves);
        toGroup(sender(), stays, "rest");

        assertThat(net.receive(stays, 8)).isEqualTo("rest");
    }

    @Proves("ip.multicast-loop")
    void aSenderThatTurnsLoopingOffDoesNotGetItsOwn() throws WinsockException {
        SocketHandle member = member(0);
        ws.setsockopt(member, IPPROTO_IP, IP_MULTICAST_LOOP, false);
        toGroup(member, member, "echo");
        if (stack.has(Flag.LOOPBACK_ECHOES)) {
            assertThat(net.receive(member, 8)).isEqualTo("echo");
        }

        assertGetsOnly(member, "marker");
    }

    @Proves("ip.multicast")
    void aMembershipIsAnOptionOfAnyDatagramSocket() throws WinsockException {
        SocketHandle s = reusing(net.datagram(), 0);
        ws.setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership(GROUP));
        toGroup(sender(), s, "in");
        assertThat(net.receive(s, 8)).isEqualTo("in");
        ws.setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, membership(GROUP));
        toGroup(sender(), s, "out");

        assertGetsOnly(s, "marker");
    }

    @Proves("ip.multicast")
    void aMembershipThatIsNoneCannotBeDropped() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        fails(WsaError.WSAEADDRNOTAVAIL, () -> ws.setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, membership(GROUP)));
    }

    @Proves({"ip.multicast", "sockopt.inval", "sockopt.fault", "sockopt.noprotoopt"})
    void aMembershipNeedsAGroupAndADatagramSocket() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        SocketHandle stream = net.stream();
        fails(WsaError.WSAEINVAL, () -> ws.setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership(LOOPBACK)));
        fails(WsaError.WSAEFAULT, () -> ws.setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, GROUP));
        fails(WsaError.WSAENOPROTOOPT,
                () -> ws.setsockopt(stream, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership(GROUP)));
    }

    @Proves({"join-leaf.ipv6", "join-leaf.itself", "join-leaf.isconn"})
    void groupsOfIpv6AreJoinedLikeThoseOfIpv4() throws WinsockException {
        SocketHandle member = leaf6();
        assertThat(join(member, GROUP6, JL_BOTH)).isSameAs(member);
        fails(WsaError.WSAEISCONN, () -> join(member, GROUP6, JL_BOTH));
    }

    @Proves({"join-leaf.ipv6", "join-leaf.receives"})
    void aMemberGetsWhatIsSentToAGroupOfIpv6() throws WinsockException {
        skipIf(Flag.NO_LOOPBACK_MULTICAST6);
        SocketHandle member = leaf6();
        join(member, GROUP6, JL_BOTH);
        SocketHandle s = net.datagram6();
        ws.setsockopt(s, IPPROTO_IPV6, IP_MULTICAST_IF, loopbackInterface());
        ws.sendto(s, bytes("six"), 0, new InetSocketAddress(GROUP6, net.name(member).getPort()));

        assertThat(net.receive(member, 8)).isEqualTo("six");
    }

    @Proves({"join-leaf.ipv6", "join-leaf.sender-only"})
    void overIpv6TooASenderAloneGetsNothing() throws WinsockException {
        skipIf(Flag.NO_LOOPBACK_MULTICAST6);
        SocketHandle s = leaf6();
        join(s, GROUP6, JL_SENDER_ONLY);
        InetSocketAddress name = net.name(s);
        ws.sendto(s, bytes("out"), 0, new InetSocketAddress(GROUP6, name.getPort()));
        ws.sendto(net.datagram6(), bytes("marker"), 0, new InetSocketAddress(LOOPBACK6, name.getPort()));

        assertThat(net.receive(s, 8)).isEqualTo("marker");
    }

    @Proves("fd-connect.join")
    void theEndOfAJoinIsToldAsAConnect() throws WinsockException {
        SocketHandle s = leaf(0);
        WsaEvent event = signals.event();
        ws.wsaEventSelect(s, event, NetworkEvent.FD_CONNECT);
        assertThat(join(s, GROUP, JL_BOTH)).isSameAs(s);
        signals.await(event);
        WsaNetworkEvents events = new WsaNetworkEvents();
        ws.wsaEnumNetworkEvents(s, event, events);

        assertThat(events.has(NetworkEvent.FD_CONNECT)).isTrue();
        assertThat(events.iErrorCode(NetworkEvent.bitOf(NetworkEvent.FD_CONNECT))).isZero();
    }

    // ---- errors ----------------------------------------------------------------------------------------------------

    @Proves("join-leaf.isconn")
    void joiningTwiceFails() throws WinsockException {
        SocketHandle s = member(0);
        fails(WsaError.WSAEISCONN, () -> join(s, GROUP, JL_BOTH));
    }

    @Proves("join-leaf.no-group")
    void anAddressOfOneMachineIsNoGroup() throws WinsockException {
        SocketHandle s = leaf(0);
        fails(WsaError.WSAEADDRNOTAVAIL, () -> join(s, LOOPBACK, JL_BOTH));
        fails(WsaError.WSAEADDRNOTAVAIL, () -> join(s, ANY, JL_BOTH));
    }

    @Proves("join-leaf.afnosupport")
    void aGroupOfAnotherFamilyIsRefused() throws WinsockException {
        SocketHandle four = leaf(0);
        SocketHandle six = leaf6();
        fails(WsaError.WSAEAFNOSUPPORT, () -> join(four, GROUP6, JL_BOTH));
        fails(WsaError.WSAEAFNOSUPPORT, () -> join(six, GROUP, JL_BOTH));
    }

    @Proves("join-leaf.fault")
    void noGroupIsAFault() throws WinsockException {
        SocketHandle s = leaf(0);
        fails(WsaError.WSAEFAULT, () -> ws.wsaJoinLeaf(s, null, null, null, null, null, JL_BOTH));
    }

    @Proves("join-leaf.flags")
    void flagsThatAreNoneAreInvalid() throws WinsockException {
        SocketHandle s = leaf(0);
        for (int flags : new int[] {0, 8, JL_SENDER_ONLY | JL_RECEIVER_ONLY | 8}) {
            fails(WsaError.WSAEINVAL, () -> join(s, GROUP, flags));
        }
    }

    @Proves("join-leaf.opnotsupp")
    void aStreamCannotJoin() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEOPNOTSUPP, () -> join(s, GROUP, JL_BOTH));
    }

    @Proves("join-leaf.inval")
    void aSocketThatWasNotMadeAsALeafCannotJoin() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        fails(WsaError.WSAEINVAL, () -> join(s, GROUP, JL_BOTH));
    }

    @Proves("join-leaf.protonosupport")
    void dataForAJoinIsRefused() throws WinsockException {
        SocketHandle s = leaf(0);
        fails(WsaError.WSAEPROTONOSUPPORT, () -> ws.wsaJoinLeaf(s, new InetSocketAddress(GROUP, 1), bytes("data"), null,
                null, null, JL_BOTH));
    }

    @Proves("join-leaf.qos")
    void aQualityThatCannotBeHadIsRefused() throws WinsockException {
        SocketHandle s = leaf(0);
        FlowSpec flow = new FlowSpec(1_000, 1_000, 2_000, 10_000, 1_000, 2, 500, 100);
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.wsaJoinLeaf(s, new InetSocketAddress(GROUP, 1), null, null,
                new Qos(flow, flow), null, JL_BOTH));
    }

    // ---- sockets of sessions ---------------------------------------------------------------------------------------

    private SocketHandle member(int port) throws WinsockException {
        SocketHandle s = leaf(port);
        join(s, GROUP, JL_BOTH);
        return s;
    }

    private SocketHandle leaf(int port) throws WinsockException {
        return reusing(leafOf(AddressFamily.AF_INET), port);
    }

    private SocketHandle reusing(SocketHandle s, int port) throws WinsockException {
        ws.setsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, loopbackInterface());
        ws.setsockopt(s, SOL_SOCKET, SocketOption.SO_REUSEADDR, true);
        ws.bind(s, new InetSocketAddress(ANY, port));
        return s;
    }

    private SocketHandle leaf6() throws WinsockException {
        SocketHandle s = leafOf(AddressFamily.AF_INET6);
        ws.setsockopt(s, IPPROTO_IPV6, IP_MULTICAST_IF, loopbackInterface());
        ws.bind(s, new InetSocketAddress(ANY6, 0));
        return s;
    }

    private SocketHandle leafOf(int family) throws WinsockException {
        return net.own(ws.wsaSocket(family, SocketType.SOCK_DGRAM, 0, null, 0, SocketFlag.WSA_FLAG_OVERLAPPED
                | SocketFlag.WSA_FLAG_MULTIPOINT_C_LEAF | SocketFlag.WSA_FLAG_MULTIPOINT_D_LEAF));
    }

    private SocketHandle sender() throws WinsockException {
        SocketHandle s = net.datagram();
        ws.setsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, loopbackInterface());
        return s;
    }

    private SocketHandle join(SocketHandle s, InetAddress group, int flags) throws WinsockException {
        return ws.wsaJoinLeaf(s, new InetSocketAddress(group, 0), null, null, null, null, flags);
    }

    private void toGroup(SocketHandle from, SocketHandle to, String text) throws WinsockException {
        ws.sendto(from, bytes(text), 0, new InetSocketAddress(GROUP, net.name(to).getPort()));
    }

    /** What was sent to the group before would have come before. */
    private void assertGetsOnly(SocketHandle s, String marker) throws WinsockException {
        ws.sendto(net.datagram(), bytes(marker), 0, loopback(net.name(s).getPort()));
        assertThat(net.receive(s, 8)).isEqualTo(marker);
    }

    private static IpMreq membership(InetAddress group) {
        return new IpMreq(group, loopbackInterface());
    }

    private static NetworkInterface loopbackInterface() {
        try {
            return NetworkInterface.getByInetAddress(LOOPBACK);
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }
}
