package org.ws2j.concurrency.port;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.codeOf;
import static org.ws2j.concurrency.Calls.newPort;
import static org.ws2j.concurrency.Host.PORTS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;

/** A packet posted while the port is closed goes with it, or is refused; the port stays closed. */
@JCStressTest
@Outcome(id = "0, 6", expect = ACCEPTABLE, desc = "It was posted before the close.")
@Outcome(id = "6, 6", expect = ACCEPTABLE, desc = "It was refused.")
@Outcome(expect = FORBIDDEN, desc = "Another answer, or a closed port that gives packets.")
@State
public class CloseAgainstPost {
    private final CompletionPort port = newPort();

    @Actor
    public void closer() {
        close(port);
    }

    @Actor
    public void poster(II_Result r) {
        r.r1 = codeOf(() -> PORTS.postQueuedCompletionStatus(port, 1, null, null));
    }

    @Arbiter
    public void after(II_Result r) {
        r.r2 = codeOf(() -> PORTS.getQueuedCompletionStatus(port, new CompletionPacket(), 0));
    }
}
