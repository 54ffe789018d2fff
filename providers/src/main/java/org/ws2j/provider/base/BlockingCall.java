package org.ws2j.provider.base;

import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * A synchronous call that waits: its time limit, the thread's blocking hook, and cancelling from inside the hook.
 *
 * <p>WSPCancelBlockingCall comes from the blocked thread itself, which can run nothing but its hook; so a call is known to
 * {@link BlockingCalls} while the hook runs, and its fields belong to its thread.
 */
public final class BlockingCall {
    /** How long a call waits between two runs of the hook. */
    private static final long HOOK_INTERVAL_NANOS = 4_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final StartedProvider provider;
    private int catalogEntryId;
    private long start;

    /** From the start; {@link Long#MAX_VALUE} for no limit. */
    private long limitNanos;

    private boolean cancelled;

    /**
     * Makes an object for calls that come one after the other; none has begun.
     *
     * @param provider where they are made
     */
    public BlockingCall(StartedProvider provider) {
        this.provider = provider;
    }

    /**
     * Begins the next call, when the one before is over.
     *
     * @param entryId the entry of the socket, whose host is asked for the hook
     * @param nanos nanoseconds from now; {@link Long#MAX_VALUE} for no limit
     * @return this
     */
    public BlockingCall begin(int entryId, long nanos) {
        catalogEntryId = entryId;
        limitNanos = nanos;
        start = nanos == Long.MAX_VALUE ? 0 : provider.services().clock().nanoTime();
        cancelled = false;
        return this;
    }

    /**
     * Begins a call with a limit.
     *
     * @param provider where it is made
     * @param catalogEntryId the entry of the socket, whose host is asked for the hook
     * @param limitNanos nanoseconds from now; {@link Long#MAX_VALUE} for no limit
     * @return the call
     */
    public static BlockingCall ofNanos(StartedProvider provider, int catalogEntryId, long limitNanos) {
        return new BlockingCall(provider).begin(catalogEntryId, limitNanos);
    }

    /**
     * Begins a call with the limit of a time-out option.
     *
     * @param provider where it is made
     * @param catalogEntryId the entry of the socket
     * @param timeoutMillis milliseconds, unsigned; 0 for no limit
     * @return the call
     */
    public static BlockingCall ofMillis(StartedProvider provider, int catalogEntryId, int timeoutMillis) {
        long nanos = timeoutMillis == 0 ? Long.MAX_VALUE : (timeoutMillis & 0xFFFFFFFFL) * NANOS_PER_MILLI;
        return new BlockingCall(provider).begin(catalogEntryId, nanos);
    }

    /** {@return the nanoseconds that are left, 0 when the time is over, {@link Long#MAX_VALUE} for no limit} */
    private long remaining() {
        if (limitNanos == Long.MAX_VALUE) {
            return limitNanos;
        }
        return Math.max(0, limitNanos - (provider.services().clock().nanoTime() - start));
    }

    /**
     * Goes before each wait of a call that fails when its time is over.
     *
     * @return as {@link #nextWait}, and more than 0
     * @throws WinsockException {@code WSAEINTR} if the hook cancelled the call; {@code WSAETIMEDOUT} if the time is over
     */
    public long beforeWait() throws WinsockException {
        long nanos = nextWait();
        if (nanos == 0) {
            throw new WinsockException(WsaError.WSAETIMEDOUT, "the time-out of the call is over");
        }
        return nanos;
    }

    /**
     * Goes before each wait: asks for the hook, and runs it once unless the time is over.
     *
     * @return how long to wait before this is asked again, in nanoseconds; 0 if the time is over, {@link Long#MAX_VALUE} for no
     *     limit
     * @throws WinsockException {@code WSAEINTR} if the hook cancelled the call
     */
    public long nextWait() throws WinsockException {
        long left = remaining();
        BlockingCallback hook = left == 0 ? null : provider.upcalls().wpuQueryBlockingCallback(catalogEntryId);
        if (hook == null) {
            return left;
        }
        BlockingCall outer = provider.blockingCalls().enter(this);
        boolean goOn;
        try {
            goOn = hook.call();
        } finally {
            provider.blockingCalls().leave(outer);
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
