package org.ws2j.agent;

import java.nio.channels.spi.SelectorProvider;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.ws2j.agent.boot.LayerChoice;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.layer.LayerModule;
import org.ws2j.layer.passthrough.IfsPassThroughModule;
import org.ws2j.layer.passthrough.PassThroughModule;
import org.ws2j.layer.trace.TraceModule;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** A stack of layers as a catalog: a chain of them all over each protocol of TCP/IP. */
final class LayerCatalog {
    /** In an option, the number of this process: child processes are to have files of their own. */
    private static final String PROCESS = "%p";

    /** The GUIDs of the layers count from here; only this one catalog knows them. */
    private static final long GUIDS = 0x7773_326a_0000_4000L;

    private final WinsockBuilder builder = Winsock.builder();
    private final ProtocolCatalog catalog;
    private final Map<String, Integer> installed = new HashMap<>();

    /** What the next layer goes over; null for the base protocols. */
    private List<WsaProtocolInfo> below;

    private LayerCatalog(SelectorProvider jdk) throws WinsockException {
        catalog = ProtocolCatalog.inMemory(List.of(new TcpIpModule(jdk)));
        builder.catalog(catalog);
    }

    /**
     * Makes the builder of a host with these layers in its catalog.
     *
     * @param layers the layers, the first nearest the program
     * @param jdk what TCP/IP is to use
     * @return the builder
     * @throws WinsockException if the catalog refuses a layer
     */
    static WinsockBuilder winsock(List<LayerChoice> layers, SelectorProvider jdk) throws WinsockException {
        LayerCatalog made = new LayerCatalog(jdk);
        for (int i = layers.size() - 1; i >= 0; i--) {
            made.install(new UUID(GUIDS, i), layers.get(i));
        }
        return made.builder;
    }

    private void install(UUID guid, LayerChoice layer) throws WinsockException {
        String name = layer.name();
        int time = installed.merge(name, 1, Integer::sum);
        boolean isBuiltin = LayerStack.isBuiltin(name);
        if (isBuiltin && time == 1) {
            builder.module(builtin(name));
        }
        String path = isBuiltin ? TransportModules.BUILTIN + name : name;
        String unique = time == 1 ? name : name + ' ' + time;
        int flags = name.equals(LayerStack.IFS) ? ServiceFlag.XP1_IFS_HANDLES : 0;
        below = catalog.wscInstallProviderAndChains(guid, path, unique, flags, below, options(layer)).chains();
    }

    private static LayerModule builtin(String name) {
        return switch (name) {
            case "passthrough" -> new PassThroughModule();
            case LayerStack.IFS -> new IfsPassThroughModule();
            case "trace" -> new TraceModule();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Map<String, String> options(LayerChoice layer) {
        Map<String, String> options = new LinkedHashMap<>(layer.options());
        options.replaceAll((key, value) -> value.contains(PROCESS)
                ? value.replace(PROCESS, Long.toString(ProcessHandle.current().pid()))
                : value);
        return options;
    }
}
