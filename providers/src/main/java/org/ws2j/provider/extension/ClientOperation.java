package org.ws2j.provider.extension;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.ws2j.provider.base.OverlappedCall;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/**
 * An overlapped operation as its client sees it: one block, and one indication.
 *
 * <pre>
 *   begin ──► STARTING ── started ──► PENDING ── finish ──► indicated by who finishes it
 *                │
 *                └─ finish ──► OVER ── started ──► indicated by the call, which then returns the outcome
 *                └─ fail ────► OVER ── started ──► thrown by the call, and not indicated
 * </pre>
 *
 * <p>So the call knows for certain whether the operation is over at once, whichever thread has ended it.
 */
public abstract class ClientOperation {
    private enum Phase {
        STARTING, PENDING, OVER
    }

    private final Extensions extensions;
    private final ExtensionSocket socket;
    private final WsaOverlapped block;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);
    private final AtomicBoolean ended = new AtomicBoolean();

    /** The outcome; written once, before the phase tells of it. */
    private WinsockException failure;

    private long transferred;

    /** Whether the failure is one of the call, if the call is still there to have it. */
    private boolean ofCall;

    /** An operation whose end is indicated on a handle. */
    ClientOperation(Extensions extensions, ExtensionSocket socket, WsaOverlapped block) {
        this.extensions = extensions;
        this.socket = socket;
        this.block = block;
    }

    final Extensions extensions() {
        return extensions;
    }

    final ExtensionSocket socket() {
        return socket;
    }

    final WsaOverlapped block() {
        return block;
    }

    /** Puts the block into the state of an operation that is under way. */
    final void begin() throws WinsockException {
        socket.retain();
        boolean begun = false;
        try {
            if (block.hEvent() != null) {
                extensions.base().upcalls().wpuResetEvent(block.hEvent().untagged());
            }
            block.internalHigh(0);
            block.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
            extensions.add(this);
            begun = true;
        } finally {
            if (!begun) {
                socket.release();
            }
        }
    }

    /** The operation has come to its end. */
    final void finish(WinsockException why, long bytes) {
        end(why, bytes, false);
    }

    /** The operation has failed before it had any effect. */
    final void fail(WinsockException why) {
        end(why, 0, true);
    }

    private void end(WinsockException why, long bytes, boolean callFails) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        failure = why;
        transferred = bytes;
        ofCall = callFails;
        over();
        if (!phase.compareAndSet(Phase.STARTING, Phase.OVER)) {
            conclude(false);
        }
    }

    /**
     * The call has done its part.
     *
     * @return what it returns
     */
    final long started() throws WinsockException {
        if (phase.compareAndSet(Phase.STARTING, Phase.PENDING)) {
            return WspResult.IO_PENDING;
        }
        if (failure != null && ofCall) {
            extensions.remove(this);
            OverlappedCall.abandon(block, failure.code());
            socket.release();
            throw failure;
        }
        conclude(true);
        return failure == null ? transferred : WspResult.IO_PENDING;
    }

    /** Gives the indication; no lock is held. */
    private void conclude(boolean atOnce) {
        extensions.remove(this);
        int bytes = (int) transferred;
        try {
            if (extensions.base().isDown()) {
                OverlappedCall.abandonAtCleanUp(block);
                return;
            }
            int error = error();
            block.offset(flags());
            block.offsetHigh(error);
            if (atOnce && error == 0) {
                socket.indicateAtOnce(block, bytes);
            } else {
                socket.indicate(block, error, bytes);
            }
        } catch (WinsockException e) {
            if (extensions.base().isDown()) { // Since the look above.
                OverlappedCall.abandonAtCleanUp(block);
            } else {
                extensions.base().services().report("completing a request of " + socket.handle(), e);
            }
        } finally {
            socket.release();
        }
    }

    /** A part of it finds no socket if that was closed since the operation began: which is what aborts it. */
    private int error() {
        if (failure == null) {
            return 0;
        }
        return failure.is(WsaError.WSAENOTSOCK) ? WsaError.WSA_OPERATION_ABORTED.code() : failure.code();
    }

    /** The outcome is known, and not indicated yet. */
    void over() {
        // Nothing in most cases.
    }

    /** {@return the flags of the outcome} */
    int flags() {
        return 0;
    }

    /** The last clean-up ends it without an indication. */
    final void cleanUp() {
        if (ended.compareAndSet(false, true)) {
            OverlappedCall.abandonAtCleanUp(block);
        }
    }

    /** {@return the failure that an error of a part of the operation is; null for none} */
    static WinsockException failure(int error) {
        return error == 0 ? null : new WinsockException(error, null, null);
    }
}
