package org.ws2j.provider.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * The buffers of one transfer: duplicates, because the caller's positions are not ours to move, not for a moment.
 *
 * <p>A duplicate is kept for the next transfer that uses the same buffer, so that a program which uses its buffers again
 * and again pays for no object. The views' own positions are the progress of the transfer.
 */
final class BufferViews {
    private ByteBuffer[] sources = new ByteBuffer[1];
    private ByteBuffer[] views = new ByteBuffer[1];
    private int count;

    /** The view that is not used up yet. */
    private int current;

    private long remaining;
    private long markedRemaining;

    /** Captures one buffer from its position to its limit. */
    void set(ByteBuffer buffer, boolean written) throws WinsockException {
        begin();
        capture(0, buffer, written);
        count = 1;
    }

    /** Captures several. */
    void set(ByteBuffer[] buffers, int offset, int number, boolean written) throws WinsockException {
        if (number < 1) {
            throw new WinsockException(WsaError.WSAEINVAL, "no buffers");
        }
        if (buffers == null || offset < 0 || offset > buffers.length - number) {
            throw new WinsockException(WsaError.WSAEFAULT, "the array has not that many buffers");
        }
        begin();
        if (views.length < number) {
            sources = Arrays.copyOf(sources, number);
            views = Arrays.copyOf(views, number);
        }
        for (int i = 0; i < number; i++) {
            capture(i, buffers[offset + i], written);
        }
        count = number;
    }

    private void begin() {
        count = 0;
        current = 0;
        remaining = 0;
    }

    private void capture(int index, ByteBuffer buffer, boolean written) throws WinsockException {
        if (buffer == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "buffer " + index + " is null");
        }
        if (written && buffer.isReadOnly()) {
            throw new WinsockException(WsaError.WSAEFAULT, "buffer " + index + " is read-only");
        }
        if (sources[index] != buffer) {
            sources[index] = buffer;
            views[index] = buffer.duplicate();
        }
        int position = buffer.position();
        views[index].clear().limit(buffer.limit()).position(position);
        remaining += views[index].remaining();
    }

    /** {@return how many bytes are left, in all buffers} */
    long remaining() {
        return remaining;
    }

    /** Puts bytes of an array into the views, as far as they have room. {@return how many} */
    int put(byte[] from, int offset, int length) {
        int moved = 0;
        while (moved < length && remaining > 0) {
            ByteBuffer view = view();
            int n = Math.min(view.remaining(), length - moved);
            view.put(from, offset + moved, n);
            moved += n;
            remaining -= n;
        }
        return moved;
    }

    /** Takes bytes out of the views into an array. {@return how many} */
    int get(byte[] to, int offset, int length) {
        int moved = 0;
        while (moved < length && remaining > 0) {
            ByteBuffer view = view();
            int n = Math.min(view.remaining(), length - moved);
            view.get(to, offset + moved, n);
            moved += n;
            remaining -= n;
        }
        return moved;
    }

    /** Moves bytes from these views into others, as far as both go. {@return how many} */
    long moveTo(BufferViews others) {
        long moved = 0;
        while (remaining > 0 && others.remaining > 0) {
            ByteBuffer from = view();
            ByteBuffer to = others.view();
            int n = Math.min(from.remaining(), to.remaining());
            int limit = from.limit();
            to.put(from.limit(from.position() + n));
            from.limit(limit);
            remaining -= n;
            others.remaining -= n;
            moved += n;
        }
        return moved;
    }

    /** Remembers where the views are, for {@link #rewind}. */
    void mark() {
        for (int i = 0; i < count; i++) {
            views[i].mark();
        }
        markedRemaining = remaining;
    }

    /** Goes back to the mark; what was taken since can be taken again. */
    void rewind() {
        for (int i = 0; i < count; i++) {
            views[i].reset();
        }
        current = 0;
        remaining = markedRemaining;
    }

    /** {@return the view that the next byte belongs to; there is one} */
    private ByteBuffer view() {
        while (!views[current].hasRemaining()) {
            current++;
        }
        return views[current];
    }

    /** Forgets the captured buffers where keeping them would keep many. */
    void release() {
        if (count > 1) {
            Arrays.fill(sources, null);
            Arrays.fill(views, null);
        }
        begin();
    }
}
