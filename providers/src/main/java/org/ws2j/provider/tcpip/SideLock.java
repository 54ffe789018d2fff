package org.ws2j.provider.tcpip;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * A reentrant lock that its owner is, instead of having: for each direction of each socket there would be two objects more.
 * Nobody serializes one.
 *
 * <p>Its holder may go to wait inside the system, as long as nobody else wants the lock; who wants it from then on drives the
 * holder out. Whoever does that has said before that he waits, so a holder whom nobody waits for comes out without a look.
 */
@SuppressWarnings("serial")
abstract class SideLock extends AbstractQueuedSynchronizer {
    // The state: how often the lock is held, whether its holder waits inside, and how many threads wait for the lock.
    private static final int INSIDE = 1 << 15;

    private static final int HOLDS = INSIDE - 1;

    private static final int ONE_WAITING = 1 << 16;

    /** How long whoever wants the lock waits before the holder is driven out once more. */
    private static final long REPEAT_NANOS = 1_000_000;

    /**
     * Ends the wait of the holder, who is inside and does not come out before this returns; or fails to if it comes just before the
     * wait: then it is called again. From a thread that holds nothing of this lock.
     */
    abstract void driveOut();

    /** Takes the lock. */
    final void lock() {
        if (compareAndSetState(0, 1)) {
            setExclusiveOwnerThread(Thread.currentThread());
        } else if (isHeldByCurrentThread()) {
            add(1);
        } else {
            lockContended();
        }
    }

    private void lockContended() {
        boolean isTaken = false;
        boolean interrupted = false;
        add(ONE_WAITING); // From here on nobody goes inside.
        try {
            while (!isTaken && isInside()) {
                driveOutHolder();
                try {
                    isTaken = tryAcquireNanos(1, REPEAT_NANOS);
                } catch (InterruptedException e) {
                    interrupted = true; // It is handed back below.
                }
            }
            if (!isTaken) {
                acquire(1);
            }
        } finally {
            add(-ONE_WAITING);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void driveOutHolder() {
        if (isInside()) {
            driveOut();
        }
    }

    /** Gives back the lock, which the calling thread holds. */
    final void unlock() {
        release(1);
    }

    /** {@return whether the calling thread holds the lock} */
    final boolean isHeldByCurrentThread() {
        return getExclusiveOwnerThread() == Thread.currentThread();
    }

    /**
     * Goes before a wait inside the system. The calling thread holds the lock.
     *
     * @return false if another thread waits for the lock, or the calling one holds it more than once
     */
    final boolean goInside() {
        return compareAndSetState(1, 1 | INSIDE);
    }

    /** Goes after such a wait: from here on nobody drives the calling thread out. */
    final void comeOut() {
        if (!compareAndSetState(1 | INSIDE, 1)) {
            comeOutWanted();
        }
    }

    /** Somebody wants the lock, and may be about to drive this thread out. */
    private synchronized void comeOutWanted() {
        add(-INSIDE);
    }

    /** {@return whether the holder has gone inside} */
    final boolean isInside() {
        return (getState() & INSIDE) != 0;
    }

    /** {@return whether another thread waits for the lock} */
    final boolean isWanted() {
        return getState() >= ONE_WAITING;
    }

    private void add(int change) {
        int state;
        do {
            state = getState();
        } while (!compareAndSetState(state, state + change));
    }

    @Override
    protected final boolean tryAcquire(int holds) {
        while (true) {
            int state = getState();
            if ((state & HOLDS) != 0) {
                return false; // By another thread: who holds it does not come here.
            }
            if (compareAndSetState(state, state + holds)) {
                setExclusiveOwnerThread(Thread.currentThread());
                return true;
            }
        }
    }

    @Override
    protected final boolean tryRelease(int holds) {
        if (!isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException(this + " is not held by " + Thread.currentThread());
        }
        boolean isLast = (getState() & HOLDS) == holds;
        if (isLast) {
            setExclusiveOwnerThread(null);
        }
        add(-holds);
        return isLast;
    }

    @Override
    protected final boolean isHeldExclusively() {
        return isHeldByCurrentThread();
    }
}
