package org.ws2j.bridge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * All of the process's memory, by address. A wild address that {@link #isPointer} lets pass ends the process, as it does in C:
 * null, small, misaligned and impossible ones are found before.
 */
final class Memory {
    /** Below lies what nobody maps, on every system. */
    static final long LOWEST = 0x1_0000;

    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ORDERED = ValueLayout.JAVA_LONG.varHandle();

    /** Half of the address space belongs to programs: 47 bits on x86-64, 48 at least elsewhere. */
    private static final long HIGHEST = System.getProperty("os.arch").matches("amd64|x86_64") ? 1L << 47 : 1L << 48;

    private Memory() {}

    /** {@return whether an address can be one of something with an alignment} */
    static boolean isPointer(long address, int alignment) {
        return address >= LOWEST && address < HIGHEST && (address & (alignment - 1)) == 0;
    }

    /** {@return whether a range of memory can be one} */
    static boolean isRange(long address, long bytes) {
        return bytes >= 0 && isPointer(address, 1) && address + bytes <= HIGHEST;
    }

    static byte getByte(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    static void putByte(long address, byte value) {
        ALL.set(ValueLayout.JAVA_BYTE, address, value);
    }

    static short getShort(long address) {
        return ALL.get(SHORT, address);
    }

    static void putShort(long address, short value) {
        ALL.set(SHORT, address, value);
    }

    static int getInt(long address) {
        return ALL.get(INT, address);
    }

    static void putInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    static void putLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    static long getLongAcquire(long address) {
        return (long) ORDERED.getAcquire(ALL, address);
    }

    static void putLongRelease(long address, long value) {
        ORDERED.setRelease(ALL, address, value);
    }

    static boolean compareAndSetLong(long address, long expected, long value) {
        return ORDERED.compareAndSet(ALL, address, expected, value);
    }

    static void zero(long address, long bytes) {
        ALL.asSlice(address, bytes).fill((byte) 0);
    }

    static void copy(long from, long to, long bytes) {
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }

    static void putBytes(long address, byte[] value) {
        MemorySegment.copy(value, 0, ALL, ValueLayout.JAVA_BYTE, address, value.length);
    }

    static byte[] getBytes(long address, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, bytes, 0, length);
        return bytes;
    }

    /** {@return a view of memory that its owner keeps alive} */
    static ByteBuffer buffer(long address, int length) {
        return ALL.asSlice(address, length).asByteBuffer();
    }

    static MemorySegment function(long address) {
        return MemorySegment.ofAddress(address);
    }
}
