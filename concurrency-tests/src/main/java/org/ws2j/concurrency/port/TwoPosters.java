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

/** Two packets posted at one moment both come, once each. */
@JCStressTest
@Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "The first was first.")
@Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "The second was first.")
@Outcome(expect = FORBIDDEN, desc = "One was lost, or came twice.")
@State
public class TwoPosters {
    private final CompletionPort port = newPort();

    @Actor
    public void first() {
        post(port, 1);
    }

    @Actor
    public void second() {
        post(port, 2);
    }

    @Arbiter
    public void after(III_Result r) {
        r.r1 = take(port, 0);
        r.r2 = take(port, 0);
        r.r3 = take(port, 0);
        close(port);
    }
}
