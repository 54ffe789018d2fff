package org.ws2j.agent.socket;

import org.ws2j.spi.FdSet;

/** What a socket is ready for, as bits. */
public final class Readiness {
    /** A receive or an accept would not wait. */
    public static final int READABLE = 1;

    /** A send would not wait; or the socket has just been connected. */
    public static final int WRITABLE = 2;

    /** An attempt to connect has failed. */
    public static final int FAILED = 4;

    private Readiness() {}

    static int bits(FdSet reading, FdSet writing, FdSet failing) {
        return (isLeft(reading) ? READABLE : 0) | (isLeft(writing) ? WRITABLE : 0) | (isLeft(failing) ? FAILED : 0);
    }

    /** select leaves in a set what is ready. */
    private static boolean isLeft(FdSet set) {
        return set != null && set.fdCount() > 0;
    }
}
