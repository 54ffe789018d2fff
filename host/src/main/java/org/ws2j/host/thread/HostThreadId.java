package org.ws2j.host.thread;

import java.util.concurrent.atomic.AtomicBoolean;
import org.ws2j.spi.WsaThreadId;

/**
 * A WSATHREADID of a host.
 *
 * <p>Two are equal if they are the same object: each has a {@link #value} that no other id of the host ever has, so
 * comparing content at the border to C comes to the same.
 *
 * <pre>
 *   implicit: open for the thread's life
 *   opened:   open --close--&gt; closed
 * </pre>
 */
public final class HostThreadId extends WsaThreadId {
    private final HostThread thread;
    private final long value;
    private final boolean implicit;
    private final AtomicBoolean closed = new AtomicBoolean();

    HostThreadId(HostThread thread, boolean implicit) {
        this.thread = thread;
        this.value = thread.realm().nextId();
        this.implicit = implicit;
    }

    /** {@return the number that stands for this id where objects cannot go; positive, never given to another id} */
    public long value() {
        return value;
    }

    HostThread thread() {
        return thread;
    }

    boolean isImplicit() {
        return implicit;
    }

    boolean isClosed() {
        return closed.get();
    }

    /** {@return whether this call closed it} */
    boolean close() {
        return closed.compareAndSet(false, true);
    }

    @Override
    public String toString() {
        return "thread id " + value + (implicit ? " (implicit)" : "") + (closed.get() ? " (closed)" : "");
    }
}
