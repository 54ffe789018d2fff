package org.ws2j.host.fake;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.ProtocolCatalog.InstalledChains;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.host.thread.Reports;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * A host with fake providers. First modules are installed in its catalog, then it is started:
 *
 * <pre>{@code
 * FakeHost host = new FakeHost();
 * WsaProtocolInfo base = host.base(FakeModule.ifs("base"));
 * WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), base);
 * host.start();
 * SocketHandle s = host.socket(chain);
 * }</pre>
 */
public final class FakeHost implements AutoCloseable {
    private final ProtocolCatalog catalog;
    private WinsockBuilder builder;
    private final Reports reports = new Reports();
    private Winsock winsock;

    public FakeHost() throws WinsockException {
        catalog = ProtocolCatalog.empty();
        builder = Winsock.builder().catalog(catalog).reporter(reports);
    }

    /** A host with one base provider, started by a client of 2.2. */
    public static FakeHost with(FakeModule base) throws WinsockException {
        FakeHost host = new FakeHost();
        host.base(base);
        host.start();
        return host;
    }

    /** Changes how the host is built; before it is started. */
    public FakeHost configure(UnaryOperator<WinsockBuilder> change) {
        builder = change.apply(builder);
        return this;
    }

    /** Offers a module that is not in the catalog. */
    public void offer(FakeModule module) {
        builder.module(module);
    }

    /** Offers a module, and installs it as a base provider with one entry of an own GUID, for TCP over IPv4. */
    public WsaProtocolInfo base(FakeModule module) throws WinsockException {
        return base(module, tcp());
    }

    /** Offers a module, and installs it as a base provider with one entry of an own GUID. */
    public WsaProtocolInfo base(FakeModule module, WsaProtocolInfo info) throws WinsockException {
        return bases(module, info).getFirst();
    }

    /** Offers a module, and installs it as a base provider with several entries of one GUID. */
    public List<WsaProtocolInfo> bases(FakeModule module, WsaProtocolInfo... infos) throws WinsockException {
        offer(module);
        return catalog.wscInstallProvider(UUID.randomUUID(), module.path(), List.of(infos), Map.of());
    }

    /** Offers a module, and installs it as a layer with one chain over an entry; the chain comes first in the catalog. */
    public WsaProtocolInfo chain(FakeModule layer, WsaProtocolInfo over) throws WinsockException {
        return layer(layer, 0, over).chains().getFirst();
    }

    /** Offers a module, and installs it as an IFS layer with one chain over an entry. */
    public WsaProtocolInfo ifsChain(FakeModule layer, WsaProtocolInfo over) throws WinsockException {
        return layer(layer, ServiceFlag.XP1_IFS_HANDLES, over).chains().getFirst();
    }

    /** Offers a module, and installs it as a layer with a chain over each entry. */
    public InstalledChains layer(FakeModule layer, int serviceFlags, WsaProtocolInfo... over) throws WinsockException {
        offer(layer);
        return catalog.wscInstallProviderAndChains(
                UUID.randomUUID(), layer.path(), layer.name(), serviceFlags, List.of(over), Map.of());
    }

    /** Builds the host, and starts it for a client of 2.2. */
    public Winsock start() throws WinsockException {
        return start(WinsockVersion.V2_2);
    }

    /** Builds the host, and starts it. */
    public Winsock start(WinsockVersion version) throws WinsockException {
        build().wsaStartup(version);
        return winsock;
    }

    /** Builds the host without starting it. */
    public Winsock build() {
        winsock = builder.build();
        return winsock;
    }

    public Winsock winsock() {
        return winsock;
    }

    public ProtocolCatalog catalog() {
        return catalog;
    }

    /** {@return what the host has reported because no caller could be told} */
    public Reports reports() {
        return reports;
    }

    /** A socket of an entry, for overlapped operations; starts the provider if need be. */
    public SocketHandle socket(WsaProtocolInfo entry) throws WinsockException {
        int any = IpProtocol.FROM_PROTOCOL_INFO;
        return winsock.wsaSocket(any, any, any, entry, 0, SocketFlag.WSA_FLAG_OVERLAPPED);
    }

    /** A socket of the first entry of the catalog that makes sockets. */
    public SocketHandle socket() throws WinsockException {
        return socket(winsock.wsaEnumProtocols().getFirst());
    }

    /** An entry for TCP over IPv4, as installers write it. */
    public static WsaProtocolInfo tcp() {
        return entry(SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
    }

    /** An entry for UDP over IPv4, as installers write it. */
    public static WsaProtocolInfo udp() {
        return entry(SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
    }

    /** An entry over IPv4. */
    public static WsaProtocolInfo entry(int type, int protocol) {
        return WsaProtocolInfo.builder()
                .addressFamily(AddressFamily.AF_INET)
                .socketType(type)
                .protocol(protocol)
                .providerFlags(ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO)
                .protocolChain(ProtocolChain.BASE)
                .protocolName("fake " + type + "/" + protocol)
                .build();
    }

    @Override
    public void close() {
        if (winsock != null) {
            winsock.close();
        }
    }
}
