package org.ws2j.host.catalog;

import org.ws2j.spi.WsaProtocolInfo;

/** Which protocol numbers an entry stands for: iProtocol to iProtocol + iProtocolMaxOffset, both included. */
final class ProtocolFilter {
    private ProtocolFilter() {}

    static boolean accepts(WsaProtocolInfo info, int... protocols) {
        if (protocols == null || protocols.length == 0) {
            return true;
        }
        for (int protocol : protocols) {
            if (inRange(info, protocol)) {
                return true;
            }
        }
        return false;
    }

    static boolean inRange(WsaProtocolInfo info, int protocol) {
        // In long: a range may reach up to the largest int.
        return protocol >= info.protocol() && protocol <= (long) info.protocol() + info.protocolMaxOffset();
    }
}
