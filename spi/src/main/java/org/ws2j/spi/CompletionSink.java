package org.ws2j.spi;

/** Learns of the completion of an overlapped operation on the thread that completes it. */
@FunctionalInterface
public interface CompletionSink {
    /**
     * Takes the completion of an operation.
     *
     * <p>Called once for each operation that was accepted, also for one that finished at once: then before the call that
     * started it has returned. Not called for an operation with a completion routine, and not by a base provider for one that
     * its last {@linkplain WspProcTable#wspCleanup() clean-up} ends. The caller holds no lock of the host; a provider's own
     * locks may not be held either. It must not block.
     *
     * @param overlapped the block of the operation, complete and free for the next one
     * @param error the Winsock error of the operation, 0 for none
     * @param bytesTransferred the number of bytes transferred
     */
    void completed(WsaOverlapped overlapped, int error, int bytesTransferred);
}
