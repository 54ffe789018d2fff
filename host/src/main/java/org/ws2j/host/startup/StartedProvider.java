package org.ws2j.host.startup;

import org.ws2j.host.handle.HandleOwner;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspProcTable;

/**
 * A provider that a WSPStartup has started, be it by the host or by the layer above it.
 *
 * @param path the path of its module
 * @param info the catalog entry that it was started for
 * @param data what it said of itself
 * @param procTable its functions
 */
public record StartedProvider(String path, WsaProtocolInfo info, WspData data, WspProcTable procTable)
        implements HandleOwner {
    @Override
    public String name() {
        return name(path);
    }

    static String name(String path) {
        return path.startsWith(ModuleLoader.BUILTIN) ? path.substring(ModuleLoader.BUILTIN.length()) : path;
    }
}
