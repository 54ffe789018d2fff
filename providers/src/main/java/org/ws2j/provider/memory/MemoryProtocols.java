package org.ws2j.provider.memory;

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
final class MemoryProtocols {
    /** The GUID of the provider, all four entries'. */
    static final UUID PROVIDER_ID = UUID.fromString("0d7a52c4-91be-4c38-8f0e-5b6f3c9d2a71");

    /** The most that one datagram carries, in both families: what UDP over IPv4 does. */
    static final int MAX_DATAGRAM = 65_507;

    static final List<WsaProtocolInfo> ENTRIES = List.of(
            stream(AddressFamily.AF_INET, "memory [stream/IPv4]"),
            datagram(AddressFamily.AF_INET, "memory [datagram/IPv4]"),
            stream(AddressFamily.AF_INET6, "memory [stream/IPv6]"),
            datagram(AddressFamily.AF_INET6, "memory [datagram/IPv6]"));

    private static final int MULTIPOINT_ROOT =
            SocketFlag.WSA_FLAG_MULTIPOINT_C_ROOT | SocketFlag.WSA_FLAG_MULTIPOINT_D_ROOT;
    private static final int MULTIPOINT_LEAF =
            SocketFlag.WSA_FLAG_MULTIPOINT_C_LEAF | SocketFlag.WSA_FLAG_MULTIPOINT_D_LEAF;

    private MemoryProtocols() {}

    private static WsaProtocolInfo stream(int family, String name) {
        return entry(family, name)
                .serviceFlags1(ServiceFlag.XP1_GUARANTEED_DELIVERY | ServiceFlag.XP1_GUARANTEED_ORDER
                        | ServiceFlag.XP1_GRACEFUL_CLOSE | ServiceFlag.XP1_EXPEDITED_DATA)
                .socketType(SocketType.SOCK_STREAM)
                .protocol(IpProtocol.IPPROTO_TCP)
                .build();
    }

    private static WsaProtocolInfo datagram(int family, String name) {
        return entry(family, name)
                .serviceFlags1(ServiceFlag.XP1_CONNECTIONLESS | ServiceFlag.XP1_MESSAGE_ORIENTED
                        | ServiceFlag.XP1_SUPPORT_BROADCAST | ServiceFlag.XP1_SUPPORT_MULTIPOINT)
                .socketType(SocketType.SOCK_DGRAM)
                .protocol(IpProtocol.IPPROTO_UDP)
                .messageSize(MAX_DATAGRAM)
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

    /** {@return whether the flags of WSPSocket, which were checked, make a leaf} */
    static boolean isLeaf(int flags) {
        return (flags & MULTIPOINT_LEAF) == MULTIPOINT_LEAF;
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
