package org.ws2j.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** A stack as a catalog of its own, with the files that its layers write. */
final class Chain implements AutoCloseable {
    /** In the value of an option: a file of its own. */
    private static final String FILE = "{file}";

    private final ProtocolCatalog catalog = ProtocolCatalog.empty();
    private final List<Path> files = new ArrayList<>();

    Chain(Stack stack) throws IOException {
        List<Level> upwards = stack.levels().reversed();
        for (Level level : upwards) {
            if (level.isLayer()) {
                installLayer(level);
            } else {
                installBase(level);
            }
        }
    }

    /** {@return the catalog, with the stack's chains first} */
    ProtocolCatalog catalog() {
        return catalog;
    }

    private void installBase(Level base) throws IOException {
        UUID provider = base.protocols().getFirst().providerId();
        catalog.wscInstallProvider(provider, base.path(), base.protocols(), options(base));
    }

    private void installLayer(Level layer) throws IOException {
        int flags = layer.handsOutIfs() ? ServiceFlag.XP1_IFS_HANDLES : 0;
        String name = layer.name() + " " + catalog.wscEnumProtocols().size();
        catalog.wscInstallProviderAndChains(
                UUID.randomUUID(), layer.path(), name, flags, topmost(), options(layer));
    }

    private List<WsaProtocolInfo> topmost() throws WinsockException {
        Map<List<Integer>, WsaProtocolInfo> topmost = new LinkedHashMap<>();
        for (WsaProtocolInfo entry : catalog.wscEnumProtocols()) {
            if (!entry.protocolChain().isLayer()) {
                topmost.putIfAbsent(List.of(entry.addressFamily(), entry.socketType(), entry.protocol()), entry);
            }
        }
        return List.copyOf(topmost.values());
    }

    private Map<String, String> options(Level level) throws IOException {
        Map<String, String> options = new LinkedHashMap<>();
        for (Map.Entry<String, String> option : level.declaration().options().entrySet()) {
            options.put(option.getKey(), withFile(option.getValue()));
        }
        return options;
    }

    private String withFile(String value) throws IOException {
        if (!value.contains(FILE)) {
            return value;
        }
        Path file = Files.createTempFile("ws2j-conformance-", null);
        files.add(file);
        return value.replace(FILE, file.toString());
    }

    /** Deletes the files. */
    @Override
    public void close() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
