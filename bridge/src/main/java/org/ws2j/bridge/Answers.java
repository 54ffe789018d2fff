package org.ws2j.bridge;

import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** What functions in C answer. */
final class Answers {
    private Answers() {}

    /** Throws the error that a cell holds, unless the call succeeded. */
    static void check(String call, int rc, long errno) throws WinsockException {
        if (rc != 0) {
            throw failure(call, errno);
        }
    }

    static WinsockException failure(String call, long errno) {
        return new WinsockException(Memory.getInt(errno), call, null);
    }

    /** {@return one of the expected outcomes}; throws any other. */
    static long outcome(String call, long errno) throws WinsockException {
        int error = Memory.getInt(errno);
        if (error == WsaError.WSAEWOULDBLOCK.code()) {
            return WspResult.WOULD_BLOCK;
        }
        if (error == WsaError.WSA_IO_INCOMPLETE.code()) {
            return WspResult.IO_INCOMPLETE;
        }
        throw failure(call, errno);
    }
}
