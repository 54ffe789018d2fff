package org.ws2j.provider.tcpip;

import java.util.List;
import java.util.UUID;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** The catalog entries of the provider, and what WSPSocket accepts of them. */
final class TcpIpProtocols {
    /** The GUID of the provider, all four entries'. */
    static final UUID PROVIDER_ID = UUID.fromString("6b3f0c2e-5d0b-4f6e-9a57-2c1d7e8a4b10");

    /** The most that one datagram carries: 65,535 less the headers that count, which IPv6 has one of. */
    static final int UDP4_MESSAGE_SIZE = 65_507;

    static final int UDP6_MESSAGE_SIZE = 65_527;

    static final List<WsaProtocolInfo> ENTRIES = List.of(
            tcp(AddressFamily.AF_INET, "tcpip [TCP/IP]"),
            udp(AddressFamily.AF_INET, UDP4_MESSAGE_SIZE, "tcpip [UDP/IP]"),
            tcp(AddressFamily.AF_INET6, "tcpip [TCP/IPv6]"),
            udp(AddressFamily.AF_INET6, UDP6_MESSAGE_SIZE, "tcpip [UDP/IPv6]"));

    private static final int MULTIPOINT_ROOT =
            SocketFlag.WSA_FLAG_MULTIPOINT_C_ROOT | SocketFlag.WSA_FLAG_MULTIPOINT_D_ROOT;
    private static final int MULTIPOINT_LEAF =
            SocketFlag.WSA_FLAG_MULTIPOINT_C_LEAF | SocketFlag.WSA_FLAG_MULTIPOINT_D_LEAF;

    private TcpIpProtocols() {}

    /** {@return whether the flags of WSPSocket ask for a leaf of multipoint sessions} */
    static boolean isLeaf(int flags) {
        return (flags & MULTIPOINT_LEAF) == MULTIPOINT_LEAF;
    }

    private static WsaProtocolInfo tcp(int family, String name) {
        return entry(family, name)
                .serviceFlags1(ServiceFlag.XP1_GUARANTEED_DELIVERY | ServiceFlag.XP1_GUARANTEED_ORDER
                        | ServiceFlag.XP1_GRACEFUL_CLOSE | ServiceFlag.XP1_EXPEDITED_DATA | ServiceFlag.XP1_IFS_HANDLES)
                .socketType(SocketType.SOCK_STREAM)
                .protocol(IpProtocol.IPPROTO_TCP)
                .build();
    }

    private static WsaProtocolInfo udp(int family, int messageSize, String name) {
        return entry(family, name)
                .serviceFlags1(ServiceFlag.XP1_CONNECTIONLESS | ServiceFlag.XP1_MESSAGE_ORIENTED
                        | ServiceFlag.XP1_SUPPORT_BROADCAST | ServiceFlag.XP1_SUPPORT_MULTIPOINT
                        | ServiceFlag.XP1_IFS_HANDLES)
                .socketType(SocketType.SOCK_DGRAM)
                .protocol(IpProtocol.IPPROTO_UDP)
                .messageSize(messageSize)
                .build();
    }

    private static WsaProtocolInfo.Builder entry(int family, String name) {
        int sockaddrLength = family == AddressFamily.AF_INET ? 16 : 28;
        return WsaProtocolInfo.builder()
                .providerId(PROVIDER_ID)
                .providerFlags(ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO)
                .addressFamily(family)
                .minSockAddr(sockaddrLength)
                .maxSockAddr(sockaddrLength)
                .protocolName(name);
    }

    /**
     * Checks the parameters of WSPSocket against the entry that came with them, which may be a chain's: a layer that does
     * not care passes it on as it got it.
     */
    static void check(int af, int type, int protocol, WsaProtocolInfo info, int flags) throws WinsockException {
        if (info == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no protocol info");
        }
        if (!given(af, info.addressFamily()) || !isServed(info.addressFamily())) {
            throw new WinsockException(WsaError.WSAEAFNOSUPPORT, "address family " + af + " in " + info.protocolName());
        }
        checkType(type, info);
        if (!given(protocol, info.protocol())) {
            throw new WinsockException(WsaError.WSAEPROTONOSUPPORT,
                    "protocol " + protocol + " in " + info.protocolName());
        }
        checkMultipoint(flags, info);
    }

    private static void checkType(int type, WsaProtocolInfo info) throws WinsockException {
        boolean served = info.socketType() == SocketType.SOCK_STREAM || info.socketType() == SocketType.SOCK_DGRAM;
        if (given(type, info.socketType()) && served) {
            return;
        }
        boolean known = type == SocketType.SOCK_STREAM || type == SocketType.SOCK_DGRAM;
        WsaError error = known ? WsaError.WSAEPROTOTYPE : WsaError.WSAESOCKTNOSUPPORT;
        throw new WinsockException(error, "socket type " + type + " in " + info.protocolName());
    }

    private static void checkMultipoint(int flags, WsaProtocolInfo info) throws WinsockException {
        int multipoint = flags & (MULTIPOINT_ROOT | MULTIPOINT_LEAF);
        boolean leafOfDatagrams = multipoint == MULTIPOINT_LEAF && info.socketType() == SocketType.SOCK_DGRAM;
        if (multipoint != 0 && !leafOfDatagrams) {
            throw new WinsockException(WsaError.WSAEINVAL, "multipoint flags 0x" + Integer.toHexString(multipoint));
        }
    }

    private static boolean given(int value, int entrys) {
        return value == 0 || value == IpProtocol.FROM_PROTOCOL_INFO || value == entrys;
    }

    private static boolean isServed(int family) {
        return family == AddressFamily.AF_INET || family == AddressFamily.AF_INET6;
    }
}
