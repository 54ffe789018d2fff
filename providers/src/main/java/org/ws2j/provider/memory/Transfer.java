package org.ws2j.provider.memory;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.provider.base.BufferViews;
import org.ws2j.provider.base.OverlappedCall;
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
final class Transfer extends OverlappedCall {
    final MemorySocket socket;
    final boolean sending;
    final BufferViews buffers = new BufferViews();

    /** The handle that it was started with. */
    Descriptor descriptor;

    /** Where a receive tells its flags and source; null if that is not wanted. */
    ReceiveResult result;

    /** Where a datagram goes; null for the default peer. */
    InetSocketAddress to;

    /** MSG_PEEK: takes nothing. */
    boolean peeks;

    /** MSG_WAITALL: goes on until the buffers are full. */
    boolean wantsAll;

    /** MSG_OOB: sends or receives urgent data. */
    boolean urgent;
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
        take(block, completionRoutine, thread);
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

    /** {@return whether a thread waits in it that has called with a handle} */
    boolean waitsFor(Descriptor handle) {
        return parked != null && descriptor == handle;
    }

    /** {@return whether bytes can be moved into it past those that are queued} */
    boolean takesDirectly() {
        return !peeks && buffers.remaining() > 0;
    }

    @Override
    protected void giveBack() {
        socket.giveBack(this);
    }

    /** Makes it fit for another transfer; the views stay for the sake of their buffers. */
    void clear() {
        clearCall();
        buffers.release();
        descriptor = null;
        result = null;
        to = null;
        peeks = false;
        wantsAll = false;
        urgent = false;
        drains = false;
        alwaysWaits = false;
        parked = null;
        starting = false;
        finished = false;
        over = false;
        next = null;
    }
}
