package org.ws2j.spi;

/**
 * A message to a window.
 *
 * @param window the window
 * @param number the number of the message
 * @param wParam the first parameter; for network events the socket
 * @param lParam the second parameter; for network events {@link NetworkEvent#makeSelectReply}
 */
public record Message(WindowHandle window, int number, Object wParam, long lParam) {
    /** The first number that is free for an application's own messages. */
    public static final int WM_USER = 0x0400;
}
