package org.ws2j.concurrency.overlapped;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.newHandle;
import static org.ws2j.concurrency.Host.COMPLETIONS;
import static org.ws2j.concurrency.Host.CONTEXT;
import static org.ws2j.concurrency.Host.newHandleTable;
import static org.ws2j.spi.WsaOverlapped.WSS_OPERATION_IN_PROGRESS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.HandleTable;
import org.ws2j.spi.HeapOverlapped;

/** Who polls Internal and sees the end of the operation sees its other fields as they were written. */
@JCStressTest
@Outcome(id = "-1, -1, -1", expect = ACCEPTABLE, desc = "The operation was still under way.")
@Outcome(id = "42, 7, 9", expect = ACCEPTABLE, desc = "It is over, and all fields are there.")
@Outcome(expect = FORBIDDEN, desc = "Internal was there before another field.")
@State
public class SeenByPolling {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket s = newHandle(table, CONTEXT);
    private final HeapOverlapped block = underWay();

    @Actor
    public void provider() {
        block.offset(7);
        block.offsetHigh(9);
        COMPLETIONS.complete(s, block, 0, 0, 42);
    }

    @Actor
    public void client(III_Result r) {
        boolean over = block.isCompleted();
        r.r1 = over ? (int) block.internalHigh() : -1;
        r.r2 = over ? block.offset() : -1;
        r.r3 = over ? block.offsetHigh() : -1;
    }

    private static HeapOverlapped underWay() {
        HeapOverlapped block = new HeapOverlapped();
        block.internal(WSS_OPERATION_IN_PROGRESS);
        return block;
    }
}
