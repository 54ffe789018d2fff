package org.ws2j.host.handle;

import java.util.List;
import org.ws2j.host.thread.BriefLock;

/**
 * A doubly linked list of handles with a limit.
 *
 * <p>Its lock guards the list, the links of the handles in it, and two of their steps: the last one of the state, and the one
 * from no number to a number. So a handle costs one round of the lock when it comes, and one when it goes.
 */
final class Shelf {
    private final BriefLock lock = new BriefLock();
    private final int most;
    private HostSocket first;
    private int size;

    Shelf(int most) {
        this.most = most;
    }

    /** {@return false if there is no room} */
    boolean add(HostSocket s) {
        lock.lock();
        try {
            if (size == most) {
                return false;
            }
            size++;
            link(s);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Releases a handle, and takes it off; {@return false if it was released before} */
    boolean release(HostSocket s) {
        lock.lock();
        try {
            if (!s.isAlive()) {
                return false;
            }
            s.setReleased();
            unlink(s);
            size--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a handle its number, unless it has one, or needs none any more; {@return which it has} */
    int number(HostSocket s, int proposed) {
        lock.lock();
        try {
            if (s.number == 0) {
                s.number = proposed;
            }
            return s.number;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** Holds the lock longer than the other methods do, but only a report and the last clean-up ask. */
    void collect(List<HostSocket> into) {
        lock.lock();
        try {
            for (HostSocket s = first; s != null; s = s.next) {
                into.add(s);
            }
        } finally {
            lock.unlock();
        }
    }

    private void link(HostSocket s) {
        s.shelf = this;
        s.next = first;
        if (first != null) {
            first.previous = s;
        }
        first = s;
    }

    private void unlink(HostSocket s) {
        if (s.previous == null) {
            first = s.next;
        } else {
            s.previous.next = s.next;
        }
        if (s.next != null) {
            s.next.previous = s.previous;
        }
        s.previous = null;
        s.next = null;
    }
}
