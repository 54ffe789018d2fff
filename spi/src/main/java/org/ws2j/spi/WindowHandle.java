package org.ws2j.spi;

/** An HWND: the opaque handle of a message window, made by {@link MessageWindows}. */
public abstract class WindowHandle {
    /** For hosts alone. */
    protected WindowHandle() {}
}
