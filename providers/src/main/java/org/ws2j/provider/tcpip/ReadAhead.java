package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.ws2j.provider.base.BufferViews;

/**
 * What was read from a stream ahead of its client: channels tell data from the end of the stream only by reading.
 *
 * <p>Counts as readiness everywhere, and every path that receives takes it first. Guarded by the socket's receive lock.
 */
final class ReadAhead {
    private static final int CAPACITY = 2_048;

    /** Ready to be drained; null until something is read ahead. */
    private ByteBuffer data;

    boolean isEmpty() {
        return data == null || !data.hasRemaining();
    }

    boolean hasRoom() {
        return data == null || data.remaining() < CAPACITY;
    }

    /** Reads what there is, up to the room that is left. {@return as the channel} */
    int fill(ReadableByteChannel channel) throws IOException {
        if (data == null) {
            data = ByteBuffer.allocate(CAPACITY).flip();
        }
        data.compact();
        try {
            return channel.read(data);
        } finally {
            data.flip();
        }
    }

    /** Moves what there is into the buffers of a transfer. {@return how many bytes} */
    int drain(BufferViews target) {
        return isEmpty() ? 0 : target.fillFrom(data);
    }

    /** Forgets what is there: the stream has ended. */
    void clear() {
        data = null;
    }
}
