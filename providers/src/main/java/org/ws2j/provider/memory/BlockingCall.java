package org.ws2j.provider.memory;

import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * A synchronous call that waits: its time limit, the thread's blocking hook, and cancelling from inside the hook.
 *
 * <p>WSPCancelBlockingCall comes from the blocked thread itself, which can run nothing but its hook; so a call is known to
 * {@link BlockingCalls} while the hook runs, and its fields belong to its thread.
 */
final class BlockingCall {
    /** How long a call waits between two runs of the hook. */
    private static final long HOOK_INTERVAL_NANOS = 4_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final MemoryStack stack;
    private final int catalogEntryId;
    private final long start;

    /** From the start; {@link Long#MAX_VALUE} for no limit. */
    private final long limitNanos;

    private boolean cancelled;

    private BlockingCall(MemoryStack stack, int catalogEntryId, long limitNanos) {
        this.stack = stack;
        this.catalogEntryId = catalogEntryId;
        this.limitNanos = limitNanos;
        this.start = limitNanos == Long.MAX_VALUE ? 0 : stack.services().clock().nanoTime();
    }

    static BlockingCall ofNanos(MemoryStack stack, int catalogEntryId, long limitNanos) {
        return new BlockingCall(stack, catalogEntryId, limitNanos);
    }

    /** For the time-out options, in which 0 is no limit. */
    static BlockingCall ofMillis(MemoryStack stack, int catalogEntryId, int timeoutMillis) {
        long nanos = timeoutMillis == 0 ? Long.MAX_VALUE : (timeoutMillis & 0xFFFFFFFFL) * NANOS_PER_MILLI;
        return new BlockingCall(stack, catalogEntryId, nanos);
    }

    /** {@return the nanoseconds that are left, 0 when the time is over, {@link Long#MAX_VALUE} for no limit} */
    long remaining() {
        if (limitNanos == Long.MAX_VALUE) {
            return limitNanos;
        }
        return Math.max(0, limitNanos - (stack.services().clock().nanoTime() - start));
    }

    /**
     * Goes before each wait: asks for the hook, and runs it once.
     *
     * @return how long to wait before this is asked again, in nanoseconds; {@link Long#MAX_VALUE} for no limit
     * @throws WinsockException {@code WSAEINTR} if the hook cancelled the call; {@code WSAETIMEDOUT} if the time is over
     */
    long beforeWait() throws WinsockException {
        if (remaining() == 0) {
            throw new WinsockException(WsaError.WSAETIMEDOUT, "the time-out of the call is over");
        }
        BlockingCallback hook = stack.upcalls().wpuQueryBlockingCallback(catalogEntryId);
        if (hook == null) {
            return remaining();
        }
        BlockingCall outer = stack.blockingCalls().enter(this);
        boolean goOn;
        try {
            goOn = hook.call();
        } finally {
            stack.blockingCalls().leave(outer);
        }
        if (!goOn || cancelled) {
            throw new WinsockException(WsaError.WSAEINTR, "the blocking call was cancelled");
        }
        return Math.min(remaining(), HOOK_INTERVAL_NANOS);
    }

    void cancel() {
        cancelled = true;
    }
}
