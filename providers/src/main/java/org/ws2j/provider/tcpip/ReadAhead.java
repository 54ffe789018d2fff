package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.ws2j.provider.base.BufferViews;

/**
 * What was read from a stream ahead of its client: channels tell data from the end of the stream only by reading, and have
 * no way to peek.
 *
 * <p>Counts as readiness everywhere, and every path that receives takes it first. Guarded by the socket's receive lock.
 */
final class ReadAhead {
    /** What is kept for looking whether there is anything; a peek has more, for as long as it lies here. */
    private static final int CAPACITY = 2_048;

    /** What a side has that has not read ahead yet: nothing ever lies here. */
    static final ReadAhead NONE = new ReadAhead();

    /** Ready to be drained; null until something is read ahead. */
    private ByteBuffer data;

    private ReadAhead() {}

    /** {@return what a side reads into} */
    ReadAhead own() {
        return this == NONE ? new ReadAhead() : this;
    }

    boolean isEmpty() {
        return data == null || !data.hasRemaining();
    }

    boolean hasRoom() {
        return remaining() < CAPACITY;
    }

    /** {@return how many bytes lie here} */
    int remaining() {
        return data == null ? 0 : data.remaining();
    }

    /** Makes room for a number of bytes, those that lie here already included. */
    void reserve(int wanted) {
        if (data == null || data.capacity() < wanted) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(wanted, CAPACITY));
            if (data != null) {
                larger.put(data);
            }
            data = larger.flip();
        }
    }

    /** Reads what there is, up to the room that is left. {@return as the channel} */
    int fill(ReadableByteChannel channel) throws IOException {
        reserve(CAPACITY);
        data.compact();
        try {
            return channel.read(data);
        } finally {
            data.flip();
        }
    }

    /** Moves what there is into the buffers of a transfer. {@return how many bytes} */
    int drain(BufferViews target) {
        if (isEmpty()) {
            return 0;
        }
        int moved = target.fillFrom(data);
        if (!data.hasRemaining() && data.capacity() > CAPACITY) {
            data = null;
        }
        return moved;
    }

    /** Copies what there is into the buffers of a transfer. {@return how many bytes} */
    int peek(BufferViews target) {
        return isEmpty() ? 0 : target.fillFrom(data.duplicate());
    }
}
