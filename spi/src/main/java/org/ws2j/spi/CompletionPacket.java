package org.ws2j.spi;

/** A packet taken from a completion port; owned by the caller, who may use it again and again. */
public final class CompletionPacket {
    private int bytesTransferred;
    private Object completionKey;
    private WsaOverlapped overlapped;
    private int error;

    /** Makes an empty one. */
    public CompletionPacket() {}

    /** {@return the number of bytes transferred} */
    public int bytesTransferred() {
        return bytesTransferred;
    }

    /** {@return the key that the socket was associated with} */
    public Object completionKey() {
        return completionKey;
    }

    /** {@return the block of the operation; null only in a packet that was posted so} */
    public WsaOverlapped overlapped() {
        return overlapped;
    }

    /**
     * Returns the error of the operation.
     *
     * @return the code exactly as the provider reported it, 0 for none; but {@code ERROR_CONNECTION_ABORTED} in place of
     *     {@code WSA_OPERATION_ABORTED} if the socket is a handle of the file system, and was closed
     */
    public int error() {
        return error;
    }

    /**
     * Fills the packet.
     *
     * @param newBytesTransferred the number of bytes transferred
     * @param newCompletionKey the key of the association
     * @param newOverlapped the block of the operation
     * @param newError its error, 0 for none
     */
    public void set(int newBytesTransferred, Object newCompletionKey, WsaOverlapped newOverlapped, int newError) {
        bytesTransferred = newBytesTransferred;
        completionKey = newCompletionKey;
        overlapped = newOverlapped;
        error = newError;
    }
}
