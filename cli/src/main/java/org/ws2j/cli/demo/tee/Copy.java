package org.ws2j.cli.demo.tee;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Something for the worker to do: to send a copy, or to end a stream.
 *
 * @param stream the stream
 * @param data the bytes from position to limit; without a buffer for the end of the stream
 * @param done run when the data is not needed any more, by the worker
 */
record Copy(TeeStream stream, List<ByteBuffer> data, Runnable done) {

    static Copy endOf(TeeStream stream) {
        return new Copy(stream, List.of(), () -> {});
    }

    boolean isEnd() {
        return data.isEmpty();
    }

    ByteBuffer[] buffers() {
        return data.toArray(ByteBuffer[]::new);
    }

    int length() {
        int length = 0;
        for (ByteBuffer buffer : data) {
            length += buffer.remaining();
        }
        return length;
    }
}
