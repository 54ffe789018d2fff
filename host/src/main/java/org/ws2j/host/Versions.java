package org.ws2j.host;

import java.util.List;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;

/** The versions of Windows Sockets that a client can negotiate. */
final class Versions {
    private static final List<WinsockVersion> HIGHEST_FIRST = List.of(
            WinsockVersion.V2_2,
            new WinsockVersion(2, 1),
            new WinsockVersion(2, 0),
            WinsockVersion.V1_1,
            new WinsockVersion(1, 0));

    private Versions() {}

    /** The highest version that is not above the one requested. */
    static WinsockVersion negotiate(WinsockVersion requested) throws WinsockException {
        for (WinsockVersion version : HIGHEST_FIRST) {
            if (version.compareTo(requested) <= 0) {
                return version;
            }
        }
        throw new WinsockException(
                WsaError.WSAVERNOTSUPPORTED, "the lowest version supported is 1.0, requested was " + requested);
    }
}
