package org.ws2j.layer.chain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.ws2j.host.OpenHandles;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.layer.LayerFactory;
import org.ws2j.layer.LayerModule;
import org.ws2j.layer.passthrough.IfsPassThroughModule;
import org.ws2j.layer.passthrough.PassThroughModule;
import org.ws2j.layer.trace.TraceModule;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;

/** A host with layers over TCP/IP, started. */
final class Chains implements AutoCloseable {
    /** What the host was told that nobody else could be told. */
    final List<Throwable> reports = Collections.synchronizedList(new ArrayList<>());

    final ProtocolCatalog catalog;
    final Winsock winsock;

    private int layers;

    Chains(TransportModule... extra) throws WinsockException {
        List<TransportModule> modules = new ArrayList<>(
                List.of(new TcpIpModule(), new PassThroughModule(), new IfsPassThroughModule(), new TraceModule()));
        modules.addAll(Arrays.asList(extra));
        catalog = ProtocolCatalog.inMemory(modules);
        var builder = Winsock.builder().catalog(catalog).reporter((what, e) -> {
            e.addSuppressed(new AssertionError(what));
            reports.add(e);
        });
        modules.forEach(builder::module);
        winsock = builder.build();
    }

    /** A module that is there for one test. */
    static LayerModule module(String name, LayerFactory factory) {
        return new LayerModule(name) {
            @Override
            protected LayerFactory factory() {
                return factory;
            }
        };
    }

    /** Puts a layer over all that is there. The catalog's own installer makes chains of six layers at most. */
    Chains over(String module, Map<String, String> options) throws WinsockException {
        layers++;
        String name = module + layers;
        String path = "builtin:" + module;
        int flags = module.startsWith("ifs") ? ServiceFlag.XP1_IFS_HANDLES : 0;
        if (layers < ProtocolChain.MAX_PROTOCOL_CHAIN) {
            catalog.wscInstallProviderAndChains(UUID.randomUUID(), path, name, flags, topmost(), options);
            return this;
        }
        WsaProtocolInfo hidden = topmost().getFirst().toBuilder().protocolName(name)
                .protocolChain(ProtocolChain.LAYER).providerFlags(4).build();
        int id = catalog.wscInstallProvider(UUID.randomUUID(), path, List.of(hidden), options)
                .getFirst().catalogEntryId();
        List<Integer> order = new ArrayList<>();
        for (WsaProtocolInfo below : topmost()) {
            WsaProtocolInfo chain = below.toBuilder().protocolName(name + " over " + below.protocolName())
                    .protocolChain(ProtocolChain.of(id, below.catalogEntryId())).build();
            order.add(catalog.wscInstallProvider(UUID.randomUUID(), path, List.of(chain), options)
                    .getFirst().catalogEntryId());
        }
        catalog.wscEnumProtocols().stream().map(WsaProtocolInfo::catalogEntryId)
                .filter(e -> !order.contains(e)).toList().forEach(order::add);
        catalog.wscWriteProviderOrder(order.stream().mapToInt(Integer::intValue).toArray());
        return this;
    }

    Chains over(String module) throws WinsockException {
        return over(module, Map.of());
    }

    Chains over(String module, int times) throws WinsockException {
        for (int i = 0; i < times; i++) {
            over(module);
        }
        return this;
    }

    Chains start() throws WinsockException {
        winsock.wsaStartup(WinsockVersion.V2_2);
        return this;
    }

    private List<WsaProtocolInfo> topmost() throws WinsockException {
        List<WsaProtocolInfo> topmost = new ArrayList<>();
        for (WsaProtocolInfo entry : catalog.wscEnumProtocols()) {
            boolean isNew = !entry.protocolChain().isLayer() && topmost.stream().noneMatch(
                    e -> e.addressFamily() == entry.addressFamily() && e.protocol() == entry.protocol());
            if (isNew) {
                topmost.add(entry);
            }
        }
        return topmost;
    }

    SocketHandle tcp() throws WinsockException {
        return winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
    }

    SocketHandle udp() throws WinsockException {
        return winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
    }

    OpenHandles open() {
        return winsock.openHandles();
    }

    @Override
    public void close() {
        winsock.close();
    }
}
