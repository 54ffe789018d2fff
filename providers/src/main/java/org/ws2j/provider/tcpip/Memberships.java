package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.channels.MembershipKey;
import java.util.HashMap;
import java.util.Map;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.JoinLeafFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The multicast groups that a datagram socket receives of; guarded by both of its locks. */
final class Memberships {
    private record Membership(InetAddress group, NetworkInterface via) {}

    private final UdpSocket socket;

    /** Whether the socket was made as a leaf of multipoint sessions. */
    private final boolean leaf;

    private final Map<Membership, MembershipKey> keys = new HashMap<>(2);

    Memberships(UdpSocket socket, boolean leaf) {
        this.socket = socket;
        this.leaf = leaf;
    }

    /** Checks the parameters of WSPJoinLeaf. */
    void checkJoin(InetAddress group, int flags) throws WinsockException {
        if (!leaf) {
            throw new WinsockException(WsaError.WSAEINVAL, socket + " was not made as a leaf");
        }
        if (flags != JoinLeafFlag.JL_SENDER_ONLY && flags != JoinLeafFlag.JL_RECEIVER_ONLY
                && flags != JoinLeafFlag.JL_BOTH) {
            throw new WinsockException(WsaError.WSAEINVAL, "flags of a join 0x" + Integer.toHexString(flags));
        }
        if (!group.isMulticastAddress()) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, group + " is no multicast group");
        }
    }

    /** Joins for WSPJoinLeaf; who only sends needs no membership. */
    void join(InetAddress group, int flags) throws IOException {
        if (flags != JoinLeafFlag.JL_SENDER_ONLY) {
            join(new Membership(group, usual(group)), WsaError.WSAEISCONN);
        }
    }

    /** IP_ADD_MEMBERSHIP. */
    void add(IpMreq wanted) throws IOException {
        join(membership(wanted), WsaError.WSAEINVAL);
    }

    /** IP_DROP_MEMBERSHIP. */
    void drop(IpMreq unwanted) throws IOException {
        MembershipKey key = keys.remove(membership(unwanted));
        if (key == null) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, socket + " is no member of " + unwanted);
        }
        key.drop();
    }

    private Membership membership(IpMreq value) throws IOException {
        NetworkInterface given = value.networkInterface();
        return new Membership(value.group(), given == null ? usual(value.group()) : given);
    }

    private void join(Membership wanted, WsaError ifMember) throws IOException {
        if (keys.containsKey(wanted)) {
            throw new WinsockException(ifMember, socket + " is a member of " + wanted.group());
        }
        keys.put(wanted, socket.channel().join(wanted.group(), wanted.via()));
    }

    /** {@return the interface of the group's scope, of IP_MULTICAST_IF, or else of the route to the group} */
    private NetworkInterface usual(InetAddress group) throws IOException {
        NetworkInterface chosen = socket.channel().getOption(StandardSocketOptions.IP_MULTICAST_IF);
        if (group instanceof Inet6Address six && six.getScopeId() != 0) {
            chosen = NetworkInterface.getByIndex(six.getScopeId());
        } else if (chosen == null) {
            chosen = NetworkInterface.getByInetAddress(Routes.localAddressTo(socket, group));
        }
        if (chosen == null) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, "no interface leads to " + group);
        }
        return chosen;
    }
}
