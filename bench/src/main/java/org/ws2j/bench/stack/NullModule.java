package org.ws2j.bench.stack;

import java.util.List;
import java.util.UUID;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspStartup;

/** A non-IFS base provider that does nothing: what is left is what the host and the layers cost. For one host. */
public final class NullModule implements TransportModule {
    private static final UUID ID = UUID.fromString("6f0f6c1e-52c7-4d0b-8b0e-0d9fd7f3a901");

    private volatile Upcalls upcalls;

    @Override
    public String name() {
        return "null";
    }

    @Override
    public List<WsaProtocolInfo> protocols() {
        return List.of(WsaProtocolInfo.builder()
                .providerId(ID)
                .serviceFlags1(ServiceFlag.XP1_GUARANTEED_DELIVERY | ServiceFlag.XP1_GUARANTEED_ORDER)
                .addressFamily(AddressFamily.AF_INET)
                .minSockAddr(16)
                .maxSockAddr(16)
                .socketType(SocketType.SOCK_STREAM)
                .protocol(IpProtocol.IPPROTO_TCP)
                .protocolName("null")
                .build());
    }

    @Override
    public TransportProvider load(HostServices services) {
        return (requested, info, given) -> {
            upcalls = given;
            return new WspStartup(WspData.negotiate(requested, name()), new NullTable(given));
        };
    }

    /** {@return the upcalls that the provider was started with; null before its first socket} */
    public Upcalls upcalls() {
        return upcalls;
    }
}
