package org.ws2j.provider.tcpip;

import org.ws2j.provider.extension.ExtensionBase;
import org.ws2j.provider.extension.ExtensionSocket;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WspProcTable;

/** The provider as its extension functions see it. */
record TcpIpExtensions(Network network) implements ExtensionBase {
    @Override
    public HostServices services() {
        return network.services();
    }

    @Override
    public Upcalls upcalls() {
        return network.upcalls();
    }

    @Override
    public WspProcTable table() {
        return network.table();
    }

    @Override
    public boolean isDown() {
        return network.isDown();
    }

    @Override
    public ExtensionSocket socket(SocketHandle s) throws WinsockException {
        return new TcpIpExtensionSocket(network.socket(s), s);
    }
}
