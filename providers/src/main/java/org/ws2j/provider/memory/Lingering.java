package org.ws2j.provider.memory;

import java.util.concurrent.TimeUnit;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.Linger;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** A close that waits until what was sent has been taken, or its time is over. */
final class Lingering {
    private Lingering() {}

    /** Waits; when the time is over the close to come resets the connection. */
    static void await(StreamSocket socket, int seconds) throws WinsockException {
        BlockingCall call = BlockingCall.ofNanos(
                socket.stack, socket.info.catalogEntryId(), TimeUnit.SECONDS.toNanos(seconds));
        Watch watch = new Watch(socket.stack.services().clock());
        socket.watchers.add(watch);
        try {
            watch.reset();
            while (socket.isSending() && !socket.stack.isDown()) {
                if (call.remaining() == 0) {
                    socket.options.linger(new Linger(true, 0));
                    return;
                }
                watch.await(nanos(call));
                watch.reset();
            }
        } finally {
            socket.watchers.remove(watch);
            watch.end();
        }
    }

    private static long nanos(BlockingCall call) throws WinsockException {
        try {
            return call.beforeWait();
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAETIMEDOUT)) {
                return 0; // The time has passed since it was looked at; the caller looks again.
            }
            throw e;
        }
    }
}
