package org.ws2j.bridge;

import java.nio.ByteBuffer;
import java.util.function.LongUnaryOperator;

/** The buffers of one transfer as C gets them. Direct ones lie where they are; those on the heap have a copy. */
final class NativeBuffers {
    private final ByteBuffer[] buffers;
    private final long array;
    private final boolean isCopied;

    /**
     * Lays the buffers out.
     *
     * @param buffers the buffers; the array is not kept for somebody else to change
     * @param memory gives memory that lasts as long as the transfer
     * @param isSend whether C reads them
     */
    NativeBuffers(ByteBuffer[] buffers, LongUnaryOperator memory, boolean isSend) {
        this.buffers = buffers;
        array = memory.applyAsLong((long) BufferArray.SIZE * buffers.length);
        boolean copied = false;
        for (int i = 0; i < buffers.length; i++) {
            ByteBuffer buffer = buffers[i];
            if (buffer.isReadOnly() && !isSend) {
                // A bad pointer is what C knows of it.
                BufferArray.put(array + (long) BufferArray.SIZE * i, Math.max(buffer.remaining(), 1), 0);
                continue;
            }
            long address = buffer.isDirect() ? BufferArray.address(buffer) : memory.applyAsLong(buffer.remaining());
            if (!buffer.isDirect()) {
                copied = true;
                if (isSend) {
                    BufferArray.copyIn(buffer, address);
                }
            }
            BufferArray.put(array + (long) BufferArray.SIZE * i, buffer.remaining(), address);
        }
        isCopied = copied;
    }

    /** {@return how much memory the buffers need beside themselves} */
    static long needed(ByteBuffer[] buffers) {
        long sum = (long) BufferArray.SIZE * buffers.length;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.isDirect() ? 0 : ((long) buffer.remaining() + 15) & ~15L;
        }
        return sum;
    }

    long address() {
        return array;
    }

    int count() {
        return buffers.length;
    }

    /** Fills the buffers on the heap with what was received. */
    void deliver(int bytes) {
        int left = bytes;
        for (int i = 0; isCopied && i < buffers.length && left > 0; i++) {
            int n = Math.min(left, buffers[i].remaining());
            if (!buffers[i].isDirect() && !buffers[i].isReadOnly()) {
                BufferArray.copyOut(Memory.getLong(array + (long) BufferArray.SIZE * i + 8), buffers[i], n);
            }
            left -= n;
        }
    }
}
