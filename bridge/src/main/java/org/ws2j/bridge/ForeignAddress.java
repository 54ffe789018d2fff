package org.ws2j.bridge;

import java.net.SocketAddress;
import java.util.HexFormat;

/** An address of a family that the JDK has no class for: every provider in Java refuses it by its own rule. */
final class ForeignAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    ForeignAddress(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "sockaddr " + HexFormat.of().formatHex(bytes);
    }
}
