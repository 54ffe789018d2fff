package org.ws2j.concurrency.apc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.queue;
import static org.ws2j.concurrency.Calls.set;
import static org.ws2j.concurrency.Calls.waitAlertably;
import static org.ws2j.concurrency.Calls.waitFor;
import static org.ws2j.concurrency.Host.EVENTS;
import static org.ws2j.concurrency.Host.LONG;
import static org.ws2j.concurrency.Host.THREADS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaThreadId;

/** An alertable wait ends by a procedure or by a signal, and loses neither. */
@JCStressTest
@Outcome(id = "192, 1, 0", expect = ACCEPTABLE, desc = "It ended by the procedure; the signal is there for the next.")
@Outcome(id = "0, 1, 258", expect = ACCEPTABLE,
        desc = "It took the signal; the procedure ran in the next alertable wait.")
@Outcome(expect = FORBIDDEN, desc = "The procedure or the signal was lost.")
@State
public class ProcedureAgainstSignal {
    private final WsaEvent event = EVENTS.createEvent(false, false);
    private volatile WsaThreadId id;
    private int ran;

    @Actor
    public void queuer() {
        queue(awaitId(), context -> ran++, null);
        set(event);
    }

    @Actor
    public void target(III_Result r) {
        WsaThreadId own = THREADS.openId();
        id = own;
        r.r1 = waitAlertably(event, LONG);
        EVENTS.sleepEx(0, true);
        r.r2 = ran;
        close(own);
    }

    @Arbiter
    public void after(III_Result r) {
        r.r3 = waitFor(event, 0);
        close(event);
    }

    private WsaThreadId awaitId() {
        while (id == null) {
            Thread.onSpinWait();
        }
        return id;
    }
}
