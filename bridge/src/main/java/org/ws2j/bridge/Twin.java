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

    /** The block's status when the operation began. */
    private long statusBefore;

    Twin(WsaOverlapped block) {
        this.block = new WeakReference<>(block);
    }

    long address() {
        return memory.address();
    }

    WsaOverlapped block() {
        return block.get();
    }

    int bytes() {
        return (int) Memory.getLong(address() + 8);
    }

    int flags() {
        return Memory.getInt(address() + 16);
    }

    private long status() {
        return Memory.getLongAcquire(address());
    }

    /** Takes the block's values at the start of an operation. */
    synchronized void begin(NativeOperation started, long event) {
        WsaOverlapped from = started.block();
        statusBefore = from.internal();
        Memory.putLong(address() + 8, 0);
        Memory.putInt(address() + 16, from.offset());
        Memory.putInt(address() + 20, from.offsetHigh());
        Memory.putLong(address() + NativeOverlapped.EVENT, event);
        Memory.putLongRelease(address(), NativeTransfers.UNTOUCHED);
        from.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        operation.set(started);
        ending.set(null); // The client had the indication, or would not begin another one.
    }

    /** Takes over what was written into the block while no operation was under way. */
    synchronized void refresh() {
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
    synchronized void abandon(int error) {
        NativeOperation failed = operation.getAndSet(null);
        Memory.putLongRelease(address(), error);
        if (failed != null) {
            failed.block().internal(error);
        }
    }

    /** C took no notice of the block: it is as it was. */
    synchronized void ignored(NativeOperation started) {
        if (operation.compareAndSet(started, null)) {
            started.block().internal(statusBefore);
        }
    }

    /** C has told a result by itself: the client has its data then, too. */
    void deliver(int bytes, int flags) {
        NativeOperation over = operation.get();
        // A provider may answer for an operation that is under way: who has set the event is believed.
        if (over != null && (int) status() != WsaOverlapped.WSS_OPERATION_IN_PROGRESS) {
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
        if (over != null) {
            over.deliver(error, bytes, flags());
        }
        endInBothForms(over, error, bytes);
        return over;
    }

    private synchronized void endInBothForms(NativeOperation over, int error, int bytes) {
        WsaOverlapped java = block.get();
        if (java != null) {
            java.offset(flags());
            java.offsetHigh(Memory.getInt(address() + 20));
        }
        if (over != null) {
            ending.set(over);
            operation.set(null);
        }
        Memory.putLong(address() + 8, Integer.toUnsignedLong(bytes));
        Memory.putLongRelease(address(), status(error));
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
