package org.ws2j.concurrency.apc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.queue;
import static org.ws2j.concurrency.Host.EVENTS;
import static org.ws2j.concurrency.Host.LONG;
import static org.ws2j.concurrency.Host.THREADS;
import static org.ws2j.spi.Waits.WSA_WAIT_IO_COMPLETION;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.ws2j.spi.WsaThreadId;

/** Procedures run in the order in which they were queued. */
@JCStressTest
@Outcome(id = "123", expect = ACCEPTABLE, desc = "All three, in order.")
@Outcome(expect = FORBIDDEN, desc = "Another order, one was lost, or one ran twice.")
@State
public class Order {
    private volatile WsaThreadId id;
    private int ran;

    @Actor
    public void queuer() {
        WsaThreadId target = awaitId();
        for (int number = 1; number <= 3; number++) {
            queue(target, this::run, number);
        }
    }

    @Actor
    public void target(I_Result r) {
        WsaThreadId own = THREADS.openId();
        id = own;
        int end = WSA_WAIT_IO_COMPLETION;
        while (ran < 100 && end == WSA_WAIT_IO_COMPLETION) {
            end = EVENTS.sleepEx(LONG, true);
        }
        close(own);
        r.r1 = ran;
    }

    private void run(Object number) {
        ran = ran * 10 + (int) number;
    }

    private WsaThreadId awaitId() {
        while (id == null) {
            Thread.onSpinWait();
        }
        return id;
    }
}
