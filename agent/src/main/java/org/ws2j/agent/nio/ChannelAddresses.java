package org.ws2j.agent.nio;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;

/** What the JDK's channels make of addresses. */
final class ChannelAddresses {
    private static final InetAddress ANY4 = Inet4Address.ofLiteral("0.0.0.0");
    private static final InetAddress ANY6 = Inet6Address.ofLiteral("::");
    private static final InetAddress LOOPBACK4 = Inet4Address.ofLiteral("127.0.0.1");
    private static final InetAddress LOOPBACK6 = Inet6Address.ofLiteral("::1");

    private ChannelAddresses() {}

    /** Checks an address for a channel of both families, or of IPv4 alone. */
    static InetSocketAddress check(SocketAddress address, boolean six) {
        Objects.requireNonNull(address);
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (!six && !(inet.getAddress() instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        return inet;
    }

    /** Checks the address of a peer: nobody in particular means this system. */
    static InetSocketAddress checkPeer(SocketAddress address, boolean six) {
        InetSocketAddress peer = check(address, six);
        return peer.getAddress().isAnyLocalAddress() ? loopback(peer) : peer;
    }

    static InetSocketAddress loopback(InetSocketAddress any) {
        InetAddress here = any.getAddress() instanceof Inet4Address ? LOOPBACK4 : LOOPBACK6;
        return new InetSocketAddress(here, any.getPort());
    }

    /** {@return the address that a channel is bound to that may have any} */
    static InetSocketAddress any(boolean six) {
        return new InetSocketAddress(six ? ANY6 : ANY4, 0);
    }

    /** Checks where a stream is to be bound; null for anywhere. */
    static InetSocketAddress checkLocal(SocketAddress local, boolean six) {
        return local == null ? any(six) : check(local, six);
    }
}
