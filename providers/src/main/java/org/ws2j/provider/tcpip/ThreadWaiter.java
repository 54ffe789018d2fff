package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/** Waits as the transport has a thread wait for one channel. */
final class ThreadWaiter extends Waiter {
    private final ChannelWait wait;

    /** The next one that is not in use; the pool's. */
    ThreadWaiter next;

    ThreadWaiter(ChannelWait wait) {
        this.wait = wait;
    }

    @Override
    void await(SelectableChannel channel, int operations, long nanos, Runnable ifInterrupted) throws IOException {
        if (takeInterrupt(ifInterrupted)) {
            return;
        }
        wait.await(channel, operations, nanos, ifInterrupted != null);
        takeInterrupt(ifInterrupted);
    }

    @Override
    void wake() {
        wait.wake();
    }

    @Override
    void flush() {
        // It holds no channel.
    }
}
