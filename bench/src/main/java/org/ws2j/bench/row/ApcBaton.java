package org.ws2j.bench.row;

import org.ws2j.spi.Upcalls;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaThreadId;

/** A procedure queued for the other thread, which sleeps alertably. */
final class ApcBaton implements Baton {
    private final Upcalls upcalls;
    private final Waits waits;
    private final UserApc arrivesThere = context -> isThere = true;
    private final UserApc arrivesBack = context -> isBack = true;
    private final WsaThreadId first;
    private volatile WsaThreadId second;

    /** Written and read by the other thread alone: the procedure runs there. */
    private boolean isThere;

    /** Written and read by the first thread alone. */
    private boolean isBack;

    ApcBaton(Upcalls upcalls, Waits waits) throws WinsockException {
        this.upcalls = upcalls;
        this.waits = waits;
        first = upcalls.wpuOpenCurrentThread();
    }

    @Override
    public void otherThread() throws WinsockException {
        second = upcalls.wpuOpenCurrentThread();
    }

    @Override
    public void there() throws WinsockException {
        upcalls.wpuQueueApc(second, arrivesThere, this);
    }

    @Override
    public void awaitThere() {
        while (!isThere) {
            waits.sleepEx(Waits.WSA_INFINITE, true);
        }
        isThere = false;
    }

    @Override
    public void back() throws WinsockException {
        upcalls.wpuQueueApc(first, arrivesBack, this);
    }

    @Override
    public void awaitBack() {
        while (!isBack) {
            waits.sleepEx(Waits.WSA_INFINITE, true);
        }
        isBack = false;
    }

    @Override
    public void close() throws WinsockException {
        upcalls.wpuCloseThread(first);
        upcalls.wpuCloseThread(second);
    }
}
