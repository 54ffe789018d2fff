package org.ws2j.agent.net;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/** A buffer over a part of a caller's array. The last one is kept: most callers come with the same array again and again. */
final class ArrayView {
    /** A larger array is worth more to the collector than a small buffer to its owner. */
    private static final int MAX_HELD = 32 * 1_024;

    /** Guarded by the lock of the caller's direction, as what follows. */
    private ByteBuffer small;

    /** Of a large array, until the next collection; null before the first. */
    private WeakReference<ByteBuffer> large;

    /** {@return a buffer from {@code from} on, with so many bytes remaining} */
    @SuppressWarnings("ByteBufferBackingArray") // All of them are made by wrap.
    ByteBuffer of(byte[] array, int from, int length) {
        ByteBuffer view = last(array.length);
        if (view == null || view.array() != array) {
            view = ByteBuffer.wrap(array);
            keep(view);
        }
        return view.limit(from + length).position(from);
    }

    private ByteBuffer last(int size) {
        if (size <= MAX_HELD) {
            return small;
        }
        return large == null ? null : large.get();
    }

    private void keep(ByteBuffer view) {
        if (view.capacity() <= MAX_HELD) {
            small = view;
        } else {
            large = new WeakReference<>(view);
        }
    }
}
