package org.ws2j.host;

import org.ws2j.host.handle.HostSocket;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/**
 * The block of an operation on the handle below a client's: its outcome goes into the client's block, and is indicated as that
 * of the client's handle, whose port and key the provider below does not know.
 */
final class PassedOnBlock extends HeapOverlapped {
    private final HostProcess process;
    private final HostSocket client;
    private final WsaOverlapped block;
    private final WsaCompletionRoutine routine;
    private final WsaThreadId thread;

    /** Begins the operation: the client's block says that it is under way, and so does its event. */
    PassedOnBlock(HostProcess process, HostSocket client, WsaOverlapped block, WsaCompletionRoutine routine) {
        this.process = process;
        this.client = client;
        this.block = block;
        this.routine = routine;
        thread = routine == null ? null : process.threads().current().implicitId();
        block.internalHigh(0);
        block.internal(WSS_OPERATION_IN_PROGRESS);
        if (routine == null) {
            process.events().resetQuietly(block.hEvent());
        }
    }

    @Override
    public CompletionSink sink() {
        return this::completed;
    }

    private void completed(WsaOverlapped below, int error, int bytes) {
        // Where a layer looks for them, which is asked for the result.
        block.offset(0);
        block.offsetHigh(error);
        if (routine == null) {
            process.completions().complete(client, block, error, error, bytes);
            return;
        }
        block.internalHigh(bytes);
        block.internal(error);
        try {
            process.threads().queueApc(thread, context -> routine.completed(error, bytes, block, 0), null);
        } catch (WinsockException e) {
            process.threads().report("the completion of WSASendMsg for a thread that has ended", e);
        }
    }
}
