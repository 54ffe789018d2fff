package org.ws2j.concurrency.port;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.codeOf;
import static org.ws2j.concurrency.Calls.newPort;
import static org.ws2j.concurrency.Host.LONG;
import static org.ws2j.concurrency.Host.PORTS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;

/** Closing a port ends the wait at it. */
@JCStressTest
@Outcome(id = "735", expect = ACCEPTABLE, desc = "The port was closed while the thread waited.")
@Outcome(id = "6", expect = ACCEPTABLE, desc = "The port was closed before the thread came.")
@Outcome(expect = FORBIDDEN, desc = "The wait went on, or ended with something else.")
@State
public class CloseWhileWaiting {
    private final CompletionPort port = newPort();

    @Actor
    public void closer() {
        close(port);
    }

    @Actor
    public void waiter(I_Result r) {
        r.r1 = codeOf(() -> PORTS.getQueuedCompletionStatus(port, new CompletionPacket(), LONG));
    }
}
