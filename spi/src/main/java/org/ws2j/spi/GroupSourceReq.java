package org.ws2j.spi;

import java.net.InetAddress;
import java.net.NetworkInterface;

/**
 * GROUP_SOURCE_REQ: the value of {@link SocketOption#MCAST_JOIN_SOURCE_GROUP} and its relatives.
 *
 * @param group the multicast group, of the socket's family
 * @param networkInterface where it is received; null as in {@link IpMreq}
 * @param source who sends to it; of the group's family
 * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2ipdef/ns-ws2ipdef-group_source_req">GROUP_SOURCE_REQ</a>
 */
public record GroupSourceReq(InetAddress group, NetworkInterface networkInterface, InetAddress source) {}
