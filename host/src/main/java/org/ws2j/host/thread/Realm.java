package org.ws2j.host.thread;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The identity of a host as its thread records know it.
 *
 * <p>Apart from {@link HostThreads} because a thread's record must not refer to that: the ThreadLocal in there would be
 * kept alive by its own value, and with it the host, as long as any thread that ever used it.
 */
final class Realm {
    private final AtomicLong lastId = new AtomicLong();

    long nextId() {
        return lastId.incrementAndGet();
    }
}
