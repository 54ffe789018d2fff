package org.ws2j.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;

/**
 * The native form of a block that a client in Java has made: at the same address as long as the block lives, since C finds its own
 * records by it. C sees the twin alone, Java the block alone; the outcome goes from the one to the other when the operation ends.
 */
final class Twin {
    private static final long MOMENT_NANOS = 20_000;

    private final MemorySegment memory = Arena.ofAuto().allocate(NativeOverlapped.SIZE, 16);
    private final WeakReference<WsaOverlapped> block;

    /** What is under way; keeps the block meanwhile. */
    private final AtomicReference<NativeOperation> operation = new AtomicReference<>();

    /** What has ended for C while the client's block still has to be told. */
    private final AtomicReference<NativeOperation> ending = new AtomicReference<>();

    Twin(WsaOverlapped block) {
        this.block = new WeakReference<>(block);
    }

    long address() {
        return memory.address();
    }

    WsaOverlapped block() {
        return block.get();
    }

    /** Takes the block's values at the start of an operation. */
    void begin(NativeOperation started, long event) {
        WsaOverlapped from = started.block();
        Memory.putLong(address() + 8, 0);
        Memory.putInt(address() + 16, from.offset());
        Memory.putInt(address() + 20, from.offsetHigh());
        Memory.putLong(address() + NativeOverlapped.EVENT, event);
        Memory.putLongRelease(address(), WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        from.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        operation.set(started);
    }

    /** Takes over what was written into the block while no operation was under way. */
    void refresh() {
        WsaOverlapped from = block.get();
        if (operation.get() != null || ending.get() != null || from == null) {
            return;
        }
        long status = from.internal();
        Memory.putLong(address() + 8, from.internalHigh());
        Memory.putInt(address() + 16, from.offset());
        Memory.putInt(address() + 20, from.offsetHigh());
        Memory.putLongRelease(address(), status);
    }

    /** The operation failed at once: it never was. */
    void abandon(int error) {
        NativeOperation failed = operation.getAndSet(null);
        Memory.putLongRelease(address(), error);
        if (failed != null) {
            failed.block().internal(error);
        }
    }

    /** C has told a result by itself: the client has its data then, too. */
    void deliver(int bytes, int flags) {
        NativeOperation over = operation.get();
        if (over != null) {
            over.deliver(bytes, flags);
        }
    }

    /**
     * Ends the operation in both forms, but for the block's status, which whoever indicates it writes.
     *
     * @return what has ended, for {@link #indicated}, which follows; null if nothing was under way
     */
    NativeOperation end(int error, int bytes) {
        NativeOperation over = operation.get();
        int flags = Memory.getInt(address() + 16);
        WsaOverlapped java = block.get();
        if (java != null) {
            java.offset(flags);
            java.offsetHigh(Memory.getInt(address() + 20));
        }
        if (over != null) {
            over.deliver(error, bytes, flags);
            ending.set(over);
            operation.set(null);
        }
        Memory.putLong(address() + 8, Integer.toUnsignedLong(bytes));
        Memory.putLongRelease(address(), status(error));
        return over;
    }

    /** The block has its status, or never gets one. By now it may belong to the next operation. */
    void indicated(NativeOperation over) {
        ending.compareAndSet(over, null);
    }

    /** What C knows to be over is so in Java: waits for the moment between the two. */
    void awaitIndication() {
        NativeOperation over = ending.get();
        while (over != null && !over.block().isCompleted() && ending.get() == over) {
            LockSupport.parkNanos(MOMENT_NANOS);
        }
    }

    private static long status(int error) {
        return error == WsaOverlapped.WSS_OPERATION_IN_PROGRESS ? -1 : error;
    }

    /** Runs the client's completion routine: C has queued its own for the thread, and this is what it calls. */
    void runRoutine(int error, int bytes, int flags) {
        NativeOperation over = operation.get();
        if (over == null) {
            return;
        }
        over.deliver(error, bytes, flags);
        WsaOverlapped java = over.block();
        java.offset(flags);
        java.offsetHigh(error);
        java.internalHigh(bytes);
        java.internal(status(error));
        operation.compareAndSet(over, null);
        WsaCompletionRoutine routine = over.routine();
        if (routine != null) {
            routine.completed(error, bytes, java, flags);
        }
    }
}
