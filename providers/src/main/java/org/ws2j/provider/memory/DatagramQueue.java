package org.ws2j.provider.memory;

import java.net.InetSocketAddress;
import java.util.Arrays;
import org.ws2j.provider.base.BufferViews;

/**
 * Datagrams that wait to be received: their bytes in one ring, their lengths and sources in another. Guarded by the wire of
 * the socket.
 *
 * <p>It is full when it holds as many bytes as the receive buffer, or more, or {@value #MAX_COUNT} datagrams.
 */
final class DatagramQueue {
    private static final int SMALLEST = 8;
    private static final int MAX_COUNT = 4_096;

    private final ByteRing bytes = new ByteRing();
    private int[] lengths = new int[SMALLEST];
    private InetSocketAddress[] sources = new InetSocketAddress[SMALLEST];
    private int head;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull(int limit) {
        return bytes.size() >= limit || count == MAX_COUNT;
    }

    /** {@return the bytes of all} */
    int size() {
        return bytes.size();
    }

    void add(BufferViews data, InetSocketAddress source) {
        if (count == lengths.length) {
            grow();
        }
        int index = (head + count) & (lengths.length - 1);
        lengths[index] = (int) data.remaining();
        sources[index] = source;
        bytes.put(data, lengths[index]);
        count++;
    }

    int firstLength() {
        return lengths[head];
    }

    InetSocketAddress firstSource() {
        return sources[head];
    }

    /** Copies the first datagram into views, as far as they have room. {@return how many bytes} */
    int peek(BufferViews to) {
        return bytes.peek(to, lengths[head]);
    }

    void dropFirst() {
        bytes.skip(lengths[head]);
        sources[head] = null;
        head = (head + 1) & (lengths.length - 1);
        count--;
    }

    void clear() {
        bytes.clear();
        Arrays.fill(sources, null);
        head = 0;
        count = 0;
    }

    private void grow() {
        int[] longer = new int[2 * count];
        InetSocketAddress[] more = new InetSocketAddress[2 * count];
        for (int i = 0; i < count; i++) {
            longer[i] = lengths[(head + i) & (count - 1)];
            more[i] = sources[(head + i) & (count - 1)];
        }
        lengths = longer;
        sources = more;
        head = 0;
    }
}
