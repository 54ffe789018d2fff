package org.ws2j.host.catalog;

import java.util.UUID;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The failures that several calls of the catalog have in common. */
final class Refusal {
    private Refusal() {}

    static void ofNull(Object value, String what) throws WinsockException {
        if (value == null) {
            throw new WinsockException(WsaError.WSAEFAULT, what + " is null");
        }
    }

    static WinsockException invalid(String detail) {
        return new WinsockException(WsaError.WSAEINVAL, detail);
    }

    static WinsockException noRecovery(String detail) {
        return new WinsockException(WsaError.WSANO_RECOVERY, detail);
    }

    static WinsockException unknownProvider(UUID providerId) {
        return invalid("no provider " + providerId + " is installed");
    }

    static WinsockException unknownEntry(int catalogEntryId) {
        return invalid("the catalog has no entry " + catalogEntryId);
    }
}
