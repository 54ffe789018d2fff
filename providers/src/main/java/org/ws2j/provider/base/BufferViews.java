package org.ws2j.provider.base;

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
public final class BufferViews {
    private ByteBuffer[] sources = new ByteBuffer[1];
    private ByteBuffer[] views = new ByteBuffer[1];
    private int count;

    /** Makes one without a buffer. */
    public BufferViews() {}

    /**
     * Captures one buffer from its position to its limit.
     *
     * @param buffer the buffer
     * @param written whether it has to be writable
     * @throws WinsockException {@code WSAEFAULT} for null, or a buffer that is read-only and must not be
     */
    public void set(ByteBuffer buffer, boolean written) throws WinsockException {
        count = 0;
        capture(0, buffer, written);
        count = 1;
    }

    /**
     * Captures several.
     *
     * @param buffers the buffers
     * @param offset the first one that counts
     * @param number how many do
     * @param written whether they have to be writable
     * @throws WinsockException {@code WSAEINVAL} for no buffers; {@code WSAEFAULT} for fewer than the number, for null, or for a
     *     buffer that is read-only and must not be
     */
    public void set(ByteBuffer[] buffers, int offset, int number, boolean written) throws WinsockException {
        if (number < 1) {
            throw new WinsockException(WsaError.WSAEINVAL, "no buffers");
        }
        if (buffers == null || offset < 0 || offset > buffers.length - number) {
            throw new WinsockException(WsaError.WSAEFAULT, "the array has not that many buffers");
        }
        count = 0;
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
    public long remaining() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += views[i].remaining();
        }
        return sum;
    }

    /** {@return whether there is one buffer} */
    public boolean isSingle() {
        return count == 1;
    }

    /** {@return the view of the one buffer} */
    public ByteBuffer single() {
        return views[0];
    }

    /** {@return the views; those from {@link #count()} on are of no concern} */
    public ByteBuffer[] array() {
        return views;
    }

    /** {@return how many buffers there are} */
    public int count() {
        return count;
    }

    /**
     * Fills the views from another buffer, as far as both go.
     *
     * @param from the bytes, which are taken out
     * @return how many bytes
     */
    public int fillFrom(ByteBuffer from) {
        int moved = 0;
        for (int i = 0; i < count && from.hasRemaining(); i++) {
            moved += move(from, views[i]);
        }
        return moved;
    }

    /**
     * Puts all that is left in the views into another buffer; the views stay as they are.
     *
     * @param to a buffer with the room
     */
    public void copyTo(ByteBuffer to) {
        for (int i = 0; i < count; i++) {
            int position = views[i].position();
            to.put(views[i]);
            views[i].position(position);
        }
    }

    /**
     * Puts bytes of an array into the views, as far as they have room.
     *
     * @param from the array
     * @param offset the first byte
     * @param length how many bytes at most
     * @return how many bytes
     */
    public int put(byte[] from, int offset, int length) {
        int moved = 0;
        for (int i = 0; i < count && moved < length; i++) {
            int n = Math.min(views[i].remaining(), length - moved);
            views[i].put(from, offset + moved, n);
            moved += n;
        }
        return moved;
    }

    /**
     * Takes bytes out of the views into an array, as far as they have any.
     *
     * @param to the array
     * @param offset where the first byte goes
     * @param length how many bytes at most
     * @return how many bytes
     */
    public int get(byte[] to, int offset, int length) {
        int moved = 0;
        for (int i = 0; i < count && moved < length; i++) {
            int n = Math.min(views[i].remaining(), length - moved);
            views[i].get(to, offset + moved, n);
            moved += n;
        }
        return moved;
    }

    /**
     * Moves bytes from these views into others, as far as both go.
     *
     * @param others the others
     * @return how many bytes
     */
    public long moveTo(BufferViews others) {
        long moved = 0;
        for (int i = 0; i < count; i++) {
            if (views[i].hasRemaining()) {
                moved += others.fillFrom(views[i]);
            }
        }
        return moved;
    }

    private static int move(ByteBuffer from, ByteBuffer to) {
        int n = Math.min(from.remaining(), to.remaining());
        if (n > 0) {
            int limit = from.limit();
            to.put(from.limit(from.position() + n));
            from.limit(limit);
        }
        return n;
    }

    /**
     * Takes the last byte that is left, from its end; there has to be one.
     *
     * @return the byte, 0 to 255
     */
    public int takeLast() {
        int i = count - 1;
        while (!views[i].hasRemaining()) {
            i--;
        }
        int end = views[i].limit() - 1;
        int last = views[i].get(end) & 0xFF;
        views[i].limit(end);
        return last;
    }

    /** Remembers where the views are, for {@link #rewind}. */
    public void mark() {
        for (int i = 0; i < count; i++) {
            views[i].mark();
        }
    }

    /** Goes back to the mark; what was taken since can be taken again. */
    public void rewind() {
        for (int i = 0; i < count; i++) {
            views[i].reset();
        }
    }

    /** Forgets the captured buffers where keeping them would keep many. */
    public void release() {
        if (count > 1) {
            Arrays.fill(sources, null);
            Arrays.fill(views, null);
        }
        count = 0;
    }
}
