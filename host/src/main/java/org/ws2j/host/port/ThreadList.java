package org.ws2j.host.port;

/** Threads at a port, linked through themselves; each is in one list at most. Belongs to the port's lock. */
final class ThreadList {
    private PortThread top;
    private PortThread bottom;
    private int size;

    boolean isEmpty() {
        return top == null;
    }

    PortThread top() {
        return top;
    }

    PortThread bottom() {
        return bottom;
    }

    int size() {
        return size;
    }

    void push(PortThread thread) {
        thread.below = top;
        thread.above = null;
        if (top == null) {
            bottom = thread;
        } else {
            top.above = thread;
        }
        top = thread;
        size++;
    }

    void remove(PortThread thread) {
        if (thread.above == null) {
            top = thread.below;
        } else {
            thread.above.below = thread.below;
        }
        if (thread.below == null) {
            bottom = thread.above;
        } else {
            thread.below.above = thread.above;
        }
        thread.above = null;
        thread.below = null;
        size--;
    }
}
