package org.ws2j.provider.extension;

import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;

/** The block of a transfer that is a part of a client's operation: its completion is told to the operation alone. */
public final class InnerBlock extends HeapOverlapped {
    private final CompletionSink sink;

    InnerBlock(CompletionSink sink) {
        this.sink = sink;
    }

    @Override
    public CompletionSink sink() {
        return sink;
    }
}
