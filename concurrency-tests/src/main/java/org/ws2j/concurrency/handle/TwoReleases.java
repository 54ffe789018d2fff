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
import org.openjdk.jcstress.infra.results.III_Result;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.HandleTable;

/** A handle is released once; the second release finds no handle. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The first released it.")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "The second released it.")
@Outcome(expect = FORBIDDEN, desc = "It was released twice or not at all, or is still counted.")
@State
public class TwoReleases {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket s = newHandle(table, CONTEXT);

    @Actor
    public void first(III_Result r) {
        r.r1 = table.release(s) ? 1 : 0;
    }

    @Actor
    public void second(III_Result r) {
        r.r2 = table.release(s) ? 1 : 0;
    }

    @Arbiter
    public void after(III_Result r) {
        r.r3 = table.count();
    }
}
