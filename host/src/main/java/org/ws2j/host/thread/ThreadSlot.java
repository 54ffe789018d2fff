package org.ws2j.host.thread;

import java.util.function.Function;

/**
 * A place in every {@link HostThread} of one host for something that belongs to the thread.
 *
 * <p>What lies in a slot must not refer to the host, directly or not: it would keep the host alive as long as the thread
 * lives.
 *
 * @param <T> what lies there
 */
public final class ThreadSlot<T> {
    private final int index;
    private final Function<HostThread, T> maker;

    ThreadSlot(int index, Function<HostThread, T> maker) {
        this.index = index;
        this.maker = maker;
    }

    /**
     * Returns what lies in the slot of a thread; makes it at first use.
     *
     * @param thread the record of the calling thread
     * @return the object, the same one for the thread's life
     */
    @SuppressWarnings("unchecked") // only this slot writes at its index
    public T of(HostThread thread) {
        Object part = thread.part(index);
        return part != null ? (T) part : (T) thread.part(index, maker.apply(thread));
    }
}
