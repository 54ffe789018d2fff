package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.channels.MembershipKey;
import java.util.HashMap;
import java.util.Map;
import org.ws2j.spi.GroupSourceReq;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.JoinLeafFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The multicast groups that a datagram socket receives of; guarded by both of its locks. */
final class Memberships {
    /** Of what a source sends, or of everything if that is null. */
    private record Membership(InetAddress group, NetworkInterface via, InetAddress source) {}

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
            join(new Membership(group, usual(group), null), WsaError.WSAEISCONN);
        }
    }

    /** IP_ADD_MEMBERSHIP. */
    void add(IpMreq wanted) throws IOException {
        join(membership(wanted.group(), wanted.networkInterface(), null), WsaError.WSAEINVAL);
    }

    /** IP_DROP_MEMBERSHIP. */
    void drop(IpMreq unwanted) throws IOException {
        drop(membership(unwanted.group(), unwanted.networkInterface(), null));
    }

    /** MCAST_JOIN_SOURCE_GROUP. */
    void add(GroupSourceReq wanted) throws IOException {
        join(membership(wanted.group(), wanted.networkInterface(), checkedSource(wanted)), WsaError.WSAEADDRNOTAVAIL);
    }

    /** MCAST_LEAVE_SOURCE_GROUP. */
    void drop(GroupSourceReq unwanted) throws IOException {
        drop(membership(unwanted.group(), unwanted.networkInterface(), checkedSource(unwanted)));
    }

    /** MCAST_BLOCK_SOURCE. */
    void block(GroupSourceReq unwanted) throws IOException {
        InetAddress source = checkedSource(unwanted);
        key(membership(unwanted.group(), unwanted.networkInterface(), null)).block(source);
    }

    /** MCAST_UNBLOCK_SOURCE. */
    void unblock(GroupSourceReq wanted) throws IOException {
        InetAddress source = checkedSource(wanted);
        MembershipKey key = key(membership(wanted.group(), wanted.networkInterface(), null));
        try {
            key.unblock(source);
        } catch (IllegalStateException e) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, source + " is not blocked", e);
        }
    }

    private static InetAddress checkedSource(GroupSourceReq value) throws WinsockException {
        InetAddress source = value.source();
        boolean fits = source != null && source.getClass() == value.group().getClass();
        if (!fits || source.isMulticastAddress() || source.isAnyLocalAddress()) {
            throw new WinsockException(WsaError.WSAEINVAL, source + " is nobody who sends to " + value.group());
        }
        return source;
    }

    private void drop(Membership unwanted) throws WinsockException {
        key(unwanted).drop();
        keys.remove(unwanted);
    }

    private MembershipKey key(Membership membership) throws WinsockException {
        MembershipKey key = keys.get(membership);
        if (key == null) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, socket + " has no such membership: " + membership);
        }
        return key;
    }

    private Membership membership(InetAddress group, NetworkInterface given, InetAddress source) throws IOException {
        return new Membership(group, given == null ? usual(group) : given, source);
    }

    private void join(Membership wanted, WsaError ifMember) throws IOException {
        if (keys.containsKey(wanted)) {
            throw new WinsockException(ifMember, socket + " is a member of " + wanted.group());
        }
        keys.put(wanted, wanted.source() == null ? socket.channel().join(wanted.group(), wanted.via())
                : socket.channel().join(wanted.group(), wanted.via(), wanted.source()));
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
