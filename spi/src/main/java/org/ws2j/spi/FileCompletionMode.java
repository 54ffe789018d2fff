package org.ws2j.spi;

/**
 * The flags of {@link FileHandles#setFileCompletionNotificationModes}.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-setfilecompletionnotificationmodes">SetFileCompletionNotificationModes</a>
 */
public final class FileCompletionMode {
    /** No packet for an operation that was over when the call that started it returned success. */
    public static final int FILE_SKIP_COMPLETION_PORT_ON_SUCCESS = 0x1;

    /** The handle itself is not signaled; it never is here, and the event of a block still is. */
    public static final int FILE_SKIP_SET_EVENT_ON_HANDLE = 0x2;

    private FileCompletionMode() {}
}
