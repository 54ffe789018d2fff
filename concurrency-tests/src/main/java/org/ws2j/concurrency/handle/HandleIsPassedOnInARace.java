package org.ws2j.concurrency.handle;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.newHandle;
import static org.ws2j.concurrency.Host.CONTEXT;
import static org.ws2j.concurrency.Host.newHandleTable;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.HandleTable;

/** A thread that gets a handle in a race sees its context, as with a number in C. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "It did not see the handle yet.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "It saw the handle with its context.")
@Outcome(expect = FORBIDDEN, desc = "It saw the handle without its context.")
@State
public class HandleIsPassedOnInARace {
    private final HandleTable table = newHandleTable();
    private CreatedSocket passed;

    @Actor
    public void maker() {
        passed = newHandle(table, CONTEXT);
    }

    @Actor
    public void user(I_Result r) {
        CreatedSocket s = passed;
        r.r1 = s == null ? 0 : s.context() == CONTEXT && table.created(s) == s ? 1 : 2;
    }
}
