package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.waitFor;
import static org.ws2j.concurrency.Host.EVENTS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaEvent;

/** The signal of an auto-reset event goes to one of those who look. */
@JCStressTest
@Outcome(id = "0, 258", expect = ACCEPTABLE, desc = "The first took it.")
@Outcome(id = "258, 0", expect = ACCEPTABLE, desc = "The second took it.")
@Outcome(expect = FORBIDDEN, desc = "The signal was taken twice, or by nobody.")
@State
public class TwoTakersOfOneSignal {
    private final WsaEvent event = EVENTS.createEvent(false, true);

    @Actor
    public void first(II_Result r) {
        r.r1 = waitFor(event, 0);
    }

    @Actor
    public void second(II_Result r) {
        r.r2 = waitFor(event, 0);
    }

    @Arbiter
    public void after() {
        close(event);
    }
}
