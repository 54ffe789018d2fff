package org.ws2j.host;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/**
 * A provider whose synchronous receive cannot finish at once: as long as nothing has come, it calls the blocking hook of the
 * thread; without a hook it answers {@code WSAENETDOWN} where others would block.
 */
final class BlockingTable extends NonIfsTable {
    final AtomicInteger cancels = new AtomicInteger();
    final AtomicInteger turns = new AtomicInteger();

    /** What WSPCancelBlockingCall throws; null for nothing. */
    volatile Throwable cancelFailure;

    BlockingTable(FakeStart start) {
        super(start);
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        long n = socket(s).receive(buffer);
        while (n == 0) {
            BlockingCallback hook = upcalls().wpuQueryBlockingCallback(start().info().catalogEntryId());
            if (hook == null) {
                throw new WinsockException(WsaError.WSAENETDOWN, "this would block for ever");
            }
            turns.incrementAndGet();
            if (!hook.call()) {
                throw new WinsockException(WsaError.WSAEINTR);
            }
            n = socket(s).receive(buffer);
        }
        return n;
    }

    @Override
    public void wspCancelBlockingCall() throws WinsockException {
        cancels.incrementAndGet();
        if (cancelFailure != null) {
            Thrower.<RuntimeException, Void>sneaky(cancelFailure);
        }
    }
}
