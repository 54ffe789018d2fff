package org.ws2j.provider.tcpip;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.provider.base.BufferViews;
import org.ws2j.provider.base.OverlappedCall;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/**
 * One send or receive, synchronous or overlapped; used again for a later one of the same side.
 *
 * <p>Belongs to the thread that starts it; while it is queued, to its side's lock; when it is over, to whoever took it out of
 * the queue; with a routine, to that until it has run.
 */
final class Transfer extends OverlappedCall {
    final Side side;
    final BufferViews buffers = new BufferViews();

    /** The handle that it was started with; null for the file functions, which come without one. */
    SocketHandle handle;

    /** Where a receive tells its flags and source; null if that is not wanted. */
    ReceiveResult result;

    /** Whether a receive leaves what it gets. */
    boolean peeks;

    /** Whether a receive ends only with full buffers, or the end of the stream. */
    boolean wantsAll;

    /** Whether the last byte of a send is urgent. */
    boolean urgent;

    /** That byte, when it was taken out of the buffers to be sent at last; -1 before, and after it was sent. */
    int urgentByte = -1;

    /** Where a datagram goes; null for the default peer. */
    InetSocketAddress to;

    /** The thread of a synchronous transfer that waits in the queue; null otherwise. */
    Thread parked;

    /** Whether it has been in the queue: from then on it may finish what it began, also after a shutdown. */
    boolean queued;

    /** Waits although the socket is non-blocking: the file functions do. */
    boolean alwaysWaits;

    /** Of a parked transfer: whether it is over. */
    volatile boolean over;

    /** The link in a queue, a list of what is over, or the list of those that are free. */
    Transfer next;

    Transfer(Side side) {
        this.side = side;
    }

    /**
     * Takes the parameters of an overlapped call. A routine without a block is none. On a socket that was made without the
     * overlapped attribute the block is ignored, and the call waits, in whatever mode the socket is.
     */
    Transfer overlapped(WsaOverlapped block, WsaCompletionRoutine completionRoutine, WsaThreadId thread) {
        if (block != null && !side.socket.overlapped) {
            alwaysWaits = true;
            return this;
        }
        take(block, completionRoutine, thread);
        return this;
    }

    long receiveInto(ByteBuffer buffer) throws WinsockException {
        return start(buffer, true);
    }

    long receiveInto(ByteBuffer[] array, int offset, int count) throws WinsockException {
        return start(array, offset, count, true);
    }

    long send(ByteBuffer buffer) throws WinsockException {
        return start(buffer, false);
    }

    long send(ByteBuffer[] array, int offset, int count) throws WinsockException {
        return start(array, offset, count, false);
    }

    private long start(ByteBuffer buffer, boolean written) throws WinsockException {
        try {
            buffers.set(buffer, written);
        } catch (WinsockException e) {
            side.refuse(this);
            throw e;
        }
        return side.start(this);
    }

    private long start(ByteBuffer[] array, int offset, int count, boolean written) throws WinsockException {
        try {
            buffers.set(array, offset, count, written);
        } catch (WinsockException e) {
            side.refuse(this);
            throw e;
        }
        return side.start(this);
    }

    /** {@return whether a receive has room that it waits to be filled} */
    boolean wantsMore() {
        return wantsAll && buffers.remaining() > 0;
    }

    /** {@return whether it has received a part of what it waits for: the part is its result, whatever ends the wait} */
    boolean hasPart() {
        return wantsAll && transferred > 0;
    }

    /** Tells what came along with what was received. {@return how many bytes were received} */
    long received(SocketAddress from) {
        if (result != null) {
            result.flags(0);
            result.from(from);
        }
        return transferred;
    }

    @Override
    protected void giveBack() {
        side.giveBack(this);
    }

    /** Makes it fit for another transfer; the views stay for the sake of their buffers. */
    void clear() {
        clearCall();
        handle = null;
        result = null;
        peeks = false;
        wantsAll = false;
        urgent = false;
        urgentByte = -1;
        to = null;
        parked = null;
        queued = false;
        alwaysWaits = false;
        over = false;
        next = null;
    }
}
