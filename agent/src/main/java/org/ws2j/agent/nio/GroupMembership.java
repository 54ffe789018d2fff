package org.ws2j.agent.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.MembershipKey;
import java.nio.channels.MulticastChannel;
import java.util.HashSet;
import java.util.Set;

/** One membership of a channel in a multicast group. */
final class GroupMembership extends MembershipKey {
    private final NioDatagramChannel channel;
    private final InetAddress group;
    private final NetworkInterface via;

    /** Null for all sources. */
    private final InetAddress source;

    private volatile boolean isOver;

    /** Guarded by itself. */
    private final Set<InetAddress> blocked = new HashSet<>(0);

    GroupMembership(NioDatagramChannel channel, InetAddress group, NetworkInterface via, InetAddress source) {
        this.channel = channel;
        this.group = group;
        this.via = via;
        this.source = source;
    }

    @Override
    public boolean isValid() {
        return !isOver;
    }

    void invalidate() {
        isOver = true;
    }

    @Override
    public void drop() {
        channel.memberships().drop(this);
    }

    @Override
    public MembershipKey block(InetAddress unwanted) throws IOException {
        if (source != null) {
            throw new IllegalStateException("key is source-specific");
        }
        synchronized (blocked) {
            if (!blocked.contains(unwanted)) {
                channel.memberships().block(this, unwanted);
                blocked.add(unwanted);
            }
        }
        return this;
    }

    @Override
    public MembershipKey unblock(InetAddress wanted) {
        synchronized (blocked) {
            if (!blocked.contains(wanted)) {
                throw new IllegalStateException("not blocked");
            }
            channel.memberships().unblock(this, wanted);
            blocked.remove(wanted);
        }
        return this;
    }

    @Override
    public MulticastChannel channel() {
        return channel;
    }

    @Override
    public InetAddress group() {
        return group;
    }

    @Override
    public NetworkInterface networkInterface() {
        return via;
    }

    @Override
    public InetAddress sourceAddress() {
        return source;
    }

    @Override
    public String toString() {
        String from = source == null ? "" : "," + source.getHostAddress();
        return "<" + group.getHostAddress() + "," + via.getName() + from + ">";
    }
}
