package org.ws2j.agent.socket;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import org.ws2j.provider.tcpip.ChannelWait;
import sun.nio.ch.Interruptible;
import sun.nio.ch.NativeThread;
import sun.nio.ch.SelChImpl;

/**
 * Waits inside read(2), write(2) or poll(2), as the JDK's blocking sockets do, and like theirs is woken by a signal.
 *
 * <p>A signal that comes just before the thread is inside is lost. The JDK has put another file in the place of the descriptor
 * before it sends one, so that the call returns at once; a wait that is woken while its socket lives on has nothing like that, and so
 * the signal is repeated until the thread is out: here after {@link #wake}, by the caller of {@link #driveOut}.
 */
final class PollWait implements ChannelWait {
    private static final Duration REPEAT = Duration.ofMillis(1);

    private static final JavaLangAccess THREADS = SharedSecrets.getJavaLangAccess();

    /** The waking of an interrupted thread. */
    private final Interruptible interruption = new Interruptible() {
        @Override
        public void interrupt(Thread target) {
            wake();
        }

        @Override
        public void postInterrupt() {
            // All is done.
        }
    };

    /** The thread that waits, as the system knows it; 0 for none. While it is here, it may be sent signals. Guarded by this. */
    private long waiting;

    /** Guarded by this. */
    private boolean woken;

    @Override
    public void await(SelectableChannel channel, int operations, long nanos, boolean endsAtInterrupt)
            throws IOException {
        if (endsAtInterrupt) {
            THREADS.blockedOn(interruption);
        }
        try {
            boolean isOver = endsAtInterrupt && Thread.currentThread().isInterrupted();
            if (enter() && !isOver) {
                poll((SelChImpl) channel, operations, nanos);
            }
        } finally {
            leave();
            if (endsAtInterrupt) {
                THREADS.blockedOn(null);
            }
        }
    }

    private static void poll(SelChImpl channel, int operations, long nanos) throws IOException {
        channel.park(channel.translateInterestOps(operations), nanos == Long.MAX_VALUE ? 0 : nanos);
    }

    @Override
    public synchronized boolean enter() {
        waiting = NativeThread.current();
        return !woken;
    }

    @Override
    public synchronized void leave() {
        waiting = 0;
        woken = false;
    }

    @Override
    public synchronized void driveOut() {
        woken = true;
        if (waiting != 0) {
            NativeThread.signal(waiting);
        }
    }

    @Override
    public synchronized void wake() {
        driveOut();
        if (waiting != 0) {
            Thread.ofVirtual().name("ws2j-wake").start(this::repeat);
        }
    }

    private void repeat() {
        try {
            do {
                Thread.sleep(REPEAT);
            } while (signalAgain());
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        }
    }

    private synchronized boolean signalAgain() {
        boolean isIn = woken && waiting != 0;
        if (isIn) {
            NativeThread.signal(waiting);
        }
        return isIn;
    }
}
