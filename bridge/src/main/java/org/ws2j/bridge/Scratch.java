package org.ws2j.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Native memory for the length of one call: a stack of each thread, since calls nest (a layer in C over a provider in Java over
 * a layer in C). A virtual thread has one of its own, too, whatever carries it.
 *
 * <pre>{@code
 * long mark = scratch.mark();
 * try {
 *     long cell = scratch.allocate(8);
 * } finally {
 *     scratch.release(mark);
 * }
 * }</pre>
 */
final class Scratch {
    private static final int BYTES = 16 << 10;
    private static final int OFFSET_BITS = 32;
    private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;
    private static final ThreadLocal<Scratch> CURRENT = ThreadLocal.withInitial(Scratch::new);

    /** Goes with the thread. */
    private final MemorySegment stack = Arena.ofAuto().allocate(BYTES, 16);

    private final long base = stack.address();

    /** What found no room on the stack. */
    private final Deque<Arena> overflow = new ArrayDeque<>();

    private long top;

    private Scratch() {}

    static Scratch current() {
        return CURRENT.get();
    }

    /** {@return where to go back to: how much is in use, and how many pieces lie outside} */
    long mark() {
        return top | (long) overflow.size() << OFFSET_BITS;
    }

    void release(long mark) {
        top = mark & OFFSET_MASK;
        int outside = (int) (mark >>> OFFSET_BITS);
        while (overflow.size() > outside) {
            overflow.pop().close();
        }
    }

    /** {@return the address of memory that holds anything} */
    long allocate(long bytes) {
        long rounded = (bytes + 15) & ~15L;
        if (top + rounded > BYTES) {
            return outside(rounded);
        }
        long address = base + top;
        top += rounded;
        return address;
    }

    /** Closed by {@link #release}. */
    @SuppressWarnings("MustBeClosedChecker")
    private long outside(long bytes) {
        Arena arena = Arena.ofConfined();
        overflow.push(arena);
        return arena.allocate(Math.max(bytes, 16), 16).address();
    }

    /** {@return the address of memory that holds zeros} */
    long zeroed(long bytes) {
        long address = allocate(bytes);
        Memory.zero(address, bytes);
        return address;
    }

    /** {@return the address of a cell for an error number, which is 0} */
    long errno() {
        long address = allocate(8);
        Memory.putLong(address, 0);
        return address;
    }
}
