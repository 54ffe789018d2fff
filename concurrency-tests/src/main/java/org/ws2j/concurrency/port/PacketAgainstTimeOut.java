package org.ws2j.concurrency.port;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.newPort;
import static org.ws2j.concurrency.Calls.post;
import static org.ws2j.concurrency.Calls.take;
import static org.ws2j.concurrency.Host.BRIEF;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.CompletionPort;

/** A thread whose time is over has taken no packet; one that has taken it does not time out. */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It got the packet.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The time was over first; the packet is there for the next.")
@Outcome(expect = FORBIDDEN, desc = "The packet was lost, or came twice.")
@State
public class PacketAgainstTimeOut {
    private final CompletionPort port = newPort();

    @Actor
    public void poster() {
        post(port, 1);
    }

    @Actor
    public void taker(II_Result r) {
        r.r1 = take(port, BRIEF);
    }

    @Arbiter
    public void after(II_Result r) {
        r.r2 = take(port, 0);
        close(port);
    }
}
