package org.ws2j.bench.measure;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** How much of the heap is reachable. */
public final class Heap {
    private static final int COLLECTIONS = 3;

    private Heap() {}

    /** {@return bytes in use after collections} */
    public static long used() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        // The first question makes megabytes of garbage itself.
        Sink.take(memory.getHeapMemoryUsage());
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
