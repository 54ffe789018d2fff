package org.ws2j.spi;

/**
 * Address families, with Winsock's numbers.
 */
public final class AddressFamily {
    /** No family in particular; as a parameter of socket it fits any. */
    public static final int AF_UNSPEC = 0;

    /** IPv4: {@link java.net.InetSocketAddress} with an {@link java.net.Inet4Address}. */
    public static final int AF_INET = 2;

    /** IPv6: {@link java.net.InetSocketAddress} with an {@link java.net.Inet6Address}. */
    public static final int AF_INET6 = 23;

    private AddressFamily() {}
}
