package org.ws2j.host.thread;

import org.ws2j.spi.HostClock;

/**
 * A clock by which a time-out runs out at the first look after the start, and just before something else happens: what a wait
 * makes of it when another thread decides it in its last moment.
 */
public final class LastMomentClock implements HostClock {
    private final Happening happening;
    private int looks;

    /** What another thread could do. */
    @FunctionalInterface
    public interface Happening {
        void happen() throws Exception;
    }

    public LastMomentClock(Happening happening) {
        this.happening = happening;
    }

    @Override
    public long nanoTime() {
        if (looks++ == 0) {
            return 0;
        }
        try {
            happening.happen();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return Long.MAX_VALUE;
    }

    @Override
    public long epochNanos() {
        throw new AssertionError("no wait asks what day it is");
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        throw new AssertionError("the time is over");
    }
}
