package org.ws2j.layer;

import java.nio.ByteBuffer;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

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

    /** A synchronous receive into one buffer. */
    @FunctionalInterface
    interface Receive {
        long receive() throws WinsockException;
    }

    /** Scatters what a synchronous receive brings, also if a datagram was longer than the buffers, and hands its result on. */
    static long scattered(Receive call, ByteBuffer one, ByteBuffer[] targets) throws WinsockException {
        try {
            long result = call.receive();
            if (result > 0) {
                scatter(one, (int) result, targets);
            }
            return result;
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAEMSGSIZE)) {
                scatter(one, one.capacity(), targets);
            }
            throw e;
        }
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
