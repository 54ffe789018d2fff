package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.left;
import static org.ws2j.concurrency.Calls.set;
import static org.ws2j.concurrency.Calls.waitForAll;
import static org.ws2j.concurrency.Host.EVENTS;
import static org.ws2j.concurrency.Host.LONG;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaEvent;

/** Whoever sets the last of the events wakes the wait for all. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both were taken.")
@Outcome(expect = FORBIDDEN, desc = "The wake-up was lost, or not both were taken.")
@State
public class WaitForAllWakes {
    private final WsaEvent a = EVENTS.createEvent(false, false);
    private final WsaEvent b = EVENTS.createEvent(false, false);

    @Actor
    public void setter() {
        set(b);
        set(a);
    }

    @Actor
    public void waiter(II_Result r) {
        r.r1 = waitForAll(a, b, LONG);
    }

    @Arbiter
    public void after(II_Result r) {
        r.r2 = left(a, b);
    }
}
