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

/** Who looks a handle up while it is released finds it with its context, or does not find it. */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It was found before its release.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "It was gone already.")
@Outcome(expect = FORBIDDEN, desc = "It was found without its context, or is found after its release.")
@State
public class LookUpAgainstRelease {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket s = newHandle(table, CONTEXT);

    @Actor
    public void releaser() {
        table.release(s);
    }

    @Actor
    public void looker(II_Result r) {
        r.r1 = lookUp();
    }

    @Arbiter
    public void after(II_Result r) {
        r.r2 = lookUp();
    }

    private int lookUp() {
        CreatedSocket found = table.created(s);
        return found == null ? 0 : found.context() == CONTEXT ? 1 : 2;
    }
}
