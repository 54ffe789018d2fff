package org.ws2j.provider.memory;

import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspStartup;

/** Counts start-ups: the first one makes the stack, the last clean-up ends it. */
final class MemoryProvider implements TransportProvider {
    private final HostServices services;
    private final MemoryNetwork network;

    /** Guards the fields below. */
    private final Object startLock = new Object();

    private int startups;
    private MemoryStack stack;

    MemoryProvider(HostServices services, MemoryNetwork network) {
        this.services = services;
        this.network = network;
    }

    @Override
    public WspStartup wspStartup(WinsockVersion requested, WsaProtocolInfo protocolInfo, Upcalls upcalls)
            throws WinsockException {
        if (upcalls == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no upcalls");
        }
        WspData data = WspData.negotiate(requested, "Streams and datagrams inside the process");
        synchronized (startLock) {
            if (startups == 0) {
                stack = new MemoryStack(services, upcalls, network, this);
            }
            startups++;
            return new WspStartup(data, stack.table());
        }
    }

    /** Ends one use; the stack ends outside the lock, where indications of others may be under way. */
    void cleanUp(MemoryStack ending) throws WinsockException {
        synchronized (startLock) {
            if (stack != ending) {
                throw new WinsockException(WsaError.WSANOTINITIALISED, "one clean-up too many");
            }
            startups--;
            if (startups > 0) {
                return;
            }
            stack = null;
        }
        ending.shutDown();
    }
}
