package org.ws2j.provider.memory;

import java.util.List;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** A call that looks at several sockets, and parks until one of them is what it looks for: a select, a poll. */
abstract class SocketWait {
    final MemoryStack stack;

    SocketWait(MemoryStack stack) {
        this.stack = stack;
    }

    /** {@return whether a socket is what was asked for; no lock is held} */
    abstract boolean look() throws WinsockException;

    /** Waits until {@link #look} says yes, or the time is over. */
    final void await(List<MemorySocket> sockets, BlockingCall call) throws WinsockException {
        Watch watch = new Watch(stack.services().clock());
        sockets.forEach(s -> s.watchers.add(watch));
        try {
            watch.reset();
            while (!look()) {
                long nanos = call.nextWait();
                if (nanos == 0) {
                    return;
                }
                watch.await(nanos);
                watch.reset();
            }
        } finally {
            sockets.forEach(s -> s.watchers.remove(watch));
            watch.end();
        }
    }

    final void checkUp() throws WinsockException {
        if (stack.isDown()) {
            throw new WinsockException(WsaError.WSAEINTR, "the memory provider was cleaned up");
        }
    }
}
