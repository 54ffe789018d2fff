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

/** Two sets of an auto-reset event make one signal. */
@JCStressTest
@Outcome(id = "0, 258", expect = ACCEPTABLE, desc = "One signal, for one wait.")
@Outcome(expect = FORBIDDEN, desc = "Signals were counted, or none was left.")
@State
public class TwoSetsOfAutoReset {
    private final WsaEvent event = EVENTS.createEvent(false, false);

    @Actor
    public void first() {
        set(event);
    }

    @Actor
    public void second() {
        set(event);
    }

    @Arbiter
    public void after(II_Result r) {
        r.r1 = waitFor(event, 0);
        r.r2 = waitFor(event, 0);
        close(event);
    }
}
