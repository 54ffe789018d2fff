package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A selector that one thread has, and that another one takes closed channels out of. */
@Timeout(60)
final class SharedSelectorTest {
    /** At the first look at whether it is open, another thread closes it, as far as it gets. */
    private static final class ClosedMeanwhile extends Selector {
        private SharedSelector shared;
        private Thread closing;
        private volatile boolean isClosed;

        @Override
        public boolean isOpen() {
            boolean isOpen = !isClosed;
            if (closing == null) {
                closing = Thread.ofPlatform().start(this::closeShared);
                while (closing.getState() != Thread.State.WAITING && closing.isAlive()) {
                    Thread.onSpinWait();
                }
            }
            return isOpen;
        }

        private void closeShared() {
            try {
                shared.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void checkOpen() {
            if (isClosed) {
                throw new ClosedSelectorException();
            }
        }

        @Override
        public SelectorProvider provider() {
            return SelectorProvider.provider();
        }

        @Override
        public Set<SelectionKey> keys() {
            checkOpen();
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            checkOpen();
            return new HashSet<>();
        }

        @Override
        public int selectNow() {
            checkOpen();
            return 0;
        }

        @Override
        public int select(long timeout) {
            return selectNow();
        }

        @Override
        public int select() {
            return selectNow();
        }

        @Override
        public Selector wakeup() {
            return this;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    @Test
    void aFlushIsNotDisturbedByAClose() throws Exception {
        ClosedMeanwhile selector = new ClosedMeanwhile();
        selector.shared = new SharedSelector(selector);
        selector.shared.flushAll();
        selector.closing.join();
        assertThat(selector.isClosed).isTrue();
    }

    @Test
    void aFlushFindsNothingInOneThatIsClosed() throws Exception {
        SharedSelector shared = new SharedSelector(Selector.open());
        shared.close();
        shared.flush();
        shared.flushAll();
    }
}
