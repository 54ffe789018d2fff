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

/** A handle is made while another one is released. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The new one is there, and counted.")
@Outcome(expect = FORBIDDEN, desc = "The new one is lost, or the released one is still there.")
@State
public class CreateAgainstRelease {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket s = newHandle(table, CONTEXT);
    private CreatedSocket made;

    @Actor
    public void maker() {
        made = newHandle(table, CONTEXT);
    }

    @Actor
    public void releaser() {
        table.release(s);
    }

    @Arbiter
    public void after(II_Result r) {
        r.r1 = table.alive().contains(made) ? table.alive().size() : -1;
        r.r2 = table.count();
    }
}
