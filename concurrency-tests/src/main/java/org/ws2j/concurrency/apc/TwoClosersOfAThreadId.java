package org.ws2j.concurrency.apc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.codeOf;
import static org.ws2j.concurrency.Host.THREADS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaThreadId;

/** A thread id is closed once, by whatever thread. */
@JCStressTest
@Outcome(id = "0, 10022", expect = ACCEPTABLE, desc = "The first closed it.")
@Outcome(id = "10022, 0", expect = ACCEPTABLE, desc = "The second closed it.")
@Outcome(expect = FORBIDDEN, desc = "It was closed twice, or by nobody.")
@State
public class TwoClosersOfAThreadId {
    private final WsaThreadId id = THREADS.openId();

    @Actor
    public void first(II_Result r) {
        r.r1 = tryClose();
    }

    @Actor
    public void second(II_Result r) {
        r.r2 = tryClose();
    }

    private int tryClose() {
        return codeOf(() -> THREADS.close(id));
    }
}
