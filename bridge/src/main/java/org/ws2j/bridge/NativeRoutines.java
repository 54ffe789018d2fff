package org.ws2j.bridge;

import java.lang.ref.Reference;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/** Functions of C that Java calls back. */
final class NativeRoutines {
    private NativeRoutines() {}

    /** Refuses what cannot be the address of a function. */
    static void checkFunction(long address) throws WinsockException {
        if (!Memory.isPointer(address, 1)) {
            throw new WinsockException(WsaError.WSAEFAULT, "not a function: 0x" + Long.toHexString(address));
        }
    }

    /**
     * Makes a completion routine of a function of C.
     *
     * @param session the host
     * @param address the function; 0 for none
     * @return the routine; null for none
     * @throws WinsockException {@code WSAEFAULT} for what cannot be a function
     */
    static WsaCompletionRoutine completion(Session session, long address) throws WinsockException {
        if (address == 0) {
            return null;
        }
        checkFunction(address);
        return new Completion(session, address);
    }

    /** A completion routine in C. */
    record Completion(Session session, long address) implements WsaCompletionRoutine {
        @Override
        public void completed(int error, int bytesTransferred, WsaOverlapped overlapped, int flags) {
            try {
                Downcalls.run(Memory.function(address), error, bytesTransferred, session.address(overlapped), flags);
            } finally {
                Reference.reachabilityFence(overlapped);
            }
        }
    }
}
