package org.ws2j.concurrency.port;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.newPort;
import static org.ws2j.concurrency.Calls.post;
import static org.ws2j.concurrency.Calls.take;
import static org.ws2j.concurrency.Host.LONG;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.ws2j.spi.CompletionPort;

/** Packets of one thread come in the order in which it posted them. */
@JCStressTest
@Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "In order.")
@Outcome(expect = FORBIDDEN, desc = "Another order, one was lost, or one came twice.")
@State
public class Fifo {
    private final CompletionPort port = newPort();

    @Actor
    public void poster() {
        post(port, 1);
        post(port, 2);
    }

    @Actor
    public void taker(III_Result r) {
        r.r1 = take(port, LONG);
        r.r2 = take(port, LONG);
    }

    @Arbiter
    public void after(III_Result r) {
        r.r3 = take(port, 0);
        close(port);
    }
}
