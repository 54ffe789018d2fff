package org.ws2j.host.port;

import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.WsaOverlapped;

/**
 * The packets of a port, first in, first out; allocates only to grow. Belongs to the port's lock.
 *
 * <p>The number of rows is a power of two; rows stay, only their content changes. Head and tail count on and wrap around.
 */
final class PacketRing {
    private static final int INITIAL_CAPACITY = 16;

    private static final class Row {
        private int bytesTransferred;
        private Object completionKey;
        private WsaOverlapped overlapped;
        private int error;
    }

    private Row[] rows;

    /** How many packets have been taken. */
    private int head;

    /** How many packets have been added. */
    private int tail;

    PacketRing() {
        clear();
    }

    boolean isEmpty() {
        return head == tail;
    }

    void add(int bytesTransferred, Object completionKey, WsaOverlapped overlapped, int error) {
        if (tail - head == rows.length) {
            grow();
        }
        Row last = row(tail);
        last.bytesTransferred = bytesTransferred;
        last.completionKey = completionKey;
        last.overlapped = overlapped;
        last.error = error;
        tail++;
    }

    /** Takes the first packet; there must be one. */
    void moveTo(CompletionPacket packet) {
        Row first = row(head);
        packet.set(first.bytesTransferred, first.completionKey, first.overlapped, first.error);
        first.completionKey = null;
        first.overlapped = null;
        head++;
    }

    /** Drops all packets, and the room they took. */
    void clear() {
        rows = new Row[INITIAL_CAPACITY];
        fill(rows, 0);
        head = 0;
        tail = 0;
    }

    private Row row(int position) {
        return rows[position & (rows.length - 1)];
    }

    /** Running out of memory leaves the ring as it was. */
    private void grow() {
        int old = rows.length;
        Row[] larger = new Row[old * 2];
        for (int i = 0; i < old; i++) {
            larger[i] = row(head + i);
        }
        fill(larger, old);
        rows = larger;
        head = 0;
        tail = old;
    }

    private static void fill(Row[] rows, int from) {
        for (int i = from; i < rows.length; i++) {
            rows[i] = new Row();
        }
    }
}
