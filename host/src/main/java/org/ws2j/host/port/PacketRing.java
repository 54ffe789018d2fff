package org.ws2j.host.port;

import java.util.Arrays;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.WsaOverlapped;

/**
 * The packets of a port, first in, first out; allocates only to grow. Belongs to the port's lock.
 *
 * <p>A packet lies in one row of four parallel arrays, whose length is a power of two.
 */
final class PacketRing {
    private static final int INITIAL_CAPACITY = 16;

    private int[] bytes;
    private Object[] keys;
    private WsaOverlapped[] blocks;
    private int[] errors;
    private int head;
    private int size;

    PacketRing() {
        clear();
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(int bytesTransferred, Object completionKey, WsaOverlapped overlapped, int error) {
        if (size == keys.length) {
            grow();
        }
        int row = (head + size) & (keys.length - 1);
        bytes[row] = bytesTransferred;
        keys[row] = completionKey;
        blocks[row] = overlapped;
        errors[row] = error;
        size++;
    }

    /** Takes the first packet; there must be one. */
    void moveTo(CompletionPacket packet) {
        packet.set(bytes[head], keys[head], blocks[head], errors[head]);
        keys[head] = null;
        blocks[head] = null;
        head = (head + 1) & (keys.length - 1);
        size--;
    }

    /** Drops all packets, and the room they took. */
    void clear() {
        bytes = new int[INITIAL_CAPACITY];
        keys = new Object[INITIAL_CAPACITY];
        blocks = new WsaOverlapped[INITIAL_CAPACITY];
        errors = new int[INITIAL_CAPACITY];
        head = 0;
        size = 0;
    }

    private void grow() {
        int old = keys.length;
        // All four before any field changes: running out of memory must leave the ring as it was.
        int[] newBytes = Arrays.copyOf(bytes, old * 2);
        Object[] newKeys = Arrays.copyOf(keys, old * 2);
        WsaOverlapped[] newBlocks = Arrays.copyOf(blocks, old * 2);
        int[] newErrors = Arrays.copyOf(errors, old * 2);
        // What had wrapped around to the front follows the rest now.
        System.arraycopy(bytes, 0, newBytes, old, head);
        System.arraycopy(keys, 0, newKeys, old, head);
        System.arraycopy(blocks, 0, newBlocks, old, head);
        System.arraycopy(errors, 0, newErrors, old, head);
        Arrays.fill(newKeys, 0, head, null);
        Arrays.fill(newBlocks, 0, head, null);
        bytes = newBytes;
        keys = newKeys;
        blocks = newBlocks;
        errors = newErrors;
    }
}
