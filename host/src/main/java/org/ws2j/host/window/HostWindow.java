package org.ws2j.host.window;

import java.util.concurrent.atomic.AtomicBoolean;
import org.ws2j.spi.Message;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WindowProc;

/** A window of a host; where its messages lie is its subclasses' business. */
abstract class HostWindow extends WindowHandle {
    private final Object owner;
    private final long number;
    private final WindowProc windowProc;
    private final AtomicBoolean destroyed = new AtomicBoolean();

    HostWindow(Object owner, long number, WindowProc windowProc) {
        this.owner = owner;
        this.number = number;
        this.windowProc = windowProc;
    }

    final boolean isOf(Object host) {
        return owner.equals(host);
    }

    /** {@return whether messages can still reach anybody} */
    boolean isAlive() {
        return !destroyed.get();
    }

    /** {@return false if the queue is full, or the window is gone} */
    abstract boolean post(Message message);

    /** Takes a message back; {@return false if it is not queued any more} */
    abstract boolean remove(Message message);

    /** {@return whether this call destroyed it} */
    final boolean destroy() {
        boolean first = destroyed.compareAndSet(false, true);
        if (first) {
            dropMessages();
        }
        return first;
    }

    /** Drops what is queued; after {@link #isAlive} has become false, so that nothing comes after it. */
    abstract void dropMessages();

    final void handle(Message message) {
        windowProc.handle(message);
    }

    @Override
    public String toString() {
        return "window " + number + (isAlive() ? "" : " (destroyed)");
    }
}
