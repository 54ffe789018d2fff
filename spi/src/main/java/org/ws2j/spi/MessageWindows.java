package org.ws2j.spi;

import java.util.concurrent.Executor;

/**
 * Message windows: what is left of a window when nothing is drawn.
 *
 * <p>A window belongs to the thread that created it, and its messages lie in that thread's one queue until the thread gets
 * and dispatches them; or it was created with an executor, and each message is handed to that.
 */
public interface MessageWindows {
    /**
     * Creates a window of the calling thread.
     *
     * @param windowProc handles the messages when the thread dispatches them
     * @return the window; {@link #destroyWindow} gives it up
     * @throws WinsockException {@code WSAEFAULT} for null
     */
    WindowHandle createWindow(WindowProc windowProc) throws WinsockException;

    /**
     * Creates a window whose messages an executor handles, one at a time and in order.
     *
     * @param executor runs the handling: a GUI's event queue, a thread of the caller's, or {@code Runnable::run} for the
     *     thread that posts
     * @param windowProc handles the messages
     * @return the window; {@link #destroyWindow} gives it up
     * @throws WinsockException {@code WSAEFAULT} for null
     */
    WindowHandle createWindow(Executor executor, WindowProc windowProc) throws WinsockException;

    /**
     * Destroys a window; what is queued for it is dropped.
     *
     * @param window the window
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not a window
     */
    void destroyWindow(WindowHandle window) throws WinsockException;

    /**
     * Tells whether there is such a window.
     *
     * @param window the window, or null
     * @return true until it is destroyed
     */
    boolean isWindow(WindowHandle window);

    /**
     * Posts a message; see {@link Upcalls#wpuPostMessage}.
     *
     * @param window the window
     * @param number the number of the message
     * @param wParam the first parameter
     * @param lParam the second parameter
     * @return false if there is no such window, or its thread's queue is full
     */
    boolean postMessage(WindowHandle window, int number, Object wParam, long lParam);

    /**
     * Takes the next message of the calling thread's queue, and waits for one if there is none.
     *
     * @param timeoutMillis milliseconds, {@link Waits#WSA_INFINITE} to wait for ever
     * @return the message, null at the time-out
     * @throws IllegalArgumentException for a time-out below 0 or above {@link Waits#WSA_INFINITE}
     */
    Message getMessage(long timeoutMillis);

    /**
     * Looks for a message in the calling thread's queue.
     *
     * @param remove whether to take it
     * @return the next message, null if there is none
     */
    Message peekMessage(boolean remove);

    /**
     * Hands a message to its window's procedure, on the calling thread. Does nothing if the window was destroyed.
     *
     * @param message a message that the thread took
     */
    void dispatchMessage(Message message);
}
