package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.left;
import static org.ws2j.concurrency.Calls.waitForAll;
import static org.ws2j.concurrency.Host.EVENTS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.ws2j.spi.WsaEvent;

/** Two waits for all, in opposite order, do not block each other, and one of them is satisfied. */
@JCStressTest
@Outcome(id = "0, 258, 0", expect = ACCEPTABLE, desc = "The first took both.")
@Outcome(id = "258, 0, 0", expect = ACCEPTABLE, desc = "The second took both.")
@Outcome(expect = FORBIDDEN, desc = "Each took one, or both waits were satisfied by the same signals.")
@State
public class TwoWaitsForAll {
    private final WsaEvent a = EVENTS.createEvent(false, true);
    private final WsaEvent b = EVENTS.createEvent(false, true);

    @Actor
    public void first(III_Result r) {
        r.r1 = waitForAll(a, b, 0);
    }

    @Actor
    public void second(III_Result r) {
        r.r2 = waitForAll(b, a, 0);
    }

    @Arbiter
    public void after(III_Result r) {
        r.r3 = left(a, b);
    }
}
