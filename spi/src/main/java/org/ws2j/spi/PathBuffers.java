package org.ws2j.spi;

import java.nio.CharBuffer;

/** How C takes a path: into a buffer, with a terminating NUL. */
final class PathBuffers {
    private PathBuffers() {}

    static int put(String path, CharBuffer buffer) throws BufferTooSmallException {
        int needed = path.length() + 1;
        int offered = buffer == null ? 0 : buffer.remaining();
        if (offered < needed) {
            throw new BufferTooSmallException(WsaError.WSAEFAULT, needed, offered);
        }
        buffer.put(path).put('\0');
        return needed;
    }
}
