package org.ws2j.bridge;

import org.ws2j.spi.FdSet;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** fd_set: a count, four bytes of nothing, and as many sockets as the count says. */
final class FdSets {
    private static final int ARRAY = 8;

    /** More than any provider can wait for at once. */
    private static final int MOST = 1 << 16;

    private FdSets() {}

    /** {@return where a set lies for the length of a call; 0 for null} */
    static long put(FdSet set, Session session, Scratch scratch) {
        if (set == null) {
            return 0;
        }
        long address = scratch.zeroed(ARRAY + 8L * Math.max(FdSet.FD_SETSIZE, set.fdCount()));
        write(address, set, session);
        return address;
    }

    private static void write(long address, FdSet set, Session session) {
        Memory.putInt(address, set.fdCount());
        for (int i = 0; i < set.fdCount(); i++) {
            Memory.putLong(address + ARRAY + 8L * i, session.socketNumber(set.get(i)));
        }
    }

    /** Takes over what C has left of a set. */
    static void takeBack(long address, FdSet set, Session session) throws WinsockException {
        if (set == null) {
            return;
        }
        int count = Memory.getInt(address);
        if (count < 0 || count > set.capacity()) {
            throw new WinsockException(WsaError.WSASYSCALLFAILURE, "the provider's fd_set has " + count + " members");
        }
        set.fdZero();
        for (int i = 0; i < count; i++) {
            set.fdSet(session.socket(Memory.getLong(address + ARRAY + 8L * i)));
        }
    }

    /** {@return a set of C's; null for null} */
    static FdSet get(long address, Session session) throws WinsockException {
        if (address == 0) {
            return null;
        }
        int count = count(address);
        FdSet set = new FdSet(Math.max(count, FdSet.FD_SETSIZE));
        for (int i = 0; i < count; i++) {
            set.fdSet(session.socket(Memory.getLong(address + ARRAY + 8L * i)));
        }
        return set;
    }

    private static int count(long address) throws WinsockException {
        int count = Memory.getInt(Pointers.required(address, 8));
        if (count < 0 || count > MOST) {
            throw new WinsockException(WsaError.WSAEFAULT,
                    "an fd_set of " + Integer.toUnsignedString(count) + " members");
        }
        Pointers.range(address, ARRAY + 8L * count);
        return count;
    }

    /** Writes back what is left of a set of C's, which has room for it. */
    static void giveBack(long address, FdSet set, Session session) {
        if (set != null) {
            write(address, set, session);
        }
    }

    /** {@return whether a number is in a set of C's} */
    static boolean contains(long address, long number) {
        if (!Memory.isPointer(address, 8)) {
            return false;
        }
        int count = Memory.getInt(address);
        if (count < 0 || count > MOST || !Memory.isRange(address, ARRAY + 8L * count)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (Memory.getLong(address + ARRAY + 8L * i) == number) {
                return true;
            }
        }
        return false;
    }
}
