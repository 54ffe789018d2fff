package org.ws2j.provider.memory;

import java.util.concurrent.TimeUnit;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.Linger;
import org.ws2j.spi.WinsockException;

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
                long nanos = call.nextWait();
                if (nanos == 0) {
                    socket.options.linger(new Linger(true, 0));
                    return;
                }
                watch.await(nanos);
                watch.reset();
            }
        } finally {
            socket.watchers.remove(watch);
            watch.end();
        }
    }
}
