package org.ws2j.cli.demo;

import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;

/** Gives up something of a host's at the end of a block. */
@FunctionalInterface
interface Closing extends AutoCloseable {
    @Override
    void close() throws WinsockException;

    /** A TCP or UDP socket that is closed at the end of a block. */
    record Socket(Winsock winsock, SocketHandle handle) implements Closing {
        static Socket stream(Winsock winsock) throws WinsockException {
            return new Socket(
                    winsock,
                    winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP));
        }

        static Socket datagram(Winsock winsock) throws WinsockException {
            return new Socket(
                    winsock, winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP));
        }

        @Override
        public void close() throws WinsockException {
            winsock.closesocket(handle);
        }
    }
}
