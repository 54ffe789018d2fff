package org.ws2j.agent.nio;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.GroupSourceReq;
import org.ws2j.spi.IpMreq;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;

/** The multicast groups of a channel; guarded by its socket. */
final class GroupMemberships {
    private final NioDatagramChannel channel;
    private final AgentSocket socket;
    private final List<GroupMembership> memberships = new ArrayList<>(0);

    GroupMemberships(NioDatagramChannel channel, AgentSocket socket) {
        this.channel = channel;
        this.socket = socket;
    }

    /** Joins, or finds the membership; the source is null for all of them. */
    GroupMembership join(InetAddress group, NetworkInterface via, InetAddress source) throws IOException {
        checkGroup(group);
        if (source != null) {
            checkSource(group, source);
        }
        synchronized (socket) {
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
            GroupMembership known = find(group, via, source);
            if (known != null) {
                return known;
            }
            GroupMembership joined = new GroupMembership(channel, group, via, source);
            change(joined, true);
            memberships.add(joined);
            return joined;
        }
    }

    private void checkGroup(InetAddress group) {
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException("Group not a multicast address");
        }
        if (group instanceof Inet6Address && !socket.isSix()) {
            throw new IllegalArgumentException("Only IPv6 sockets can join IPv6 multicast group");
        }
        if (!(group instanceof Inet4Address) && !(group instanceof Inet6Address)) {
            throw new IllegalArgumentException("Address type not supported");
        }
    }

    private static void checkSource(InetAddress group, InetAddress source) {
        if (source.isAnyLocalAddress()) {
            throw new IllegalArgumentException("Source address is a wildcard address");
        }
        if (source.isMulticastAddress()) {
            throw new IllegalArgumentException("Source address is multicast address");
        }
        if (source.getClass() != group.getClass()) {
            throw new IllegalArgumentException("Source address is different type to group");
        }
    }

    /**
     * Finds a membership.
     *
     * @param source the source that it is for; null for all
     * @return the membership; null for none
     * @throws IllegalStateException if the channel is a member in the other way
     */
    GroupMembership find(InetAddress group, NetworkInterface via, InetAddress source) {
        synchronized (socket) {
            for (GroupMembership each : memberships) {
                if (each.group().equals(group) && each.networkInterface().equals(via) && fits(each, source)) {
                    return each;
                }
            }
            return null;
        }
    }

    private static boolean fits(GroupMembership known, InetAddress source) {
        InetAddress its = known.sourceAddress();
        if (source == null && its != null) {
            throw new IllegalStateException("Already a member to receive all packets");
        }
        if (source != null && its == null) {
            throw new IllegalStateException("Already have source-specific membership");
        }
        return source == null || source.equals(its);
    }

    void drop(GroupMembership membership) {
        synchronized (socket) {
            if (!membership.isValid()) {
                return;
            }
            try {
                change(membership, false);
            } catch (IOException e) {
                throw new IllegalStateException("leaving " + membership, e);
            }
            membership.invalidate();
            memberships.remove(membership);
        }
    }

    void block(GroupMembership membership, InetAddress source) throws IOException {
        synchronized (socket) {
            ensureValid(membership);
            checkSource(membership.group(), source);
            set(SocketOption.MCAST_BLOCK_SOURCE, request(membership, source), membership.group());
        }
    }

    void unblock(GroupMembership membership, InetAddress source) {
        synchronized (socket) {
            ensureValid(membership);
            try {
                set(SocketOption.MCAST_UNBLOCK_SOURCE, request(membership, source), membership.group());
            } catch (IOException e) {
                throw new IllegalStateException("unblocking " + source, e);
            }
        }
    }

    private static void ensureValid(GroupMembership membership) {
        if (!membership.isValid()) {
            throw new IllegalStateException("key is no longer valid");
        }
    }

    /** The channel is closed. */
    void invalidate() {
        synchronized (socket) {
            memberships.forEach(GroupMembership::invalidate);
            memberships.clear();
        }
    }

    private void change(GroupMembership membership, boolean isJoin) throws IOException {
        InetAddress source = membership.sourceAddress();
        if (source == null) {
            set(isJoin ? SocketOption.IP_ADD_MEMBERSHIP : SocketOption.IP_DROP_MEMBERSHIP,
                    new IpMreq(membership.group(), membership.networkInterface()), membership.group());
        } else {
            set(isJoin ? SocketOption.MCAST_JOIN_SOURCE_GROUP : SocketOption.MCAST_LEAVE_SOURCE_GROUP,
                    request(membership, source), membership.group());
        }
    }

    private static GroupSourceReq request(GroupMembership membership, InetAddress source) {
        return new GroupSourceReq(membership.group(), membership.networkInterface(), source);
    }

    private void set(int option, Object value, InetAddress group) throws IOException {
        int level = group instanceof Inet6Address ? IpProtocol.IPPROTO_IPV6 : IpProtocol.IPPROTO_IP;
        try {
            socket.setOption(level, option, value);
        } catch (WinsockException e) {
            throw socket.failure(e);
        }
    }
}
