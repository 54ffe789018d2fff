package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.left;
import static org.ws2j.concurrency.Calls.set;
import static org.ws2j.concurrency.Calls.waitForAny;
import static org.ws2j.concurrency.Host.EVENTS;
import static org.ws2j.concurrency.Host.LONG;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaEvent;

/** A wait for any takes one signal, that of the lowest index that is signaled. */
@JCStressTest
@Outcome(id = "0, 2", expect = ACCEPTABLE,
        desc = "It took the first event, which was set first; the second is there for the next.")
@Outcome(expect = FORBIDDEN, desc = "It took another, both or none, or it missed the wake-up.")
@State
public class WaitForAnyTakesTheLowest {
    private final WsaEvent a = EVENTS.createEvent(false, false);
    private final WsaEvent b = EVENTS.createEvent(false, false);

    @Actor
    public void setter() {
        set(a);
        set(b);
    }

    @Actor
    public void waiter(II_Result r) {
        r.r1 = waitForAny(a, b, LONG);
    }

    @Arbiter
    public void after(II_Result r) {
        r.r2 = left(a, b);
    }
}
