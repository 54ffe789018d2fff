package org.ws2j.concurrency.apc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.queue;
import static org.ws2j.concurrency.Calls.waitAlertably;
import static org.ws2j.concurrency.Host.EVENTS;
import static org.ws2j.concurrency.Host.LONG;
import static org.ws2j.concurrency.Host.THREADS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaThreadId;

/** A procedure ends an alertable wait, and has run when the wait returns. */
@JCStressTest
@Outcome(id = "192, 1", expect = ACCEPTABLE, desc = "The wait ended by it.")
@Outcome(expect = FORBIDDEN, desc = "The wake-up was lost, or the procedure did not run on the thread.")
@State
public class AlertableWait {
    private final WsaEvent never = EVENTS.createEvent(true, false);
    private volatile WsaThreadId id;
    private int ran;

    @Actor
    public void queuer() {
        queue(awaitId(), context -> ran++, null);
    }

    @Actor
    public void target(II_Result r) {
        WsaThreadId own = THREADS.openId();
        id = own;
        r.r1 = waitAlertably(never, LONG);
        r.r2 = ran;
        close(own);
    }

    @Arbiter
    public void after() {
        close(never);
    }

    private WsaThreadId awaitId() {
        while (id == null) {
            Thread.onSpinWait();
        }
        return id;
    }
}
