package org.ws2j.concurrency.overlapped;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.newHandle;
import static org.ws2j.concurrency.Calls.waitFor;
import static org.ws2j.concurrency.Host.COMPLETIONS;
import static org.ws2j.concurrency.Host.CONTEXT;
import static org.ws2j.concurrency.Host.EVENTS;
import static org.ws2j.concurrency.Host.LONG;
import static org.ws2j.concurrency.Host.newHandleTable;
import static org.ws2j.spi.WsaOverlapped.WSS_OPERATION_IN_PROGRESS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.HandleTable;
import org.ws2j.spi.HeapOverlapped;

/** Who was woken by the event of the block sees all its fields. */
@JCStressTest
@Outcome(id = "0, 0, 42, 7", expect = ACCEPTABLE, desc = "The wait ended by the event, and all fields are there.")
@Outcome(expect = FORBIDDEN, desc = "The wake-up was lost, or a field was not there yet.")
@State
public class SeenByEvent {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket s = newHandle(table, CONTEXT);
    private final HeapOverlapped block = underWay();

    @Actor
    public void provider() {
        block.offset(7);
        COMPLETIONS.complete(s, block, 0, 0, 42);
    }

    @Actor
    public void client(IIII_Result r) {
        r.r1 = waitFor(block.hEvent(), LONG);
        r.r2 = (int) block.internal();
        r.r3 = (int) block.internalHigh();
        r.r4 = block.offset();
    }

    @Arbiter
    public void after() {
        close(block.hEvent());
    }

    private static HeapOverlapped underWay() {
        HeapOverlapped block = new HeapOverlapped(EVENTS.createEvent(true, false));
        block.internal(WSS_OPERATION_IN_PROGRESS);
        return block;
    }
}
