package org.ws2j.provider.memory;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** That a socket has an address; a link in the list of those with the same port. */
final class Binding {
    final MemorySocket socket;
    final InetSocketAddress name;
    Binding next;

    Binding(MemorySocket socket, InetSocketAddress name) {
        this.socket = socket;
        this.name = name;
    }

    boolean isAnywhere() {
        return name.getAddress().isAnyLocalAddress();
    }

    boolean isAt(InetAddress address) {
        return name.getAddress().equals(address);
    }

    boolean conflictsWith(InetAddress address) {
        return isAt(address) || isAnywhere() || address.isAnyLocalAddress();
    }
}
