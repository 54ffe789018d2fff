package org.ws2j.bench.row;

import java.util.concurrent.locks.LockSupport;

/** The reference: a flag, {@code LockSupport.unpark} and {@code LockSupport.park}. */
final class ParkBaton implements Baton {
    private final Thread first = Thread.currentThread();
    private volatile Thread second;
    private volatile boolean isThere;
    private volatile boolean isBack;

    @Override
    public void otherThread() {
        second = Thread.currentThread();
    }

    @Override
    public void there() {
        isThere = true;
        LockSupport.unpark(second);
    }

    @Override
    public void awaitThere() {
        while (!isThere) {
            LockSupport.park(this);
        }
        isThere = false;
    }

    @Override
    public void back() {
        isBack = true;
        LockSupport.unpark(first);
    }

    @Override
    public void awaitBack() {
        while (!isBack) {
            LockSupport.park(this);
        }
        isBack = false;
    }
}
