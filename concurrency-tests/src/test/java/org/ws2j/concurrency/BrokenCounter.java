package org.ws2j.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Not a test of the host, but one that fails: a count that two threads share without a lock, and that nobody reaches. */
@JCStressTest
@Outcome(id = "3", expect = ACCEPTABLE, desc = "More than two threads can count.")
@Outcome(expect = FORBIDDEN, desc = "What they do count.")
@State
public class BrokenCounter {
    private int count;

    @Actor
    public void first() {
        count++;
    }

    @Actor
    public void second() {
        count++;
    }

    @Arbiter
    public void after(I_Result r) {
        r.r1 = count;
    }
}
