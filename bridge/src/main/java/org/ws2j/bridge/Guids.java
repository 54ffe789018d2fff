package org.ws2j.bridge;

import java.util.UUID;

/** A GUID: a 32-bit and two 16-bit integers, and eight bytes as they come. */
final class Guids {
    static final int SIZE = 16;

    private Guids() {}

    static void put(long address, UUID id) {
        long most = id.getMostSignificantBits();
        Memory.putInt(address, (int) (most >>> 32));
        Memory.putShort(address + 4, (short) (most >>> 16));
        Memory.putShort(address + 6, (short) most);
        Memory.putLong(address + 8, Long.reverseBytes(id.getLeastSignificantBits()));
    }

    static UUID get(long address) {
        long most = (long) Memory.getInt(address) << 32
                | (Memory.getShort(address + 4) & 0xFFFFL) << 16
                | (Memory.getShort(address + 6) & 0xFFFFL);
        return new UUID(most, Long.reverseBytes(Memory.getLong(address + 8)));
    }
}
