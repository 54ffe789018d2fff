package org.ws2j.host.handle;

import org.ws2j.spi.WspProcTable;

/** The started provider that serves a socket: whose functions the host calls with its handle. */
public interface HandleOwner {
    /** {@return the provider's functions; null as long as it is being started} */
    WspProcTable procTable();

    /** {@return a name for people} */
    String name();
}
