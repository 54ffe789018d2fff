package org.ws2j.provider.base;

import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/**
 * What of a call makes it overlapped, and how it came out. A synchronous one has no block. The provider's own kind of call
 * extends it, and says whose the fields are at which time.
 */
public abstract class OverlappedCall {
    /** The block; null for a synchronous call. */
    public WsaOverlapped overlapped;

    /** Who is told on the thread that has called; null for nobody. */
    public WsaCompletionRoutine routine;

    /** The thread that has called. */
    public WsaThreadId threadId;

    /** How many bytes have been moved so far. */
    public long transferred;

    /** Why it failed; null as long as it did not. */
    public WinsockException failure;

    /** Makes one without a block. */
    protected OverlappedCall() {}

    /** Its outcome was taken: it can be used for another call. */
    protected abstract void giveBack();

    /** {@return whether it has a block} */
    public final boolean isOverlapped() {
        return overlapped != null;
    }

    /** {@return the Winsock code of the outcome, 0 for success} */
    public final int error() {
        return failure == null ? 0 : failure.code();
    }

    /**
     * Takes the parameters of an overlapped call. A routine without a block is none.
     *
     * @param block the block; null for a synchronous call
     * @param completionRoutine the routine; null for none
     * @param thread the thread that calls
     */
    protected final void take(WsaOverlapped block, WsaCompletionRoutine completionRoutine, WsaThreadId thread) {
        overlapped = block;
        routine = block == null ? null : completionRoutine;
        threadId = thread;
    }

    /**
     * Puts the block into the state of an operation that is under way.
     *
     * @param upcalls resets the event
     * @throws WinsockException as wpuResetEvent, for an event that is none
     */
    public final void begin(Upcalls upcalls) throws WinsockException {
        if (routine == null && overlapped.hEvent() != null) {
            upcalls.wpuResetEvent(overlapped.hEvent().untagged());
        }
        overlapped.internalHigh(0);
        overlapped.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
    }

    /**
     * Makes the block tell of an operation that came to nothing, without an indication.
     *
     * @param error the Winsock code
     */
    public final void abandon(int error) {
        abandon(overlapped, error);
    }

    /**
     * The same for a block whose operation is known no more.
     *
     * @param overlapped the block
     * @param error the Winsock code
     */
    public static void abandon(WsaOverlapped overlapped, int error) {
        overlapped.internalHigh(0);
        overlapped.offset(0);
        overlapped.offsetHigh(error);
        overlapped.internal(error);
    }

    /**
     * The same for a block whose indication the last clean-up has overtaken.
     *
     * @param overlapped the block
     */
    public static void abandonAtCleanUp(WsaOverlapped overlapped) {
        abandon(overlapped, WsaError.WSA_OPERATION_ABORTED.code());
    }

    /** Forgets all of it. */
    protected final void clearCall() {
        overlapped = null;
        routine = null;
        threadId = null;
        transferred = 0;
        failure = null;
    }
}
