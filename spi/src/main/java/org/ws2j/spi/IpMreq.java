package org.ws2j.spi;

import java.net.InetAddress;
import java.net.NetworkInterface;

/**
 * IP_MREQ, IPV6_MREQ: the value of {@link SocketOption#IP_ADD_MEMBERSHIP} and {@link SocketOption#IP_DROP_MEMBERSHIP}.
 *
 * @param group the multicast group, of the socket's family
 * @param networkInterface where it is received; null for the interface of {@link SocketOption#IP_MULTICAST_IF}, or else the
 *     one that the route to the group leaves by
 * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2ipdef/ns-ws2ipdef-ip_mreq">IP_MREQ</a>
 */
public record IpMreq(InetAddress group, NetworkInterface networkInterface) {}
