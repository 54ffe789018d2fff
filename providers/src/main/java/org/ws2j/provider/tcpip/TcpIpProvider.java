package org.ws2j.provider.tcpip;

import java.nio.channels.spi.SelectorProvider;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspStartup;

/** Counts start-ups: the first one makes the network, the last clean-up ends it. */
final class TcpIpProvider implements TransportProvider {
    private final HostServices services;
    private final SelectorProvider transport;
    private final ChannelWaits waits;

    /** Guards the fields below. */
    private final Object startLock = new Object();

    private int startups;
    private Network network;

    TcpIpProvider(HostServices services, SelectorProvider transport, ChannelWaits waits) {
        this.services = services;
        this.transport = transport;
        this.waits = waits;
    }

    @Override
    public WspStartup wspStartup(WinsockVersion requested, WsaProtocolInfo protocolInfo, Upcalls upcalls)
            throws WinsockException {
        if (upcalls == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no upcalls");
        }
        WspData data = WspData.negotiate(requested, "TCP and UDP of the operating system");
        synchronized (startLock) {
            if (startups == 0) {
                network = new Network(services, upcalls, transport, waits, this);
            }
            startups++;
            return new WspStartup(data, network.table());
        }
    }

    /** Ends one use; the network ends outside the lock, where indications of others may be under way. */
    void cleanUp(Network ending) throws WinsockException {
        synchronized (startLock) {
            if (network != ending) {
                throw new WinsockException(WsaError.WSANOTINITIALISED, "one clean-up too many");
            }
            startups--;
            if (startups > 0) {
                return;
            }
            network = null;
        }
        ending.shutDown();
    }
}
