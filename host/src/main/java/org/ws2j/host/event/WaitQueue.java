package org.ws2j.host.event;

import java.util.ArrayList;
import java.util.List;

/** The waits of one kind at one event, in the order of their coming. Everything in it belongs to the event's lock. */
final class WaitQueue<W> {
    private WaitBlock<W> first;
    private WaitBlock<W> last;
    private int size;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    WaitBlock<W> first() {
        return first;
    }

    void add(WaitBlock<W> block) {
        block.previous = last;
        block.next = null;
        if (last == null) {
            first = block;
        } else {
            last.next = block;
        }
        last = block;
        block.linked = true;
        size++;
    }

    /** Does nothing for a block that was removed before. */
    void remove(WaitBlock<W> block) {
        if (!block.linked) {
            return;
        }
        if (block.previous == null) {
            first = block.next;
        } else {
            block.previous.next = block.next;
        }
        if (block.next == null) {
            last = block.previous;
        } else {
            block.next.previous = block.previous;
        }
        block.previous = null;
        block.next = null;
        block.linked = false;
        size--;
    }

    List<W> waits() {
        List<W> waits = new ArrayList<>(size);
        for (WaitBlock<W> block = first; block != null; block = block.next) {
            waits.add(block.wait);
        }
        return waits;
    }
}
