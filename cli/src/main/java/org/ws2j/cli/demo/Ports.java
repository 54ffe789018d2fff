package org.ws2j.cli.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.ws2j.host.Winsock;
import org.ws2j.spi.SocketHandle;

/** Asks sockets for their ports. */
final class Ports {
    private Ports() {}

    static int localPort(Winsock winsock, SocketHandle s) throws IOException {
        SocketAddress name = winsock.getsockname(s);
        if (name instanceof InetSocketAddress inet) {
            return inet.getPort();
        }
        throw new IOException("a socket of the Internet family has the address " + name);
    }
}
