package org.ws2j.spi;

/**
 * Protocol numbers, which are also levels of socket options.
 */
public final class IpProtocol {
    /** As a protocol: none in particular. As a level: options of IPv4. */
    public static final int IPPROTO_IP = 0;

    /** TCP. */
    public static final int IPPROTO_TCP = 6;

    /** UDP. */
    public static final int IPPROTO_UDP = 17;

    /** As a level: options of IPv6. */
    public static final int IPPROTO_IPV6 = 41;

    /** For each of the first three parameters of socket: take it from the protocol info. */
    public static final int FROM_PROTOCOL_INFO = -1;

    private IpProtocol() {}
}
