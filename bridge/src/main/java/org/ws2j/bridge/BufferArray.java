package org.ws2j.bridge;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** WSABUFs: direct buffers lie where they are, those on the heap are copied. */
final class BufferArray {
    static final int SIZE = 16;

    /** More than any program has; Windows takes as many as fit into memory. */
    private static final int MOST = 1 << 14;

    private BufferArray() {}

    /** {@return the address of what lies between position and limit of a direct buffer} */
    static long address(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct).address();
    }

    static void put(long address, int length, long buffer) {
        Memory.putLong(address, Integer.toUnsignedLong(length));
        Memory.putLong(address + 8, buffer);
    }

    /** Copies what lies between position and limit; neither changes. */
    static void copyIn(ByteBuffer from, long to) {
        MemorySegment.copy(
                MemorySegment.ofBuffer(from), 0, Memory.function(to).reinterpret(from.remaining()), 0,
                from.remaining());
    }

    /** Fills a buffer from its position; neither that nor the limit changes. */
    static void copyOut(long from, ByteBuffer to, int bytes) {
        MemorySegment.copy(Memory.function(from).reinterpret(bytes), 0, MemorySegment.ofBuffer(to), 0, bytes);
    }

    /** {@return C's buffers}; {@code WSAEINVAL} for none, {@code WSAEFAULT} for what cannot be. */
    static ByteBuffer[] get(long address, int count, boolean isSend) throws WinsockException {
        if (count <= 0 || count > MOST) {
            throw new WinsockException(WsaError.WSAEINVAL, Integer.toUnsignedString(count) + " buffers");
        }
        Pointers.required(address, 8);
        Pointers.range(address, (long) SIZE * count);
        ByteBuffer[] buffers = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long place = address + (long) SIZE * i;
            // A provider that receives is told of a bad buffer, since it has more to do than to refuse it.
            buffers[i] = isSend || isRight(place) ? one(place) : ByteBuffer.allocate(1).asReadOnlyBuffer();
        }
        return buffers;
    }

    private static boolean isRight(long place) {
        int length = Memory.getInt(place);
        return length == 0 || (length > 0 && Memory.isRange(Memory.getLong(place + 8), length));
    }

    private static ByteBuffer one(long address) throws WinsockException {
        int length = Memory.getInt(address);
        long buffer = Memory.getLong(address + 8);
        if (length == 0) {
            return ByteBuffer.allocateDirect(0);
        }
        if (length < 0) {
            throw new WinsockException(WsaError.WSAEFAULT,
                    "a buffer of " + Integer.toUnsignedString(length) + " bytes");
        }
        return Memory.buffer(Pointers.range(buffer, length), length);
    }

    /** {@return the one buffer at an address; null for a null pointer} */
    static ByteBuffer optional(long address) throws WinsockException {
        return address == 0 ? null : one(Pointers.required(address, 8));
    }

    /** {@return the address of one buffer with a copy of what is to be sent; 0 for null} */
    static long copied(ByteBuffer data, Scratch scratch) {
        if (data == null) {
            return 0;
        }
        long place = scratch.allocate(data.remaining());
        copyIn(data, place);
        long buffer = scratch.allocate(SIZE);
        put(buffer, data.remaining(), place);
        return buffer;
    }

    static int total(ByteBuffer[] buffers, int offset, int count) {
        long sum = 0;
        for (int i = offset; i < offset + count; i++) {
            sum += buffers[i].remaining();
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }
}
