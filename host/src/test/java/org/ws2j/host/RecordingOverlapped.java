package org.ws2j.host;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;

/** A block that is under way, and remembers what is done to it in which order. */
final class RecordingOverlapped extends WsaOverlapped {
    /** What happens while Internal is written, before the value can be seen. */
    Runnable whenCompleted = () -> {
    };

    final List<String> log = new CopyOnWriteArrayList<>();
    private final WsaEvent hEvent;
    private final CompletionSink sink;
    private volatile long internal = WSS_OPERATION_IN_PROGRESS;
    private volatile long internalHigh;
    private volatile int offset;
    private volatile int offsetHigh;

    RecordingOverlapped(WsaEvent hEvent) {
        this(hEvent, null);
    }

    RecordingOverlapped(WsaEvent hEvent, CompletionSink sink) {
        this.hEvent = hEvent;
        this.sink = sink;
    }

    @Override
    public long internal() {
        return internal;
    }

    @Override
    public void internal(long status) {
        log.add("Internal=" + status);
        whenCompleted.run();
        internal = status;
    }

    @Override
    public long internalHigh() {
        return internalHigh;
    }

    @Override
    public void internalHigh(long bytes) {
        log.add("InternalHigh=" + bytes);
        internalHigh = bytes;
    }

    @Override
    public int offset() {
        return offset;
    }

    @Override
    public void offset(int flags) {
        log.add("Offset=" + flags);
        offset = flags;
    }

    @Override
    public int offsetHigh() {
        return offsetHigh;
    }

    @Override
    public void offsetHigh(int error) {
        log.add("OffsetHigh=" + error);
        offsetHigh = error;
    }

    @Override
    public WsaEvent hEvent() {
        return hEvent;
    }

    @Override
    public CompletionSink sink() {
        return sink;
    }
}
