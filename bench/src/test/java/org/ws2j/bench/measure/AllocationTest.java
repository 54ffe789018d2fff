package org.ws2j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AllocationTest {
    private static volatile Object kept;

    @Test
    void seesAnObjectOfEachOperation() throws Exception {
        Interval bytes = new Allocation(Plan.QUICK).of(Side.of("arrays", n -> {
            for (int i = 0; i < n; i++) {
                kept = new byte[1_000];
            }
        }));
        assertThat(bytes.median()).isBetween(1_000.0, 1_100.0);
        assertThat(kept).isNotNull();
    }

    @Test
    void seesWhatAnotherThreadAllocates() throws Exception {
        Interval bytes = new Allocation(Plan.QUICK).of(Side.of("thread", n -> {
            Thread thread = new Thread(() -> kept = new byte[n * 1_000]);
            thread.start();
            thread.join();
        }));
        assertThat(bytes.median()).isBetween(1_000.0, 1_100.0);
    }
}
