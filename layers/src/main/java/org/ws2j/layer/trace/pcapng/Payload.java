package org.ws2j.layer.trace.pcapng;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A cursor over the bytes of one call, in one buffer or scattered over many.
 *
 * <p>Reads by absolute index, so positions and limits of the caller's buffers stay as they are and several threads may
 * read one buffer. Reused from call to call under the file's lock.
 */
final class Payload {

    private final ByteBuffer[] single = new ByteBuffer[1];
    private ByteBuffer[] sources = single;
    private int current;
    private int offset;
    private long remaining;

    /** Points the cursor at a region of one buffer. */
    Payload of(ByteBuffer source, int offset, int length) {
        single[0] = source;
        this.sources = single;
        this.current = 0;
        this.offset = offset;
        this.remaining = length;
        return this;
    }

    /** Points the cursor at the first {@code length} remaining bytes of several buffers. */
    Payload of(ByteBuffer[] sources, long length) {
        this.sources = sources;
        this.current = 0;
        this.offset = sources.length == 0 ? 0 : sources[0].position();
        this.remaining = length;
        return this;
    }

    /** Lets go of the caller's buffers. */
    void clear() {
        single[0] = null;
        sources = single;
        remaining = 0;
    }

    long remaining() {
        return remaining;
    }

    /** Copies the next {@code length} bytes to the target's position and advances both. */
    void copyTo(ByteBuffer target, int length) {
        int missing = length;
        while (missing > 0) {
            ByteBuffer source = sources[current];
            int count = Math.min(missing, source.limit() - offset);
            target.put(target.position(), source, offset, count);
            target.position(target.position() + count);
            missing -= count;
            offset += count;
            if (missing > 0) {
                current++;
                offset = sources[current].position();
            }
        }
        remaining -= length;
    }

    /**
     * Checks a region before any lock is taken.
     *
     * @throws IndexOutOfBoundsException if the region exceeds the buffer's limit
     */
    static void check(ByteBuffer source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.limit());
    }

    /**
     * Checks a scattered region before any lock is taken.
     *
     * @throws IndexOutOfBoundsException if the buffers hold fewer than {@code length} bytes, or it is negative
     */
    static void check(ByteBuffer[] sources, long length) {
        long available = 0;
        for (ByteBuffer source : sources) {
            available += source.remaining();
        }
        Objects.checkFromIndexSize(0, length, available);
    }
}
