package org.ws2j.agent.nio;

import java.util.Arrays;

/** The keys that a selection has found ready for its action: in order, and what for. No objects are made once there is room. */
final class FoundKeys {
    private static final int USUAL = 8;

    private NioKey[] keys = {};
    private int[] ready = {};
    private int count;

    void add(NioKey key, int operations) {
        if (count == keys.length) {
            int room = Math.max(USUAL, 2 * count);
            keys = Arrays.copyOf(keys, room);
            ready = Arrays.copyOf(ready, room);
        }
        keys[count] = key;
        ready[count] = operations;
        count++;
    }

    int count() {
        return count;
    }

    NioKey key(int index) {
        return keys[index];
    }

    int ready(int index) {
        return ready[index];
    }

    void clear() {
        Arrays.fill(keys, 0, count, null);
        count = 0;
    }
}
