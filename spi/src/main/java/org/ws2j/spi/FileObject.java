package org.ws2j.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What stands behind a handle of the file system: in an IFS provider, its socket.
 *
 * <p>The channel inside may be replaced during the life of the object. The two transfer methods serve the file functions on
 * the handle, past all layers that pass the handle through.
 */
public interface FileObject {
    /**
     * Reads as a file is read: waits until there is something, and takes first what the provider has read ahead.
     *
     * @param target filled from its position on, which advances
     * @return the number of bytes read, 0 at the end of the stream
     * @throws IOException if reading fails; a {@link WinsockException} where the provider knows the code
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Writes as a file is written: waits until everything is taken.
     *
     * @param source taken from its position on, which advances
     * @return the number of bytes written
     * @throws IOException if writing fails; a {@link WinsockException} where the provider knows the code
     */
    int write(ByteBuffer source) throws IOException;

    /**
     * Ends overlapped operations that are under way, as CancelIoEx asks for; each is completed with
     * {@code WSA_OPERATION_ABORTED}, unless it is over first. What a stream has transferred of a send stays transferred.
     *
     * @param overlapped the block of the operation; null for all operations on the object
     * @return whether any was found
     */
    default boolean cancel(WsaOverlapped overlapped) {
        return false;
    }

    /**
     * Releases what the object holds, when its handle was closed; called once.
     *
     * @throws IOException if that fails; the handle is closed all the same
     */
    void close() throws IOException;
}
