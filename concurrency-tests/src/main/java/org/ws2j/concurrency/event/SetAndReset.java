package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.reset;
import static org.ws2j.concurrency.Calls.set;
import static org.ws2j.concurrency.Calls.waitFor;
import static org.ws2j.concurrency.Host.EVENTS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaEvent;

/** A reset ends what a set began, and a look in between sees either. */
@JCStressTest
@Outcome(id = "0, 258", expect = ACCEPTABLE, desc = "The look came while the event was signaled.")
@Outcome(id = "258, 258", expect = ACCEPTABLE, desc = "The look came before the set, or after the reset.")
@Outcome(expect = FORBIDDEN, desc = "The signal outlived the reset.")
@State
public class SetAndReset {
    private final WsaEvent event = EVENTS.createEvent(true, false);

    @Actor
    public void setter() {
        set(event);
        reset(event);
    }

    @Actor
    public void looker(II_Result r) {
        r.r1 = waitFor(event, 0);
    }

    @Arbiter
    public void after(II_Result r) {
        r.r2 = waitFor(event, 0);
        close(event);
    }
}
