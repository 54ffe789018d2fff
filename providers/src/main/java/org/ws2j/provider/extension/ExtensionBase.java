package org.ws2j.provider.extension;

import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WspProcTable;

/** A started base provider, as its extension functions see it. */
public interface ExtensionBase {
    /** {@return the services of the host} */
    HostServices services();

    /** {@return the upcalls of the host} */
    Upcalls upcalls();

    /** {@return the provider's own functions} */
    WspProcTable table();

    /** {@return whether the last clean-up has begun: nothing is indicated any more} */
    boolean isDown();

    /**
     * Finds a socket.
     *
     * @param s the handle
     * @return the socket, with this handle
     * @throws WinsockException {@code WSAENOTSOCK} for what is not an open socket of the provider
     */
    ExtensionSocket socket(SocketHandle s) throws WinsockException;
}
