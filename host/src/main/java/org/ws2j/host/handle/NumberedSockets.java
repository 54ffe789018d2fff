package org.ws2j.host.handle;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which handle has a number, in pages that come when they are needed. Reading is two looks into an array; nothing is locked,
 * and nothing is allocated.
 */
final class NumberedSockets {
    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;

    private final AtomicReferenceArray<AtomicReferenceArray<HostSocket>> pages;

    NumberedSockets(int places) {
        pages = new AtomicReferenceArray<>((places + PAGE - 1) >> PAGE_BITS);
    }

    /** {@return who is at a place, null if nobody} */
    HostSocket at(int place) {
        AtomicReferenceArray<HostSocket> page = pages.getAcquire(place >> PAGE_BITS);
        return page == null ? null : page.getAcquire(place & (PAGE - 1));
    }

    /** Puts a handle into a place; {@return who was there} */
    HostSocket put(int place, HostSocket s) {
        return page(place >> PAGE_BITS).getAndSet(place & (PAGE - 1), s);
    }

    /** Empties a place, unless somebody else has it by now. */
    void remove(int place, HostSocket s) {
        AtomicReferenceArray<HostSocket> page = pages.getAcquire(place >> PAGE_BITS);
        if (page != null) {
            page.compareAndSet(place & (PAGE - 1), s, null);
        }
    }

    private AtomicReferenceArray<HostSocket> page(int index) {
        AtomicReferenceArray<HostSocket> page = pages.getAcquire(index);
        if (page == null) {
            pages.compareAndSet(index, null, new AtomicReferenceArray<>(PAGE));
            page = pages.getAcquire(index);
        }
        return page;
    }
}
