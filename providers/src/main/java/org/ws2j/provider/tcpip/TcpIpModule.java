package org.ws2j.provider.tcpip;

import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Objects;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * The module of the base provider over the operating system's own TCP and UDP, IPv4 and IPv6: {@code builtin:tcpip}.
 *
 * <p>Its sockets are handles of the file system. Everything it does to the system goes through one
 * {@link SelectorProvider}, the transport.
 */
public final class TcpIpModule implements TransportModule {
    private final SelectorProvider transport;
    private final ChannelWaits waits;

    /** Makes the module over the JDK's own channels; the form that service loading uses. */
    public TcpIpModule() {
        this(SelectorProvider.provider());
    }

    /**
     * Makes the module over given channels.
     *
     * @param transport opens every channel and selector that the provider uses; never null
     */
    public TcpIpModule(SelectorProvider transport) {
        this.transport = Objects.requireNonNull(transport, "transport");
        this.waits = null;
    }

    /**
     * Makes the module over given channels that can be waited for without a selector.
     *
     * @param transport opens every channel and selector that the provider uses; never null
     * @param waits how threads wait in a call for one channel; never null
     */
    public TcpIpModule(SelectorProvider transport, ChannelWaits waits) {
        this.transport = Objects.requireNonNull(transport, "transport");
        this.waits = Objects.requireNonNull(waits, "waits");
    }

    @Override
    public String name() {
        return "tcpip";
    }

    @Override
    public List<WsaProtocolInfo> protocols() {
        return TcpIpProtocols.ENTRIES;
    }

    @Override
    public TransportProvider load(HostServices services) {
        return new TcpIpProvider(Objects.requireNonNull(services, "services"), transport, waits);
    }
}
