package org.ws2j.provider.memory;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ws2j.spi.WsaOverlapped;

/** Transfers in the order in which they came; each is in one queue at a time. Guarded by a {@link Wire}. */
final class TransferQueue {
    private Transfer head;
    private Transfer tail;

    boolean isEmpty() {
        return head == null;
    }

    /** {@return the first one, null for none} */
    Transfer first() {
        return head;
    }

    void add(Transfer t) {
        t.next = null;
        if (tail == null) {
            head = t;
        } else {
            tail.next = t;
        }
        tail = t;
    }

    Transfer removeFirst() {
        Transfer t = head;
        unlink(null, t);
        return t;
    }

    /** {@return the overlapped transfer with a block, null for none} */
    Transfer find(WsaOverlapped block) {
        Transfer t = head;
        while (t != null && t.overlapped != block) {
            t = t.next;
        }
        return t;
    }

    /** {@return whether it was there} */
    boolean remove(Transfer t) {
        Transfer before = null;
        for (Transfer each = head; each != null; before = each, each = each.next) {
            if (each == t) {
                unlink(before, each);
                return true;
            }
        }
        return false;
    }

    /** Takes out those of a kind, and hands each of them on. */
    void removeIf(Predicate<Transfer> which, Consumer<Transfer> taken) {
        Transfer t = takeAll();
        while (t != null) {
            Transfer next = t.next;
            if (which.test(t)) {
                t.next = null;
                taken.accept(t);
            } else {
                add(t);
            }
            t = next;
        }
    }

    /** Empties the queue. {@return the first of what was in it, linked to the others; null for nothing} */
    Transfer takeAll() {
        Transfer all = head;
        head = null;
        tail = null;
        return all;
    }

    private void unlink(Transfer before, Transfer t) {
        if (before == null) {
            head = t.next;
        } else {
            before.next = t.next;
        }
        if (tail == t) {
            tail = before;
        }
        t.next = null;
    }
}
