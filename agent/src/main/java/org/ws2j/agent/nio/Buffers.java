package org.ws2j.agent.nio;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Arrays of buffers, as the JDK's channels take them. */
final class Buffers {
    private Buffers() {}

    /** {@return the part of an array that is meant; the array itself where that is all of it} */
    static ByteBuffer[] part(ByteBuffer[] buffers, int offset, int length) {
        return offset == 0 && length == buffers.length ? buffers : Arrays.copyOfRange(buffers, offset, offset + length);
    }

    /** Looks at all of them: a null among them is noticed before anything is transferred. */
    static boolean hasRemaining(ByteBuffer[] buffers) {
        boolean some = false;
        for (ByteBuffer buffer : buffers) {
            some |= buffer.hasRemaining();
        }
        return some;
    }

    static void checkWritable(ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    static void checkWritable(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            checkWritable(buffer);
        }
    }

    /** Counts every buffer as full, as after a datagram that was longer. */
    static long fill(ByteBuffer[] buffers) {
        long n = 0;
        for (ByteBuffer buffer : buffers) {
            n += buffer.remaining();
            buffer.position(buffer.limit());
        }
        return n;
    }
}
