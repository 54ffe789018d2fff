package org.ws2j.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
        // One that lives on: what a thread has allocated is in no count for a moment while it ends.
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Interval bytes = new Allocation(Plan.QUICK).of(Side.of("thread",
                    n -> other.submit(() -> kept = new byte[n * 1_000]).get()));
            assertThat(bytes.median()).isBetween(1_000.0, 1_100.0);
        }
    }
}
