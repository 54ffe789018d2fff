package org.ws2j.layer;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the start-ups of a layer that no clean-up has matched. It begins with one; once it is over, it stays so.
 */
final class LayerUses {
    private final AtomicInteger count = new AtomicInteger(1);

    /** Counts one more, unless the last one is gone. */
    boolean acquire() {
        return count.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    /** Takes one off, and returns what is left; -1 if there was none. */
    int release() {
        int before = count.getAndUpdate(n -> n == 0 ? 0 : n - 1);
        return before - 1;
    }

    boolean isOver() {
        return count.get() == 0;
    }
}
