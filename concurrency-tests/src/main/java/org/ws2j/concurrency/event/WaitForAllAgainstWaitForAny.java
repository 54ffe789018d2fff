package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.left;
import static org.ws2j.concurrency.Calls.waitForAll;
import static org.ws2j.concurrency.Calls.waitForAny;
import static org.ws2j.concurrency.Host.EVENTS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.ws2j.spi.WsaEvent;

/** A wait for all and one for any share two signals without half a bargain. */
@JCStressTest
@Outcome(id = "0, 258, 0", expect = ACCEPTABLE, desc = "The wait for all took both; nothing was left for the other.")
@Outcome(id = "258, 0, 2", expect = ACCEPTABLE, desc = "The wait for any took the first; the second is left.")
@Outcome(expect = FORBIDDEN, desc = "Both waits were satisfied, or none, or a signal was lost.")
@State
public class WaitForAllAgainstWaitForAny {
    private final WsaEvent a = EVENTS.createEvent(false, true);
    private final WsaEvent b = EVENTS.createEvent(false, true);

    @Actor
    public void all(III_Result r) {
        r.r1 = waitForAll(a, b, 0);
    }

    @Actor
    public void any(III_Result r) {
        r.r2 = waitForAny(a, b, 0);
    }

    @Arbiter
    public void after(III_Result r) {
        r.r3 = left(a, b);
    }
}
