package org.ws2j.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A WSAOVERLAPPED of a client or layer written in Java.
 *
 * <p>One block serves one operation at a time. A layer that keeps a record for each operation makes that record a subclass,
 * as C embeds the structure in its own, and answers {@link #sink()} with itself.
 */
public class HeapOverlapped extends WsaOverlapped {
    private static final VarHandle INTERNAL;

    static {
        try {
            INTERNAL = MethodHandles.lookup().findVarHandle(HeapOverlapped.class, "internal", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long internal;
    private long internalHigh;
    private int offset;
    private int offsetHigh;
    private WsaEvent hEvent;

    /** Makes a block without an event. */
    public HeapOverlapped() {
        this(null);
    }

    /**
     * Makes a block with an event.
     *
     * @param hEvent the event to signal at completion; null for none
     */
    public HeapOverlapped(WsaEvent hEvent) {
        this.hEvent = hEvent;
    }

    @Override
    public final long internal() {
        return (long) INTERNAL.getAcquire(this);
    }

    @Override
    public final void internal(long status) {
        INTERNAL.setRelease(this, status);
    }

    @Override
    public final long internalHigh() {
        return internalHigh;
    }

    @Override
    public final void internalHigh(long bytes) {
        internalHigh = bytes;
    }

    @Override
    public final int offset() {
        return offset;
    }

    @Override
    public final void offset(int flags) {
        offset = flags;
    }

    @Override
    public final int offsetHigh() {
        return offsetHigh;
    }

    @Override
    public final void offsetHigh(int error) {
        offsetHigh = error;
    }

    @Override
    public final WsaEvent hEvent() {
        return hEvent;
    }

    /**
     * Sets the event, while no operation is under way.
     *
     * @param event the event to signal at completion; null for none
     */
    public final void hEvent(WsaEvent event) {
        hEvent = event;
    }
}
