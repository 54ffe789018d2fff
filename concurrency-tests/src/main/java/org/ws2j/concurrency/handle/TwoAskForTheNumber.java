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

/** Two threads that print a handle for the first time see the same number. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "One number, a multiple of 4.")
@Outcome(expect = FORBIDDEN, desc = "Two numbers for one handle, or none.")
@State
public class TwoAskForTheNumber {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket s = newHandle(table, CONTEXT);
    private int seen;

    @Actor
    public void first() {
        seen = s.number();
    }

    @Actor
    public void second(II_Result r) {
        r.r1 = s.number();
    }

    @Arbiter
    public void after(II_Result r) {
        r.r2 = seen == s.number() && seen > 0 ? 1 : 0;
        r.r1 = r.r1 == seen && seen % 4 == 0 ? 1 : 0;
    }
}
