package org.ws2j.host.window;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.ws2j.host.thread.HostThread;
import org.ws2j.host.thread.Pending;
import org.ws2j.spi.Message;

/** The messages of all windows of one thread, in the order of posting. */
final class ThreadQueue implements Pending {
    private final HostThread thread;

    /** Guards the messages. Not a brief lock, because a window that is destroyed looks through all of them. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Message> messages = new ArrayDeque<>();
    /** Whether the thread has to be unparked for a message. Written before it looks, read after one was added. */
    private volatile boolean waiting;
    /** The thread's own: what its waiting came to. */
    private Message taken;

    ThreadQueue(HostThread thread) {
        this.thread = thread;
    }

    boolean isThreadAlive() {
        return thread.isAlive();
    }

    /** Waits for a message and takes it; for the thread itself. {@return null at the time-out} */
    Message await(long timeoutMillis) {
        waiting = true;
        try {
            thread.await(this, timeoutMillis, false);
            return taken;
        } finally {
            waiting = false;
            taken = null;
        }
    }

    /** Takes the message in the same step, since it may be dropped before a second one. */
    @Override
    public boolean isPending() {
        taken = next(true);
        return taken == null;
    }

    /** Adds a message unless its window was destroyed or the queue holds so many; {@return whether it did} */
    boolean add(Message message, ThreadWindow window, int limit) {
        lock.lock();
        try {
            if (!window.isAlive() || messages.size() >= limit) {
                return false;
            }
            messages.add(message);
        } finally {
            lock.unlock();
        }
        if (waiting) {
            thread.unpark();
        }
        return true;
    }

    /** {@return the next message, null if there is none} */
    Message next(boolean remove) {
        lock.lock();
        try {
            return remove ? messages.poll() : messages.peek();
        } finally {
            lock.unlock();
        }
    }

    /** Takes back that very message; {@return whether it was still there} */
    @SuppressWarnings("ReferenceEquality") // not one that is equal
    boolean remove(Message message) {
        lock.lock();
        try {
            return messages.removeIf(queued -> queued == message);
        } finally {
            lock.unlock();
        }
    }

    void drop(ThreadWindow window) {
        lock.lock();
        try {
            messages.removeIf(message -> window.equals(message.window()));
        } finally {
            lock.unlock();
        }
    }
}
