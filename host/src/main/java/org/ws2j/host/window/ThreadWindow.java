package org.ws2j.host.window;

import org.ws2j.spi.Message;
import org.ws2j.spi.WindowProc;

/** A window of a thread; it goes with its thread. */
final class ThreadWindow extends HostWindow {
    private final ThreadQueue queue;
    private final int limit;

    ThreadWindow(Object owner, long number, WindowProc windowProc, ThreadQueue queue, int limit) {
        super(owner, number, windowProc);
        this.queue = queue;
        this.limit = limit;
    }

    @Override
    boolean isAlive() {
        return super.isAlive() && queue.isThreadAlive();
    }

    @Override
    boolean post(Message message) {
        return queue.add(message, this, limit);
    }

    @Override
    boolean remove(Message message) {
        return queue.remove(message);
    }

    @Override
    void dropMessages() {
        queue.drop(this);
    }
}
