package org.ws2j.agent.socket;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import org.ws2j.provider.tcpip.ChannelWait;
import sun.nio.ch.Interruptible;
import sun.nio.ch.NativeThread;
import sun.nio.ch.SelChImpl;

/**
 * Waits inside poll(2), as the JDK's blocking sockets do, and like theirs is woken by a signal.
 *
 * <p>A signal that comes just before the thread is inside is lost. The JDK has put another file in the place of the descriptor
 * before it sends one, so that the call returns at once; a wait that is woken while its socket lives on has nothing like that, and so
 * the signal is repeated until the thread is out.
 */
final class PollWait implements ChannelWait {
    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run);

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

    private synchronized boolean enter() {
        waiting = NativeThread.current();
        return !woken;
    }

    private synchronized void leave() {
        waiting = 0;
        woken = false;
    }

    @Override
    public synchronized void wake() {
        woken = true;
        if (waiting != 0) {
            NativeThread.signal(waiting);
            LATER.execute(this::repeat);
        }
    }

    private synchronized void repeat() {
        if (woken && waiting != 0) {
            NativeThread.signal(waiting);
            LATER.execute(this::repeat);
        }
    }
}
