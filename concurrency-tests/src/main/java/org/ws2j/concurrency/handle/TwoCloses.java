package org.ws2j.concurrency.handle;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.codeOf;
import static org.ws2j.concurrency.Calls.newHandle;
import static org.ws2j.concurrency.Host.CONTEXT;
import static org.ws2j.concurrency.Host.newHandleTable;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.HandleTable;

/** Of two closes by the client one goes to the provider; the other one finds no socket. */
@JCStressTest
@Outcome(id = "0, 10038", expect = ACCEPTABLE, desc = "The first closes it.")
@Outcome(id = "10038, 0", expect = ACCEPTABLE, desc = "The second closes it.")
@Outcome(expect = FORBIDDEN, desc = "Both close it, or none.")
@State
public class TwoCloses {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket s = newHandle(table, CONTEXT);

    @Actor
    public void first(II_Result r) {
        r.r1 = tryClose();
    }

    @Actor
    public void second(II_Result r) {
        r.r2 = tryClose();
    }

    private int tryClose() {
        return codeOf(() -> s.beginClose());
    }
}
