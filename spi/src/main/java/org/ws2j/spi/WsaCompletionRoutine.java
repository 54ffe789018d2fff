package org.ws2j.spi;

/**
 * The completion routine of an overlapped operation.
 *
 * <p>It runs on the thread that started the operation, inside an alertable wait of that thread, and never nested for the same
 * socket. It may start further operations.
 */
@FunctionalInterface
public interface WsaCompletionRoutine {
    /**
     * Takes the completion of an operation.
     *
     * @param error the Winsock error, 0 for none
     * @param bytesTransferred the number of bytes transferred
     * @param overlapped the block that the operation was started with
     * @param flags the flags of a receive ({@link MessageFlag}), 0 for a send
     */
    void completed(int error, int bytesTransferred, WsaOverlapped overlapped, int flags);
}
