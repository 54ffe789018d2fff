package org.ws2j.agent.net;

import java.nio.ByteBuffer;

/** A buffer over a part of a caller's array. The last one is kept: most callers come with the same array again and again. */
final class ArrayView {
    /** A larger array is worth more to the collector than a small buffer to its owner. */
    private static final int MAX_KEPT = 32 * 1_024;

    /** Guarded by the lock of the caller's direction. */
    private ByteBuffer last;

    /** {@return a buffer from {@code from} on, with so many bytes remaining} */
    @SuppressWarnings("ByteBufferBackingArray") // All of them are made by wrap.
    ByteBuffer of(byte[] array, int from, int length) {
        ByteBuffer view = last;
        if (view == null || view.array() != array) {
            view = ByteBuffer.wrap(array);
            last = array.length <= MAX_KEPT ? view : null;
        }
        return view.limit(from + length).position(from);
    }
}
