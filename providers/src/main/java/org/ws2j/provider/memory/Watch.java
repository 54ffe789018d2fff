package org.ws2j.provider.memory;

import org.ws2j.spi.HostClock;

/** A thread that waits for a change of one or several sockets: in accept, in select, in a close that lingers. */
final class Watch {
    private final HostClock clock;
    private final Thread thread = Thread.currentThread();
    private volatile boolean changed;

    /** The thread's interrupt, kept for after the wait. */
    private boolean interrupted;

    /** Makes one of the calling thread, which waits by a clock. */
    Watch(HostClock clock) {
        this.clock = clock;
    }

    /** Forgets the changes so far; the thread looks at the sockets next. */
    void reset() {
        changed = false;
    }

    /** Waits for a change since {@link #reset}; may return for no reason. */
    void await(long nanos) {
        if (!changed) {
            clock.parkNanos(this, nanos);
            interrupted |= Thread.interrupted();
        }
    }

    /** The socket has changed; may be called under a wire. */
    void wake() {
        changed = true;
        clock.unpark(thread);
    }

    void end() {
        if (interrupted) {
            thread.interrupt();
        }
    }
}
