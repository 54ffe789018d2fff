package org.ws2j.concurrency.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.codeOf;
import static org.ws2j.concurrency.Host.EVENTS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaEvent;

/** An event is closed once; the second close finds no event. */
@JCStressTest
@Outcome(id = "0, 6", expect = ACCEPTABLE, desc = "The first closed it.")
@Outcome(id = "6, 0", expect = ACCEPTABLE, desc = "The second closed it.")
@Outcome(expect = FORBIDDEN, desc = "It was closed twice, or by nobody.")
@State
public class TwoClosers {
    private final WsaEvent event = EVENTS.createEvent(true, false);

    @Actor
    public void first(II_Result r) {
        r.r1 = tryClose();
    }

    @Actor
    public void second(II_Result r) {
        r.r2 = tryClose();
    }

    private int tryClose() {
        return codeOf(() -> EVENTS.closeEvent(event));
    }
}
