package org.ws2j.spi;

/**
 * The flags of WSAJoinLeaf and WSPJoinLeaf.
 */
public final class JoinLeafFlag {
    /** Only send. */
    public static final int JL_SENDER_ONLY = 1;

    /** Only receive. */
    public static final int JL_RECEIVER_ONLY = 2;

    /** Send and receive. */
    public static final int JL_BOTH = 4;

    private JoinLeafFlag() {}
}
