package org.ws2j.bridge;

import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;

/** A WSAOVERLAPPED in memory: C's own, or the twin of one in Java. The memory belongs to whoever started the operation. */
final class NativeOverlapped extends WsaOverlapped {
    static final int SIZE = 32;
    static final int EVENT = 24;

    private final Session session;
    private final long address;
    private final CompletionSink sink;

    /** Puts out what an operation gives beside its count, just before it counts as over; null for nothing. */
    private Runnable beforeEnd;

    NativeOverlapped(Session session, long address, CompletionSink sink) {
        this.session = session;
        this.address = address;
        this.sink = sink;
    }

    long address() {
        return address;
    }

    void beforeEnd(Runnable action) {
        beforeEnd = action;
    }

    @Override
    public long internal() {
        return Memory.getLongAcquire(address);
    }

    @Override
    public void internal(long status) {
        boolean isFinal = status != WSS_OPERATION_IN_PROGRESS;
        if (isFinal && beforeEnd != null) {
            beforeEnd.run();
        }
        // That of a twin is final for C when the client's data are there: at its end, of which the sink is told next.
        if (!isFinal || !(sink instanceof PassedOn)) {
            Memory.putLongRelease(address, status);
        }
    }

    @Override
    public long internalHigh() {
        return Memory.getLong(address + 8);
    }

    @Override
    public void internalHigh(long bytes) {
        Memory.putLong(address + 8, bytes);
    }

    @Override
    public int offset() {
        return Memory.getInt(address + 16);
    }

    @Override
    public void offset(int flags) {
        Memory.putInt(address + 16, flags);
    }

    @Override
    public int offsetHigh() {
        return Memory.getInt(address + 20);
    }

    @Override
    public void offsetHigh(int error) {
        Memory.putInt(address + 20, error);
    }

    @Override
    public WsaEvent hEvent() {
        return session.event(Memory.getLong(address + EVENT));
    }

    @Override
    public CompletionSink sink() {
        return sink;
    }

    /** Two views of the same block are the same block. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NativeOverlapped view && view.address == address && view.session == session;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(address);
    }

    @Override
    public String toString() {
        return "WSAOVERLAPPED at 0x" + Long.toHexString(address);
    }
}
