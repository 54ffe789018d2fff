package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.set;
import static org.ws2j.concurrency.Calls.waitFor;
import static org.ws2j.concurrency.Host.EVENTS;
import static org.ws2j.concurrency.Host.LONG;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaEvent;

/** A set wakes the waiter, who sees what was written before. */
@JCStressTest
@Outcome(id = "0, 1", expect = ACCEPTABLE,
        desc = "The wait ended by the event, and what was written before the set is seen.")
@Outcome(expect = FORBIDDEN, desc = "The wake-up was lost, or the waiter does not see what was written before the set.")
@State
public class SetAndWait {
    private final WsaEvent event = EVENTS.createEvent(true, false);
    private int written;

    @Actor
    public void setter() {
        written = 1;
        set(event);
    }

    @Actor
    public void waiter(II_Result r) {
        r.r1 = waitFor(event, LONG);
        r.r2 = written;
    }

    @Arbiter
    public void after() {
        close(event);
    }
}
