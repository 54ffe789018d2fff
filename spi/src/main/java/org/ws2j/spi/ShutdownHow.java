package org.ws2j.spi;

/**
 * What a shutdown ends.
 */
public final class ShutdownHow {
    /** Receiving. */
    public static final int SD_RECEIVE = 0;

    /** Sending. */
    public static final int SD_SEND = 1;

    /** Both. */
    public static final int SD_BOTH = 2;

    private ShutdownHow() {}
}
