package org.ws2j.bench.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes that all threads together allocate for one operation of a side. */
public final class Allocation {
    private static final int OPERATIONS = 10_000;
    private static final int QUICK_OPERATIONS = 200;

    private final Plan plan;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    public Allocation(Plan plan) {
        this.plan = plan;
    }

    /** {@return bytes per operation, warmed up before} */
    public Interval of(Side side) throws Exception {
        int operations = plan.isQuick() ? QUICK_OPERATIONS : OPERATIONS;
        warmUp(side, operations);
        double[] bytes = new double[plan.isQuick() ? 3 : 7];
        for (int i = 0; i < bytes.length; i++) {
            long before = threads.getTotalThreadAllocatedBytes();
            side.run(operations);
            bytes[i] = (double) (threads.getTotalThreadAllocatedBytes() - before - ownBytes()) / operations;
        }
        return Bootstrap.ofMedian(bytes);
    }

    /** The compiler takes an allocation away only when it has seen enough. */
    private void warmUp(Side side, int operations) throws Exception {
        long end = System.nanoTime() + plan.warmUp().toNanos();
        do {
            side.run(operations);
        } while (System.nanoTime() < end);
    }

    /** What asking costs. */
    private long ownBytes() {
        long before = threads.getTotalThreadAllocatedBytes();
        return threads.getTotalThreadAllocatedBytes() - before;
    }
}
