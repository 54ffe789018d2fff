package org.ws2j.provider.tcpip;

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

    /** Captures one buffer from its position to its limit. */
    void set(ByteBuffer buffer, boolean written) throws WinsockException {
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
        if (views.length < number) {
            sources = Arrays.copyOf(sources, number);
            views = Arrays.copyOf(views, number);
        }
        for (int i = 0; i < number; i++) {
            capture(i, buffers[offset + i], written);
        }
        count = number;
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
    }

    /** {@return how many bytes are left, in all buffers} */
    long remaining() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += views[i].remaining();
        }
        return sum;
    }

    boolean isSingle() {
        return count == 1;
    }

    /** {@return the view of the one buffer} */
    ByteBuffer single() {
        return views[0];
    }

    /** {@return the views; those from {@link #count()} on are of no concern} */
    ByteBuffer[] array() {
        return views;
    }

    int count() {
        return count;
    }

    /** Fills the views from another buffer, as far as both go. */
    int fillFrom(ByteBuffer from) {
        int moved = 0;
        for (int i = 0; i < count && from.hasRemaining(); i++) {
            int length = Math.min(views[i].remaining(), from.remaining());
            int limit = from.limit();
            from.limit(from.position() + length);
            views[i].put(from);
            from.limit(limit);
            moved += length;
        }
        return moved;
    }

    /** Takes the last byte that is left, from its end. {@return it, 0 to 255} */
    int takeLast() {
        int i = count - 1;
        while (!views[i].hasRemaining()) {
            i--;
        }
        int end = views[i].limit() - 1;
        int last = views[i].get(end) & 0xFF;
        views[i].limit(end);
        return last;
    }

    /** Puts all that is left in the views into another buffer, which has the room; the views stay as they are. */
    void copyTo(ByteBuffer to) {
        for (int i = 0; i < count; i++) {
            int position = views[i].position();
            to.put(views[i]);
            views[i].position(position);
        }
    }
}
