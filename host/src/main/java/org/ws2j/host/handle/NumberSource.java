package org.ws2j.host.handle;

import java.util.ArrayDeque;

/**
 * Numbers for handles, given out only where somebody asks for one: in print, and at the border to C.
 *
 * <pre>
 *   bit 31   30        22 21                 2 1 0
 *       0   | generation |       index        | 0 0 |
 * </pre>
 *
 * <p>So a number is positive, a multiple of 4, below 2<sup>31</sup>, and above any file descriptor, because the generation
 * starts at 1. An index is used again only after {@value #QUARANTINE} others have become free, first in, first out, and then
 * with the next generation.
 */
final class NumberSource {
    /** How many handles there can be: fewer than numbers, so that one can always be given out. */
    static final int MOST = 1_000_000;

    private static final int GENERATIONS = 1 << 9;
    private static final int INDEX_BITS = 20;

    /** How many indices there are. */
    static final int PLACES = 1 << INDEX_BITS;

    private static final int QUARANTINE = 1024;

    /** Guarded by this: numbers given up, the oldest first. */
    private final ArrayDeque<Integer> givenUp = new ArrayDeque<>();

    /** Guarded by this: the first index that was never used. */
    private int nextIndex = 1;

    synchronized int take() {
        return next();
    }

    synchronized void giveUp(int number) {
        givenUp.add(number);
    }

    private int next() {
        if (givenUp.size() > QUARANTINE || nextIndex >= 1 << INDEX_BITS) {
            int old = givenUp.remove();
            int generation = (old >>> (INDEX_BITS + 2)) + 1;
            int index = (old >>> 2) & ((1 << INDEX_BITS) - 1);
            return number(generation == GENERATIONS ? 1 : generation, index);
        }
        return number(1, nextIndex++);
    }

    /** {@return the part of a number that stays through its generations; no two numbers in use have the same} */
    static int index(int number) {
        return (number >>> 2) & (PLACES - 1);
    }

    private static int number(int generation, int index) {
        return (generation << (INDEX_BITS + 2)) | (index << 2);
    }
}
