package org.ws2j.host.handle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which handle has a number, in pages that come when they are needed. Reading is two looks into an array; nothing is locked,
 * and nothing is allocated.
 */
final class NumberedSockets {
    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final VarHandle PAGES = MethodHandles.arrayElementVarHandle(HostSocket[][].class);
    private static final VarHandle PLACES = MethodHandles.arrayElementVarHandle(HostSocket[].class);

    /** Arrays, and no objects around them, which each look would have to go through. */
    private final HostSocket[][] pages;

    NumberedSockets(int places) {
        pages = new HostSocket[(places + PAGE - 1) >> PAGE_BITS][];
    }

    /** {@return who is at a place, null if nobody} */
    HostSocket at(int place) {
        HostSocket[] page = (HostSocket[]) PAGES.getAcquire(pages, place >> PAGE_BITS);
        return page == null ? null : (HostSocket) PLACES.getAcquire(page, place & (PAGE - 1));
    }

    /** Puts a handle into a place; {@return who was there} */
    HostSocket put(int place, HostSocket s) {
        return (HostSocket) PLACES.getAndSet(page(place >> PAGE_BITS), place & (PAGE - 1), s);
    }

    /** Puts a handle into a place, unless one that is not released has it: then the handle itself is released, and comes late. */
    void enter(int place, HostSocket s) {
        HostSocket[] page = page(place >> PAGE_BITS);
        int at = place & (PAGE - 1);
        HostSocket present = (HostSocket) PLACES.getAcquire(page, at);
        while ((present == null || !present.isAlive()) && !PLACES.compareAndSet(page, at, present, s)) {
            present = (HostSocket) PLACES.getAcquire(page, at);
        }
    }

    /** Empties a place, unless somebody else has it by now. */
    void remove(int place, HostSocket s) {
        HostSocket[] page = (HostSocket[]) PAGES.getAcquire(pages, place >> PAGE_BITS);
        if (page != null) {
            PLACES.compareAndSet(page, place & (PAGE - 1), s, null);
        }
    }

    private HostSocket[] page(int index) {
        HostSocket[] page = (HostSocket[]) PAGES.getAcquire(pages, index);
        if (page == null) {
            PAGES.compareAndSet(pages, index, null, new HostSocket[PAGE]);
            page = (HostSocket[]) PAGES.getAcquire(pages, index);
        }
        return page;
    }
}
