package org.ws2j.bridge;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/**
 * An overlapped operation of Java that C works on.
 *
 * @param block the client's block
 * @param routine the client's completion routine, null for none
 * @param memory what C uses until the end: buffers, addresses, lengths
 * @param results takes the results out of it
 * @param isDelivered whether that was done
 */
record NativeOperation(
        WsaOverlapped block,
        WsaCompletionRoutine routine,
        NativeTransfers.OperationMemory memory,
        Results results,
        AtomicBoolean isDelivered) {

    /** Takes results out of memory. */
    @FunctionalInterface
    interface Results {
        void take(int bytes, int flags);
    }

    NativeOperation(
            WsaOverlapped block, WsaCompletionRoutine routine, NativeTransfers.OperationMemory memory,
            Results results) {
        this(block, routine, memory, results, new AtomicBoolean());
    }

    /** Gives the client what an operation that is over has received, if it has. */
    void deliver(int error, int bytes, int flags) {
        // Of a message that is too long the buffers hold the beginning.
        if (error == 0 || error == WsaError.WSAEMSGSIZE.code()) {
            deliver(bytes, flags);
        }
    }

    /**
     * Gives the client what was received; once, since the client may use its buffers again then. Whoever comes second waits for the
     * first.
     */
    void deliver(int bytes, int flags) {
        synchronized (isDelivered) {
            try {
                if (isDelivered.compareAndSet(false, true)) {
                    results.take(bytes, flags);
                }
            } finally {
                Reference.reachabilityFence(this);
            }
        }
    }
}
