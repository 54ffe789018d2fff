package org.ws2j.cli.demo;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.ws2j.cli.demo.tee.TeeModule;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.layer.trace.TraceModule;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** The demo's catalog: tee over trace over tcpip, for TCP and UDP over IPv4. */
final class Chain {
    private static final UUID TRACE = UUID.fromString("3a0f7a52-6f53-4c0e-8d29-50b8c5b0d1a1");
    private static final UUID TEE = UUID.fromString("8d5e0b9c-16a4-4f57-b3a0-7b1c1b7f2c64");

    private Chain() {}

    static ProtocolCatalog install(Path trace, InetSocketAddress collector) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.inMemory();
        List<WsaProtocolInfo> bases = catalog.wscEnumProtocols().stream()
                .filter(info -> info.addressFamily() == AddressFamily.AF_INET)
                .toList();
        catalog.wscInstallProviderAndChains(
                TRACE, "builtin:trace", "trace", 0, bases, Map.of(TraceModule.FILE_OPTION, trace.toString()));
        String listener = collector.getAddress().getHostAddress() + ':' + collector.getPort();
        catalog.wscInstallProviderAndChains(
                TEE, "builtin:tee", "tee", 0, bases, Map.of(TeeModule.COLLECTOR_OPTION, listener));
        return catalog;
    }
}
