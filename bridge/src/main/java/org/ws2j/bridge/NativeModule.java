package org.ws2j.bridge;

import java.util.List;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** The module in a shared library. */
final class NativeModule implements TransportModule {
    private final NativeLibrary library;
    private final String name;
    private final List<WsaProtocolInfo> protocols;

    NativeModule(NativeLibrary library, String name) throws WinsockException {
        this.library = library;
        this.name = name;
        protocols = List.copyOf(library.protocols());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<WsaProtocolInfo> protocols() {
        return protocols;
    }

    @Override
    public TransportProvider load(HostServices services) {
        return new NativeProvider(library, NativeLibraries.known().session(services), services);
    }
}
