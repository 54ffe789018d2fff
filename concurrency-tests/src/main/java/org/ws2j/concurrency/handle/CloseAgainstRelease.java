package org.ws2j.concurrency.handle;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.codeOf;
import static org.ws2j.concurrency.Calls.newHandle;
import static org.ws2j.concurrency.Host.CONTEXT;
import static org.ws2j.concurrency.Host.newHandleTable;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.HandleTable;

/** The provider releases a handle while the client closes it: it ends released, and never comes back. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "It is released.")
@Outcome(expect = FORBIDDEN, desc = "A released handle has come back.")
@State
public class CloseAgainstRelease {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket s = newHandle(table, CONTEXT);

    @Actor
    public void client() {
        if (codeOf(s::beginClose) == 0) {
            s.abandonClose();
        }
    }

    @Actor
    public void provider() {
        table.release(s);
    }

    @Arbiter
    public void after(I_Result r) {
        r.r1 = (s.isAlive() ? 1 : 0) + table.count();
    }
}
