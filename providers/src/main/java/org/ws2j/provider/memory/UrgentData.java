package org.ws2j.provider.memory;

import java.util.ArrayDeque;
import org.ws2j.provider.base.BufferViews;

/**
 * The urgent bytes of one direction of a connection, and the marks that they have left in the stream. Guarded by the
 * {@link Wire}.
 *
 * <p>A byte lies beside the {@link ByteRing} whether it will be received in line or not, so that SO_OOBINLINE can change at any
 * time. Its mark is the place in the ring where it would be. None is lost: several can wait.
 */
final class UrgentData {
    private static final class Mark {
        /** How many bytes leave the ring before it. */
        final long position;

        final byte value;
        boolean taken;

        Mark(long position, byte value) {
            this.position = position;
            this.value = value;
        }
    }

    private final ByteRing ring;

    /** The marks that receiving has not come past yet. */
    private final ArrayDeque<Mark> ahead = new ArrayDeque<>(2);

    /** The bytes that nobody has taken yet. */
    private final ArrayDeque<Mark> waiting = new ArrayDeque<>(2);

    private final byte[] one = new byte[1];

    UrgentData(ByteRing ring) {
        this.ring = ring;
    }

    /** Takes the last byte of a send, behind all that the ring holds. */
    void add(BufferViews last) {
        last.get(one, 0, 1);
        Mark mark = new Mark(ring.taken() + ring.size(), one[0]);
        ahead.add(mark);
        waiting.add(mark);
    }

    int size() {
        return waiting.size();
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** {@return whether receiving has come to a mark} */
    boolean isAtMark() {
        return !ahead.isEmpty() && ahead.peek().position == ring.taken();
    }

    /** {@return whether the next byte of the stream is an urgent one, where those are received in line} */
    boolean isNextInLine() {
        return isWaiting() && waiting.peek().position <= ring.taken();
    }

    /** Goes past the mark. */
    void pass() {
        ahead.poll();
    }

    /** {@return how many bytes of the ring can be received before a mark, those at which receiving stands left aside} */
    int untilMark() {
        for (Mark mark : ahead) {
            if (mark.position > ring.taken()) {
                return (int) (mark.position - ring.taken());
            }
        }
        return ring.size();
    }

    /** Copies the first byte into views, and takes it unless they only look. {@return 1, or 0 for views without room} */
    int move(BufferViews to, boolean peeks) {
        Mark mark = waiting.peek();
        one[0] = mark.value;
        int moved = to.put(one, 0, 1);
        if (moved == 1 && !peeks) {
            waiting.poll();
            mark.taken = true;
        }
        return moved;
    }

    /** Forgets the marks of bytes that were received in line. */
    void dropTaken() {
        while (!ahead.isEmpty() && ahead.peek().taken && isAtMark()) {
            ahead.poll();
        }
    }

    /** {@return whether there is neither a byte nor a mark any more} */
    boolean isDone() {
        return ahead.isEmpty() && waiting.isEmpty();
    }
}
