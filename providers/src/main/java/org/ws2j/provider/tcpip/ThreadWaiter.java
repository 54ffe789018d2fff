package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/** Waits as the transport has a thread wait for one channel. */
final class ThreadWaiter extends Waiter {
    private final ChannelWait wait;

    /** The side whose lock its thread holds inside the system; null if it is not there. */
    private volatile Side inside;

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

    /** Goes before a read or a write that waits inside the system. {@return false if this was woken} */
    boolean enter() {
        return wait.enter();
    }

    /** Goes after it, in both cases. */
    void leave() {
        wait.leave();
    }

    /** Says whose lock its thread takes inside; null when it comes out. */
    void inside(Side side) {
        inside = side;
    }

    /** Drives its thread out of the system, if it has that lock there. */
    void driveOut(Side side) {
        if (inside == side) {
            wait.driveOut();
        }
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
