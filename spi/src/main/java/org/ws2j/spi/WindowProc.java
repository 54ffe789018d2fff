package org.ws2j.spi;

/** Handles the messages of a window. */
@FunctionalInterface
public interface WindowProc {
    /**
     * Handles a message: on the thread that dispatches it, or where the window's executor runs it.
     *
     * @param message the message
     */
    void handle(Message message);
}
