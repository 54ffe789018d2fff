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
import org.ws2j.host.handle.HandleTable;

/** Two handles made at one moment are both in the register. */
@JCStressTest
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "Both are there, and counted.")
@Outcome(expect = FORBIDDEN, desc = "One is missing.")
@State
public class TwoCreators {
    private final HandleTable table = newHandleTable();

    @Actor
    public void first() {
        newHandle(table, CONTEXT);
    }

    @Actor
    public void second() {
        newHandle(table, CONTEXT);
    }

    @Arbiter
    public void after(II_Result r) {
        r.r1 = table.alive().size();
        r.r2 = table.count();
    }
}
