package org.ws2j.provider.memory;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/**
 * One send or receive, synchronous or overlapped; used again for a later one of the same socket.
 *
 * <pre>
 *   taken ── start ──► queued ── data, end or failure ──► finished ── indicated, or its thread woken ──► given back
 *                        └────── time-out, cancelled ──► withdrawn ──────────────────────────────────────┘
 * </pre>
 *
 * <p>Belongs to the thread that starts it; while it is queued, to the {@link Wire}; when it is finished, to whoever delivers
 * it; with a routine, to that until it has run.
 */
final class Transfer {
    final MemorySocket socket;
    final boolean sending;
    final BufferViews buffers = new BufferViews();

    /** The handle that it was started with. */
    Descriptor descriptor;

    /** Where a receive tells its flags and source; null if that is not wanted. */
    ReceiveResult result;

    /** Where a datagram goes; null for the default peer. */
    InetSocketAddress to;

    /** The block; null for a synchronous transfer. */
    WsaOverlapped overlapped;

    WsaCompletionRoutine routine;
    WsaThreadId threadId;

    /** MSG_PEEK: takes nothing. */
    boolean peeks;

    /** MSG_WAITALL: goes on until the buffers are full. */
    boolean wantsAll;

    /** Of a send of nothing: waits for the sends before it, also where no more can be sent. */
    boolean drains;

    /** Waits although the socket is non-blocking. */
    boolean alwaysWaits;

    /** The thread of a synchronous transfer that waits in the queue; null otherwise. */
    Thread parked;

    /** While its own call tries it for the first time: that call looks at the outcome itself. */
    boolean starting;

    /** Whether it has its outcome. */
    boolean finished;

    /** Of a parked transfer: whether it was delivered, and belongs to its thread again. */
    volatile boolean over;

    long transferred;

    /** Why it failed; null as long as it did not. */
    WinsockException failure;

    /** The link in a queue, or in a list of what is finished. */
    Transfer next;

    Transfer(MemorySocket socket, boolean sending) {
        this.socket = socket;
        this.sending = sending;
    }

    /**
     * Takes the parameters of an overlapped call. A routine without a block is none. On a socket that was made without the
     * overlapped attribute the block is ignored, and the call waits, in whatever mode the socket is.
     */
    Transfer overlapped(WsaOverlapped block, WsaCompletionRoutine completionRoutine, WsaThreadId thread) {
        if (block != null && !socket.overlapped) {
            alwaysWaits = true;
            return this;
        }
        overlapped = block;
        routine = block == null ? null : completionRoutine;
        threadId = thread;
        return this;
    }

    long start(ByteBuffer buffer) throws WinsockException {
        try {
            buffers.set(buffer, !sending);
        } catch (WinsockException e) {
            socket.refuse(this);
            throw e;
        }
        return socket.start(this);
    }

    long start(ByteBuffer[] array, int offset, int count) throws WinsockException {
        try {
            buffers.set(array, offset, count, !sending);
        } catch (WinsockException e) {
            socket.refuse(this);
            throw e;
        }
        return socket.start(this);
    }

    boolean isOverlapped() {
        return overlapped != null;
    }

    /** {@return whether bytes can be moved into it past those that are queued} */
    boolean takesDirectly() {
        return !peeks && buffers.remaining() > 0;
    }

    /** {@return the Winsock code of the outcome, 0 for success} */
    int error() {
        return failure == null ? 0 : failure.code();
    }

    /** Puts the block into the state of an operation that is under way. */
    void begin() throws WinsockException {
        if (routine == null && overlapped.hEvent() != null) {
            socket.stack.upcalls().wpuResetEvent(overlapped.hEvent().untagged());
        }
        overlapped.internalHigh(0);
        overlapped.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
    }

    /** Makes the block tell of an operation that came to nothing, without an indication. */
    void abandon(int error) {
        overlapped.offset(0);
        overlapped.offsetHigh(error);
        overlapped.internal(error);
    }

    /** Makes it fit for another transfer; the views stay for the sake of their buffers. */
    void clear() {
        buffers.release();
        descriptor = null;
        result = null;
        to = null;
        overlapped = null;
        routine = null;
        threadId = null;
        peeks = false;
        wantsAll = false;
        drains = false;
        alwaysWaits = false;
        parked = null;
        starting = false;
        finished = false;
        over = false;
        transferred = 0;
        failure = null;
        next = null;
    }
}
