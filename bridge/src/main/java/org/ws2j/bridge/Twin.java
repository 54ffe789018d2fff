package org.ws2j.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;

/**
 * The native form of a block that a client in Java has made: at the same address as long as the block lives, since C finds its own
 * records by it. C sees the twin alone, Java the block alone; the outcome goes from the one to the other when the operation ends.
 */
final class Twin {
    private final MemorySegment memory = Arena.ofAuto().allocate(NativeOverlapped.SIZE, 16);
    private final WeakReference<WsaOverlapped> block;

    /** What is under way; keeps the block meanwhile. */
    private volatile NativeOperation operation;

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
        operation = started;
    }

    /** Takes over what was written into the block while no operation was under way. */
    void refresh() {
        WsaOverlapped from = block.get();
        if (operation == null && from != null) {
            Memory.putLong(address() + 8, from.internalHigh());
            Memory.putInt(address() + 16, from.offset());
            Memory.putInt(address() + 20, from.offsetHigh());
            Memory.putLongRelease(address(), from.internal());
        }
    }

    /** The operation failed at once: it never was. */
    void abandon(int error) {
        NativeOperation failed = operation;
        operation = null;
        Memory.putLongRelease(address(), error);
        if (failed != null) {
            failed.block().internal(error);
        }
    }

    /** Ends the operation in both forms, but for the block's status, which whoever indicates it writes. */
    void end(int error, int bytes) {
        WsaOverlapped java = block.get();
        Memory.putLong(address() + 8, Integer.toUnsignedLong(bytes));
        Memory.putLongRelease(address(), error == WsaOverlapped.WSS_OPERATION_IN_PROGRESS ? -1 : error);
        if (java != null) {
            java.offset(Memory.getInt(address() + 16));
            java.offsetHigh(Memory.getInt(address() + 20));
        }
        NativeOperation over = operation;
        operation = null;
        if (over != null) {
            over.deliver(error, bytes, Memory.getInt(address() + 16));
        }
    }

    /** Runs the client's completion routine: C has queued its own for the thread, and this is what it calls. */
    void runRoutine(int error, int bytes, int flags) {
        NativeOperation over = operation;
        operation = null;
        if (over == null) {
            return;
        }
        over.deliver(error, bytes, flags);
        WsaOverlapped java = over.block();
        java.offset(flags);
        java.offsetHigh(error);
        java.internalHigh(bytes);
        java.internal(error == WsaOverlapped.WSS_OPERATION_IN_PROGRESS ? -1 : error);
        WsaCompletionRoutine routine = over.routine();
        if (routine != null) {
            routine.completed(error, bytes, java, flags);
        }
    }
}
