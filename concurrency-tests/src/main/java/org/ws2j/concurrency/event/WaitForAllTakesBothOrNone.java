package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.left;
import static org.ws2j.concurrency.Calls.set;
import static org.ws2j.concurrency.Calls.waitForAll;
import static org.ws2j.concurrency.Host.EVENTS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaEvent;

/** A wait for all that finds one of two signaled touches neither. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both were signaled, and both were taken.")
@Outcome(id = "258, 3", expect = ACCEPTABLE, desc = "One was missing when it looked; both are left.")
@Outcome(expect = FORBIDDEN, desc = "One was taken without the other, or a time-out has taken some.")
@State
public class WaitForAllTakesBothOrNone {
    private final WsaEvent a = EVENTS.createEvent(false, false);
    private final WsaEvent b = EVENTS.createEvent(false, false);

    @Actor
    public void setter() {
        set(a);
        set(b);
    }

    @Actor
    public void looker(II_Result r) {
        r.r1 = waitForAll(a, b, 0);
    }

    @Arbiter
    public void after(II_Result r) {
        r.r2 = left(a, b);
    }
}
