package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Selectors for threads that wait: not for all of them. */
@Timeout(60)
final class WaiterPoolTest {
    private static final int MOST = 128;

    private final WaiterPool pool = new WaiterPool(SelectorProvider.provider(), null);

    @AfterEach
    void end() throws Exception {
        pool.close();
    }

    private List<SelectorWaiter> takeAll() throws Exception {
        List<SelectorWaiter> taken = new ArrayList<>();
        while (pool.hasOne()) {
            taken.add(pool.takeSelector());
        }
        return taken;
    }

    @Test
    void soManyAreInUseAtOnceForTransfers() throws Exception {
        List<SelectorWaiter> taken = takeAll();
        assertThat(taken).hasSize(MOST);
        pool.giveBack(taken.removeLast());
        assertThat(pool.hasOne()).isTrue();
        for (SelectorWaiter waiter : taken) {
            pool.giveBack(waiter);
        }
    }

    @Test
    void whatLiesHereIsThereForTheNextOnes() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<SelectorWaiter> taken = takeAll();
            assertThat(taken).hasSize(MOST);
            for (SelectorWaiter waiter : taken) {
                pool.giveBack(waiter);
            }
        }
    }

    @Test
    void aVirtualThreadHasNone() throws Exception {
        List<Boolean> answers = new ArrayList<>();
        Thread.ofVirtual().start(() -> answers.add(pool.hasOne())).join();
        assertThat(answers).containsExactly(false);
    }
}
