package org.ws2j.layer;

import java.nio.ByteBuffer;
import org.ws2j.spi.WinsockException;

/** Several buffers in the place of one, for a layer that has changed the functions for one buffer alone. */
final class OneBuffer {
    private OneBuffer() {}

    /** Copies what is to be sent from several buffers into one. */
    static ByteBuffer gather(ByteBuffer[] buffers, int offset, int count) throws WinsockException {
        ByteBuffer[] sources = Transfer.duplicates(buffers, offset, count);
        ByteBuffer one = ByteBuffer.allocate(Transfer.total(sources));
        for (ByteBuffer source : sources) {
            one.put(source);
        }
        return one.flip();
    }

    /** Makes room for what several buffers can take. */
    static ByteBuffer roomFor(ByteBuffer[] targets) throws WinsockException {
        return ByteBuffer.allocate(Transfer.total(targets));
    }

    /** Scatters what a synchronous receive has brought, and hands its result on. */
    static long scattered(long result, ByteBuffer one, ByteBuffer[] targets) {
        if (result > 0) {
            scatter(one, (int) result, targets);
        }
        return result;
    }

    /** Copies what was received into one buffer to the several that it is for; those are duplicates, and not used again. */
    static void scatter(ByteBuffer one, int bytes, ByteBuffer[] targets) {
        int index = 0;
        for (ByteBuffer target : targets) {
            int count = Math.min(bytes - index, target.remaining());
            target.put(target.position(), one, index, count);
            index += count;
        }
    }
}
