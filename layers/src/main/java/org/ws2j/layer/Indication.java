package org.ws2j.layer;

import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/** What a client is told of the end of an operation, and how. */
record Indication(
        LayeredSocket socket,
        WsaOverlapped overlapped,
        WsaCompletionRoutine routine,
        WsaThreadId thread,
        boolean isOwnThread,
        int error,
        int bytes,
        int flags) {

    /** The value of Internal for an error: any but the one that means "under way". */
    static long status(int error) {
        return error == WsaOverlapped.WSS_OPERATION_IN_PROGRESS ? -error : error;
    }

    /** Where WSPGetOverlappedResult looks. */
    void storeFlagsAndError() {
        overlapped.offset(flags);
        overlapped.offsetHigh(error);
    }

    /** What WPUCompleteOverlappedRequest would store. */
    void storeBytesAndStatus() {
        overlapped.internalHigh(bytes);
        overlapped.internal(status(error));
    }

    /** The last clean-up indicates nothing; but who has no event and no packet, and learns by the sink, learns still. */
    void end() {
        storeBytesAndStatus();
        CompletionSink sink = overlapped.sink();
        if (sink != null) {
            sink.completed(overlapped, error, bytes);
        }
    }

    RoutineCall call() {
        return new RoutineCall(socket, routine, overlapped, error, bytes, flags);
    }
}
