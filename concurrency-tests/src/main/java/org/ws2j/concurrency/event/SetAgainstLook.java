package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
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

/** Who looks at an auto-reset event while it is set takes the signal, or leaves it to the next. */
@JCStressTest
@Outcome(id = "0, 258", expect = ACCEPTABLE, desc = "The look took the signal.")
@Outcome(id = "258, 0", expect = ACCEPTABLE, desc = "The look came first; the signal is there for the next.")
@Outcome(expect = FORBIDDEN, desc = "The signal was lost, or was taken and is still there.")
@State
public class SetAgainstLook {
    private final WsaEvent event = EVENTS.createEvent(false, false);

    @Actor
    public void setter() {
        set(event);
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
