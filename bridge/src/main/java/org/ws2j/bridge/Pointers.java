package org.ws2j.bridge;

import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Checks of what C hands over. */
final class Pointers {
    private Pointers() {}

    /** {@return the pointer}; {@code WSAEFAULT} for one that cannot be. */
    static long required(long address, int alignment) throws WinsockException {
        if (!Memory.isPointer(address, alignment)) {
            throw bad(address);
        }
        return address;
    }

    /** {@return the pointer}, which may be null. */
    static long optional(long address, int alignment) throws WinsockException {
        return address == 0 ? 0 : required(address, alignment);
    }

    /** {@return the start of a range}; {@code WSAEFAULT} for one that cannot be. */
    static long range(long address, long bytes) throws WinsockException {
        if (!Memory.isRange(address, bytes)) {
            throw bad(address);
        }
        return address;
    }

    static WinsockException bad(long address) {
        return new WinsockException(WsaError.WSAEFAULT, "not a pointer: 0x" + Long.toHexString(address));
    }
}
