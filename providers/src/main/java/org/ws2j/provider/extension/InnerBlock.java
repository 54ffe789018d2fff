package org.ws2j.provider.extension;

import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.WsaOverlapped;

/** The block of a transfer that is a part of a client's operation: its completion is told to the operation alone. */
public final class InnerBlock extends HeapOverlapped {
    private final WsaOverlapped client;
    private final CompletionSink sink;

    InnerBlock(WsaOverlapped client, CompletionSink sink) {
        this.client = client;
        this.sink = sink;
    }

    /**
     * Tells whether a transfer belongs to an operation of a client: it is the operation, or a part of it.
     *
     * @param transfers the block of the transfer
     * @param clients the block of the client's operation; null for any
     * @return whether it does
     */
    public static boolean belongs(WsaOverlapped transfers, WsaOverlapped clients) {
        return clients == null || transfers == clients
                || (transfers instanceof InnerBlock inner && inner.client == clients);
    }

    @Override
    public CompletionSink sink() {
        return sink;
    }
}
