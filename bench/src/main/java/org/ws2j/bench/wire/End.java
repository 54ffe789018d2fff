package org.ws2j.bench.wire;

import java.nio.ByteBuffer;

/** One end of a connection, used by one thread. */
public interface End extends AutoCloseable {
    /** Writes everything. */
    void write(ByteBuffer source) throws Exception;

    /** {@return how many bytes were read, after waiting for the first; less than 1 at the end of the stream} */
    int read(ByteBuffer target) throws Exception;

    /** Ends the connection; the other end's read ends. */
    @Override
    void close() throws Exception;

    /** {@return whether the buffer could be filled before the end of the stream} */
    default boolean readFully(ByteBuffer target) throws Exception {
        while (target.hasRemaining()) {
            if (read(target) < 1) {
                return false;
            }
        }
        return true;
    }
}
