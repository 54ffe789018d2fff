package org.ws2j.concurrency.apc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.codeOf;
import static org.ws2j.concurrency.Host.EVENTS;
import static org.ws2j.concurrency.Host.THREADS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaThreadId;

/** A procedure queued to an id while that is closed is refused, or runs. */
@JCStressTest
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It was queued, and ran although the id was closed.")
@Outcome(id = "10014, 0", expect = ACCEPTABLE, desc = "The id was closed already; nothing ran.")
@Outcome(expect = FORBIDDEN, desc = "What was queued did not run, or what was refused did.")
@State
public class QueueAgainstClose {
    private volatile WsaThreadId id;
    private volatile boolean tried;
    private int ran;

    @Actor
    public void queuer(II_Result r) {
        WsaThreadId target = awaitId();
        r.r1 = codeOf(() -> THREADS.queueApc(target, context -> ran++, null));
        tried = true;
    }

    @Actor
    public void target(II_Result r) {
        WsaThreadId own = THREADS.openId();
        id = own;
        close(own);
        while (!tried) {
            Thread.onSpinWait();
        }
        EVENTS.sleepEx(0, true);
        r.r2 = ran;
    }

    private WsaThreadId awaitId() {
        while (id == null) {
            Thread.onSpinWait();
        }
        return id;
    }
}
