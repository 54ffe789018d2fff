package org.ws2j.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaThreadId;

/**
 * WSATHREADIDs in memory. C copies them, and hands in pointers to copies: the number inside counts. One that a host passes with a
 * call lies where it is for the life of its thread. One that C has opened and never closes goes with the thread that it names.
 */
final class ThreadIds {
    private static final int SIZE = 16;

    private final KernelHandles handles;

    /** Guarded by itself. */
    private final Map<WsaThreadId, MemorySegment> blocks = new WeakHashMap<>();

    /** Not static: the ids of one host are not those of another one. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Set<WsaThreadId>> opened = ThreadLocal.withInitial(ConcurrentHashMap::newKeySet);

    /** The set of the thread that has opened an id; guarded by itself. */
    private final Map<WsaThreadId, WeakReference<Set<WsaThreadId>>> openers = new WeakHashMap<>();

    ThreadIds(KernelHandles handles) {
        this.handles = handles;
    }

    /** {@return the address of the block of an id, 0 for null} */
    long address(WsaThreadId id) {
        if (id == null) {
            return 0;
        }
        synchronized (blocks) {
            return blocks.computeIfAbsent(id, this::block).address();
        }
    }

    private MemorySegment block(WsaThreadId id) {
        MemorySegment block = Arena.ofAuto().allocate(SIZE, 8);
        put(block.address(), id);
        return block;
    }

    /** Opens an id for C. */
    void open(long address, WsaThreadId id) {
        Set<WsaThreadId> mine = opened.get();
        mine.add(id);
        synchronized (openers) {
            openers.put(id, new WeakReference<>(mine));
        }
        put(address, id);
    }

    private void put(long address, WsaThreadId id) {
        Memory.putLong(address, handles.number(id));
        Memory.putLong(address + 8, 0);
    }

    /** {@return the id that a block means; null for a null pointer}; {@code WSAEFAULT} for a pointer that cannot be. */
    WsaThreadId get(long address) throws WinsockException {
        if (address == 0) {
            return null;
        }
        return handles.find(Memory.getLong(Pointers.required(address, 8)), WsaThreadId.class);
    }

    /** {@return the id that a block means}; {@code WSAEFAULT} for null, and for one of no thread. */
    WsaThreadId required(long address) throws WinsockException {
        WsaThreadId id = get(address);
        if (id == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "not a thread id");
        }
        return id;
    }

    /** C has closed an id. */
    void closed(WsaThreadId id) {
        synchronized (openers) {
            WeakReference<Set<WsaThreadId>> opener = openers.remove(id);
            Set<WsaThreadId> set = opener == null ? null : opener.get();
            if (set != null) {
                set.remove(id);
            }
        }
        handles.forget(handles.number(id));
    }
}
