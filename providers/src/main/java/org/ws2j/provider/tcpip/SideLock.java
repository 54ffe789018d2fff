package org.ws2j.provider.tcpip;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * A reentrant lock that its owner is, instead of having: for each direction of each socket there would be two objects more.
 * Nobody serializes one.
 */
@SuppressWarnings("serial")
abstract class SideLock extends AbstractQueuedSynchronizer {
    /** Takes the lock. */
    final void lock() {
        if (compareAndSetState(0, 1)) {
            setExclusiveOwnerThread(Thread.currentThread());
        } else {
            acquire(1);
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

    @Override
    protected final boolean tryAcquire(int holds) {
        int held = getState();
        if (held == 0) {
            boolean taken = compareAndSetState(0, holds);
            if (taken) {
                setExclusiveOwnerThread(Thread.currentThread());
            }
            return taken;
        }
        if (!isHeldByCurrentThread()) {
            return false;
        }
        setState(held + holds);
        return true;
    }

    @Override
    protected final boolean tryRelease(int holds) {
        if (!isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException(this + " is not held by " + Thread.currentThread());
        }
        int left = getState() - holds;
        if (left == 0) {
            setExclusiveOwnerThread(null);
        }
        setState(left);
        return left == 0;
    }

    @Override
    protected final boolean isHeldExclusively() {
        return isHeldByCurrentThread();
    }
}
