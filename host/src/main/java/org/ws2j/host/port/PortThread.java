package org.ws2j.host.port;

import java.util.concurrent.TimeUnit;
import org.ws2j.host.thread.BlockingObserver;
import org.ws2j.host.thread.HostThread;
import org.ws2j.host.thread.Pending;
import org.ws2j.host.thread.WaitEnd;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.Waits;

/**
 * A thread as completion ports see it; it belongs to the port that it last took a packet from, or waited at.
 *
 * <pre>
 *   IDLE    --finds no packet--&gt;  WAITING   in the port's stack
 *   WAITING --port hands one--&gt;   GIVEN     counted as running from here on
 *   WAITING --port is closed--&gt;   ABANDONED
 *   WAITING --time-out, APC--&gt;    IDLE
 * </pre>
 *
 * <p>{@link #state}, the links and {@link #running} are written under the lock of the port; the rest is the thread's own.
 */
final class PortThread implements BlockingObserver, Pending {
    /** How long it may take to notice that a thread has ended while it held one of the port's places. */
    private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    enum State {
        IDLE, WAITING, GIVEN, ABANDONED
    }

    volatile State state = State.IDLE;
    boolean running;
    CompletionPacket packet;
    /** In the stack of waiting threads while {@link State#WAITING}, in the list of running ones while {@link #running}. */
    PortThread above;
    PortThread below;

    /** Where the thread finds itself among the {@link RunningThreads}. */
    final int seat = RunningThreads.seat(Thread.currentThread());

    private final HostThread thread;
    private IoCompletionPort port;
    private boolean suspended;
    private boolean waitsForPacket;
    private boolean hasTimeOut;

    PortThread(HostThread thread) {
        this.thread = thread;
        thread.blockingObserver(this);
    }

    HostThread thread() {
        return thread;
    }

    /** {@return whether this is the calling thread's} */
    boolean isCurrent() {
        return thread.isCurrent();
    }

    /** Makes the port the thread's; a place that the thread holds at another one becomes free. */
    void join(IoCompletionPort newPort) {
        if (port != newPort) {
            if (port != null) {
                port.stopRunning(this);
            }
            port = newPort;
        }
        suspended = false;
    }

    /** Waits, {@link State#WAITING} at the thread's port; {@return why it ended: {@link WaitEnd#DECIDED} by the port} */
    WaitEnd await(long timeoutMillis, boolean alertable) {
        waitsForPacket = true;
        hasTimeOut = timeoutMillis != Waits.WSA_INFINITE;
        WaitEnd end = WaitEnd.TIMED_OUT;
        try {
            end = thread.await(this, timeoutMillis, alertable);
        } finally {
            waitsForPacket = false;
            if (end != WaitEnd.DECIDED && !port.cancel(this)) {
                end = WaitEnd.DECIDED;
            }
        }
        return end;
    }

    @Override
    public boolean isPending() {
        if (state == State.WAITING && port.isWatchedBy(this)) {
            port.releasePlacesOfEnded();
        }
        return state == State.WAITING;
    }

    @Override
    public long recheckNanos() {
        return port.isWatchedBy(this) ? RECHECK_NANOS : Long.MAX_VALUE;
    }

    @Override
    public boolean waitsForAnEnd() {
        return !hasTimeOut && port.isWatchedBy(this);
    }

    @Override
    public void blocked() {
        if (!waitsForPacket && port != null) {
            suspended = port.stopRunning(this);
        }
    }

    @Override
    public void unblocked() {
        if (suspended) {
            suspended = false;
            port.resumeRunning(this);
        }
    }
}
