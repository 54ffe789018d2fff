package org.ws2j.provider.memory;

import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/**
 * One call of WSPIoctl.
 *
 * <p>What the provider knows is over at once: an overlapped call succeeds and is indicated, or fails without an indication. An
 * overlapped call of what it does not know, and of SIO_BASE_HANDLE, pends and fails, as Windows has it. Changes of routes and
 * of addresses are waited for, and never come.
 */
final class IoctlCall {
    private final Descriptor descriptor;
    private final MemorySocket socket;
    private final int code;
    private final Object in;
    private final IoctlResult out;

    IoctlCall(Descriptor descriptor, int code, Object in, IoctlResult out) {
        this.descriptor = descriptor;
        this.socket = descriptor.socket;
        this.code = code;
        this.in = in;
        this.out = out;
    }

    /** {@return as WSPIoctl} */
    long start(WsaOverlapped block, WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
        boolean overlapped = block != null && socket.overlapped;
        if (code == IoctlCode.SIO_ROUTING_INTERFACE_CHANGE) {
            Ioctls.address(socket, in);
        }
        if (code == IoctlCode.SIO_ROUTING_INTERFACE_CHANGE || code == IoctlCode.SIO_ADDRESS_LIST_CHANGE) {
            return overlapped
                    ? socket.pend(socket.take(descriptor, false).overlapped(block, routine, thread))
                    : awaitChange(block != null);
        }
        if (overlapped && (code == IoctlCode.SIO_BASE_HANDLE || !Ioctls.isKnown(code))) {
            socket.indicateAtOnce(descriptor, block, routine, thread, Ioctls.unsupported(code));
            return WspResult.IO_PENDING;
        }
        Ioctls.handle(descriptor, code, in, out);
        if (overlapped) {
            socket.indicateAtOnce(descriptor, block, routine, thread, null);
        }
        return 0;
    }

    /** A blocking call waits until the handle is closed under it. */
    private long awaitChange(boolean alwaysWaits) throws WinsockException {
        if (socket.nonBlocking && !alwaysWaits) {
            return WspResult.WOULD_BLOCK;
        }
        BlockingCall call = BlockingCall.ofNanos(socket.stack, socket.info.catalogEntryId(), Long.MAX_VALUE);
        Watch watch = new Watch(socket.stack.services().clock());
        socket.watchers.add(watch);
        try {
            watch.reset();
            while (!descriptor.isClosed() && !socket.stack.isDown()) {
                watch.await(call.beforeWait());
                watch.reset();
            }
            throw new WinsockException(WsaError.WSAEINTR, socket + " was closed");
        } finally {
            socket.watchers.remove(watch);
            watch.end();
        }
    }
}
