package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** Entries to install, and how a refusal is asked for. */
public final class Entries {
    public static final int TCP_FLAGS = ServiceFlag.XP1_GUARANTEED_DELIVERY
            | ServiceFlag.XP1_GUARANTEED_ORDER
            | ServiceFlag.XP1_GRACEFUL_CLOSE
            | ServiceFlag.XP1_IFS_HANDLES;

    public static final WsaProtocolInfo TCP = WsaProtocolInfo.builder()
            .addressFamily(AddressFamily.AF_INET)
            .socketType(SocketType.SOCK_STREAM)
            .protocol(6)
            .maxSockAddr(16)
            .minSockAddr(16)
            .serviceFlags1(TCP_FLAGS)
            .providerFlags(ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO | ProviderFlag.PFL_MULTIPLE_PROTO_ENTRIES)
            .protocolName("Test [TCP/IP]")
            .build();

    public static final WsaProtocolInfo UDP = TCP.toBuilder()
            .socketType(SocketType.SOCK_DGRAM)
            .protocol(17)
            .serviceFlags1(ServiceFlag.XP1_CONNECTIONLESS | ServiceFlag.XP1_IFS_HANDLES)
            .messageSize(65507)
            .protocolName("Test [UDP/IP]")
            .build();

    public static final WsaProtocolInfo TCP6 = TCP.toBuilder()
            .addressFamily(AddressFamily.AF_INET6)
            .protocolName("Test [TCP/IPv6]")
            .build();

    /** Accepts every protocol, and does not stand for 0 by its flags but by its range. */
    public static final WsaProtocolInfo RAW = TCP.toBuilder()
            .socketType(SocketType.SOCK_RAW)
            .protocol(0)
            .protocolMaxOffset(255)
            .providerFlags(ProviderFlag.PFL_HIDDEN)
            .protocolName("Test [RAW/IP]")
            .build();

    public static final UUID BASE = new UUID(0xe70f1aa0ab8b11cfL, 0x8ca300805f48a192L);

    public static final UUID LAYER = UUID.fromString("11111111-2222-3333-4444-555555555555");

    public static final UUID OTHER = UUID.fromString("99999999-2222-3333-4444-555555555555");

    private Entries() {}

    /** A catalog with 1001 TCP, 1002 UDP, 1003 TCP6. */
    public static ProtocolCatalog installed() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        catalog.wscInstallProvider(BASE, "base.jar", List.of(TCP, UDP, TCP6), Map.of());
        return catalog;
    }

    /** An entry that is nothing but a layer. */
    public static WsaProtocolInfo layer(String name) {
        return TCP.toBuilder()
                .protocolChain(ProtocolChain.LAYER)
                .socketType(0)
                .providerFlags(ProviderFlag.PFL_HIDDEN)
                .protocolName(name)
                .build();
    }

    /** TCP through a chain. */
    public static WsaProtocolInfo chain(int... elements) {
        return TCP.toBuilder().protocolChain(ProtocolChain.of(elements)).build();
    }

    public static List<Integer> ids(List<WsaProtocolInfo> infos) {
        return infos.stream().map(WsaProtocolInfo::catalogEntryId).toList();
    }

    public static String letters(int count) {
        return "x".repeat(count);
    }

    public static WinsockException refused(WsaError error, ThrowingCallable call) {
        WinsockException refusal = catchThrowableOfType(WinsockException.class, call);
        assertThat(refusal).as("refused with %s", error).isNotNull();
        assertThat(WsaError.describe(refusal.code())).isEqualTo(WsaError.describe(error.code()));
        return refusal;
    }

    /** A module that can be installed, and not loaded. */
    public static TransportModule module(String name, WsaProtocolInfo... protocols) {
        return new TransportModule() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<WsaProtocolInfo> protocols() {
                return Arrays.stream(protocols)
                        .map(info -> info.toBuilder().providerId(BASE).build())
                        .toList();
            }

            @Override
            public TransportProvider load(HostServices services) throws WinsockException {
                throw new WinsockException(WsaError.WSAEPROVIDERFAILEDINIT);
            }
        };
    }
}
