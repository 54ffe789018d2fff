package org.ws2j.concurrency.port;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.newPort;
import static org.ws2j.concurrency.Calls.post;
import static org.ws2j.concurrency.Calls.take;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.ws2j.spi.CompletionPort;

/** A packet goes to one of two threads. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The first got it.")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "The second got it.")
@Outcome(expect = FORBIDDEN, desc = "Both got it, or none.")
@State
public class OnePacketOnce {
    private final CompletionPort port = newPort();

    public OnePacketOnce() {
        post(port, 1);
    }

    @Actor
    public void first(III_Result r) {
        r.r1 = take(port, 0);
    }

    @Actor
    public void second(III_Result r) {
        r.r2 = take(port, 0);
    }

    @Arbiter
    public void after(III_Result r) {
        r.r3 = take(port, 0);
        close(port);
    }
}
