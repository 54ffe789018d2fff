package org.ws2j.provider.memory;

import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * One handle of a socket, and the context of that handle at the host. A duplicated socket has several.
 *
 * <p>The handle is released when its client has closed it and the last of the overlapped operations that were started with it
 * has been indicated: each of these is a use, and so is being open.
 */
final class Descriptor {
    /** Far below what uses can bring back to 0. */
    private static final int RELEASED = Integer.MIN_VALUE / 2;

    /** What it stands for. AcceptEx and DisconnectEx put another socket in the place of the first. */
    volatile MemorySocket socket;

    private final AtomicInteger uses = new AtomicInteger(1);
    private volatile SocketHandle handle;
    private volatile boolean closed;

    Descriptor(MemorySocket socket) {
        this.socket = socket;
    }

    SocketHandle handle() {
        return handle;
    }

    void handle(SocketHandle made) {
        handle = made;
    }

    /** {@return whether its client has closed it} */
    boolean isClosed() {
        return closed;
    }

    /** The client closes it; the socket's wire is held. */
    void close() {
        closed = true;
    }

    void retain() throws WinsockException {
        if (uses.getAndIncrement() <= 0) {
            uses.decrementAndGet();
            throw new WinsockException(WsaError.WSAENOTSOCK, handle + " is closed");
        }
    }

    void release() {
        if (uses.decrementAndGet() == 0) {
            socket.stack.closeHandle(this);
        }
    }

    /** Releases the handle whatever is under way: the last clean-up. */
    void releaseNow() {
        if (uses.getAndSet(RELEASED) > 0) {
            socket.stack.closeHandle(this);
        }
    }
}
