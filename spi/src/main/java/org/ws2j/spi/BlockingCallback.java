package org.ws2j.spi;

/** The host's trampoline to the blocking hook that a thread has installed; the context is bound to it. */
@FunctionalInterface
public interface BlockingCallback {
    /**
     * Runs the hook once, on the thread that is about to block.
     *
     * @return true to go on waiting; false if the blocking call was cancelled, and has to end with {@code WSAEINTR}
     */
    boolean call();
}
