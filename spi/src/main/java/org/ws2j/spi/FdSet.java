package org.ws2j.spi;

import java.util.Arrays;
import java.util.Objects;

/**
 * An fd_set: a counted list of at most a fixed number of sockets.
 *
 * <p>As in Winsock it is a list, not a set of bits: {@link #fdSet} appends a socket that is not in it and drops one that does
 * not fit without a word; {@link #fdClr} closes the gap. Not safe for use by several threads at once.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/ns-winsock2-fd_set">fd_set</a>
 */
public final class FdSet {
    /** The capacity that Winsock's header gives a set unless the application says otherwise. */
    public static final int FD_SETSIZE = 64;

    private final SocketHandle[] array;
    private int count;

    /** Makes an empty set for {@link #FD_SETSIZE} sockets. */
    public FdSet() {
        this(FD_SETSIZE);
    }

    /**
     * Makes an empty set.
     *
     * @param capacity how many sockets it can hold, at least 0
     */
    public FdSet(int capacity) {
        array = new SocketHandle[capacity];
    }

    /**
     * Makes a set of some sockets, with room for them and for {@link #FD_SETSIZE} at least.
     *
     * @param sockets the sockets
     * @return the set
     */
    public static FdSet of(SocketHandle... sockets) {
        FdSet set = new FdSet(Math.max(FD_SETSIZE, sockets.length));
        for (SocketHandle s : sockets) {
            set.fdSet(s);
        }
        return set;
    }

    /** {@return how many sockets are in the set} */
    public int fdCount() {
        return count;
    }

    /** {@return how many sockets the set can hold} */
    public int capacity() {
        return array.length;
    }

    /**
     * Returns a member by its place.
     *
     * @param index 0 to {@link #fdCount()} - 1
     * @return the socket there
     */
    public SocketHandle get(int index) {
        return array[Objects.checkIndex(index, count)];
    }

    /**
     * FD_SET: appends a socket unless it is in the set already; drops it silently when the set is full.
     *
     * @param s the socket
     */
    public void fdSet(SocketHandle s) {
        Objects.requireNonNull(s, "s");
        if (count < array.length && !fdIsSet(s)) {
            array[count++] = s;
        }
    }

    /**
     * FD_CLR: removes a socket, if it is in the set, and closes the gap.
     *
     * @param s the socket
     */
    public void fdClr(SocketHandle s) {
        int i = indexOf(s);
        if (i >= 0) {
            System.arraycopy(array, i + 1, array, i, count - i - 1);
            array[--count] = null;
        }
    }

    /**
     * FD_ISSET: tells whether a socket is in the set.
     *
     * @param s the socket; null is in no set
     * @return true if it is
     */
    public boolean fdIsSet(SocketHandle s) {
        return indexOf(s) >= 0;
    }

    /** FD_ZERO: removes all sockets. */
    public void fdZero() {
        Arrays.fill(array, 0, count, null);
        count = 0;
    }

    private int indexOf(SocketHandle s) {
        for (int i = 0; i < count; i++) {
            if (array[i] == s) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(array, count));
    }
}
