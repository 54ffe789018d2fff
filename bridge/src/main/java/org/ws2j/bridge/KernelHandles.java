package org.ws2j.bridge;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Numbers for what is not a socket: events, ports, windows, thread ids, contexts of blocking hooks. One list for all, as a process
 * has one on Windows; multiples of 4, never given out twice. What C has made is kept until C closes it; what Java has made goes
 * when Java lets go of it, and its number then means nothing.
 */
final class KernelHandles {
    private static final int FIRST = 0x100;
    private static final int STEP = 4;

    private final Map<Long, Entry> byNumber = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

    /** Guarded by itself. */
    private final Map<Object, Entry> entries = new WeakHashMap<>();

    /** Guarded by {@link #entries}. */
    private long next = FIRST;

    private static final class Entry extends WeakReference<Object> {
        final long number;

        /** The object itself, while C has it open: never read, but reachable. */
        @SuppressWarnings("UnusedVariable")
        volatile Object kept;

        Entry(Object object, long number, ReferenceQueue<Object> queue) {
            super(object, queue);
            this.number = number;
        }
    }

    /** {@return the number of an object, a new one if it has none} */
    long number(Object object) {
        return entry(object).number;
    }

    /** {@return the number of an object that C is going to close} */
    long keep(Object object) {
        Entry entry = entry(object);
        entry.kept = object;
        return entry.number;
    }

    private Entry entry(Object object) {
        synchronized (entries) {
            for (Reference<?> old = gone.poll(); old != null; old = gone.poll()) {
                byNumber.remove(((Entry) old).number);
            }
            Entry known = entries.get(object);
            if (known == null) {
                known = new Entry(object, next, gone);
                next += STEP;
                byNumber.put(known.number, known);
                entries.put(object, known);
            }
            return known;
        }
    }

    /** {@return what has a number, if it is of a type; null otherwise} */
    <T> T find(long number, Class<T> type) {
        Entry entry = byNumber.get(number);
        Object object = entry == null ? null : entry.get();
        return type.isInstance(object) ? type.cast(object) : null;
    }

    /** The object is closed: its number means nothing from now on. */
    void forget(long number) {
        Entry entry = byNumber.remove(number);
        Object object = entry == null ? null : entry.get();
        if (object != null) {
            synchronized (entries) {
                entries.remove(object, entry);
            }
            entry.kept = null;
        }
    }
}
