package org.ws2j.provider.memory;

import java.util.List;
import java.util.Objects;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * The module of the base provider whose network lies inside the process: {@code builtin:memory}.
 *
 * <p>Its sockets are streams and datagrams with IPv4 and IPv6 addresses of a network that has nothing to do with the
 * operating system's: every address can be bound, every port is free at first. They are not handles of the file system.
 * The default catalog does not contain it; it is installed like any other provider.
 *
 * <p>Each host that loads the module has a network of its own, unless they are given one to share.
 */
public final class MemoryModule implements TransportModule {
    /** Null to make one for each host. */
    private final MemoryNetwork shared;

    /** Makes the module with a network for each host that loads it; the form that service loading uses. */
    public MemoryModule() {
        this.shared = null;
    }

    /**
     * Makes the module over one network, for all hosts that load it.
     *
     * @param shared the network; never null
     */
    public MemoryModule(MemoryNetwork shared) {
        this.shared = Objects.requireNonNull(shared, "shared");
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<WsaProtocolInfo> protocols() {
        return MemoryProtocols.ENTRIES;
    }

    @Override
    public TransportProvider load(HostServices services) {
        Objects.requireNonNull(services, "services");
        return new MemoryProvider(services, shared == null ? new MemoryNetwork() : shared);
    }
}
