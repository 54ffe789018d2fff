package org.ws2j.provider.memory;

import org.ws2j.provider.base.BufferViews;

/**
 * Bytes on their way: a ring that grows as far as its owner lets it, and takes no memory before the first byte. Guarded by
 * the owner's {@link Wire}.
 */
final class ByteRing {
    private static final int SMALLEST = 256;
    private static final byte[] NONE = new byte[0];

    private byte[] bytes = NONE;
    private int head;
    private int size;
    private long taken;

    /** {@return how many bytes have been taken or skipped since the beginning} */
    long taken() {
        return taken;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Takes bytes out of views, up to a number. {@return how many} */
    int put(BufferViews from, int most) {
        int n = (int) Math.min(from.remaining(), most);
        if (n <= 0) {
            return 0;
        }
        makeRoom(n);
        int tail = (head + size) & (bytes.length - 1);
        int first = Math.min(n, bytes.length - tail);
        from.get(bytes, tail, first);
        from.get(bytes, 0, n - first);
        size += n;
        return n;
    }

    /** Copies the first bytes into views, up to a number; they stay. {@return how many} */
    int peek(BufferViews to, int most) {
        int n = (int) Math.min(to.remaining(), Math.min(most, size));
        int first = Math.min(n, bytes.length - head);
        to.put(bytes, head, first);
        to.put(bytes, 0, n - first);
        return n;
    }

    /** Moves the first bytes into views, up to a number. {@return how many} */
    int take(BufferViews to, int most) {
        int n = peek(to, most);
        skip(n);
        return n;
    }

    /** Drops the first bytes, of which there are that many. */
    void skip(int n) {
        size -= n;
        taken += n;
        head = size == 0 ? 0 : (head + n) & (bytes.length - 1);
    }

    void clear() {
        bytes = NONE;
        head = 0;
        size = 0;
    }

    /** The length stays a power of two. */
    private void makeRoom(int more) {
        if (size + more <= bytes.length) {
            return;
        }
        byte[] grown = new byte[Math.max(SMALLEST, Integer.highestOneBit(size + more - 1) << 1)];
        int first = Math.min(size, bytes.length - head);
        System.arraycopy(bytes, head, grown, 0, first);
        System.arraycopy(bytes, 0, grown, first, size - first);
        bytes = grown;
        head = 0;
    }
}
