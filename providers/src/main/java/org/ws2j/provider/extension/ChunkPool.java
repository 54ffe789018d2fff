package org.ws2j.provider.extension;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Buffers between files and sockets. A few are kept; a transmission has one at most, whatever the length of its files. */
final class ChunkPool {
    /** More than any datagram has, so that one that is too long is found to be. */
    static final int SIZE = 64 * 1_024;

    private static final int MAX_KEPT = 4;

    private final ArrayBlockingQueue<ByteBuffer> kept = new ArrayBlockingQueue<>(MAX_KEPT);

    ByteBuffer take() {
        ByteBuffer chunk = kept.poll();
        return chunk == null ? ByteBuffer.allocateDirect(SIZE) : chunk;
    }

    /** Keeps a chunk for later. {@return whether there was room for it} */
    boolean giveBack(ByteBuffer chunk) {
        return kept.offer(chunk);
    }
}
