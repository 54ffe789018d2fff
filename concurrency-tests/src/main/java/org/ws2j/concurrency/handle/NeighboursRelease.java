package org.ws2j.concurrency.handle;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.newHandle;
import static org.ws2j.concurrency.Host.CONTEXT;
import static org.ws2j.concurrency.Host.newHandleTable;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.HandleTable;

/** Two neighbours in one list of the register are taken out at one moment, and the third stays. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The third is there, and counted.")
@Outcome(expect = FORBIDDEN, desc = "The third is lost, or a released one is still there.")
@State
public class NeighboursRelease {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket left = newHandle(table, CONTEXT);
    private final CreatedSocket right = newHandle(table, CONTEXT);
    private final CreatedSocket staying = newHandle(table, CONTEXT);

    @Actor
    public void first() {
        table.release(left);
    }

    @Actor
    public void second() {
        table.release(right);
    }

    @Arbiter
    public void after(II_Result r) {
        r.r1 = table.alive().contains(staying) ? table.alive().size() : -1;
        r.r2 = table.count();
    }
}
