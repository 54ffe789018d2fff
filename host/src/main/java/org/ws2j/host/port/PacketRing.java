package org.ws2j.host.port;

import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.WsaOverlapped;

/**
 * The packets of a port, first in, first out; allocates only to grow. Belongs to the port's lock.
 *
 * <p>The number of rows is a power of two. A row's object stays; its content moves to and from the objects of callers.
 */
final class PacketRing {
    private static final int INITIAL_CAPACITY = 16;

    private CompletionPacket[] rows;

    /** Counts on and wraps around; what is below the number of rows of it is the row of the first packet. */
    private int head;

    private int size;

    PacketRing() {
        clear();
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(int bytesTransferred, Object completionKey, WsaOverlapped overlapped, int error) {
        if (size == rows.length) {
            grow();
        }
        rows[(head + size) & (rows.length - 1)].set(bytesTransferred, completionKey, overlapped, error);
        size++;
    }

    /** Takes the first packet; there must be one. */
    void moveTo(CompletionPacket packet) {
        CompletionPacket first = rows[head & (rows.length - 1)];
        packet.set(first.bytesTransferred(), first.completionKey(), first.overlapped(), first.error());
        first.set(0, null, null, 0);
        head++;
        size--;
    }

    /** Drops all packets, and the room they took. */
    void clear() {
        rows = new CompletionPacket[INITIAL_CAPACITY];
        fill(rows, 0);
        head = 0;
        size = 0;
    }

    /** Running out of memory leaves the ring as it was. */
    private void grow() {
        int old = rows.length;
        CompletionPacket[] larger = new CompletionPacket[old * 2];
        for (int i = 0; i < old; i++) {
            larger[i] = rows[(head + i) & (old - 1)];
        }
        fill(larger, old);
        rows = larger;
        head = 0;
    }

    private static void fill(CompletionPacket[] rows, int from) {
        for (int i = from; i < rows.length; i++) {
            rows[i] = new CompletionPacket();
        }
    }
}
