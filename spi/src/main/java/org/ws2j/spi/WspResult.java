package org.ws2j.spi;

/**
 * The results of calls that may not finish at once.
 *
 * <p>A result of 0 or more means success, and counts bytes where the call transfers bytes. The three expected outcomes that
 * C reports as errors are negative results here, minus the Winsock code, so that they cost no exception. Every other failure
 * is thrown.
 */
public final class WspResult {
    /** Minus {@code WSAEWOULDBLOCK}: a non-blocking call could not finish at once. */
    public static final int WOULD_BLOCK = -10035;

    /**
     * Minus {@code WSA_IO_PENDING}: an overlapped call was started; exactly one indication follows, unless the provider's last
     * {@linkplain WspProcTable#wspCleanup() clean-up} comes first.
     */
    public static final int IO_PENDING = -997;

    /** Minus {@code WSA_IO_INCOMPLETE}: the overlapped operation asked about has not finished. */
    public static final int IO_INCOMPLETE = -996;

    private WspResult() {}

    /**
     * Turns an expected outcome into the exception that C's convention would make of it.
     *
     * @param result a result of a call
     * @return the result, if it is not negative
     * @throws WinsockException {@code WSAEWOULDBLOCK}, {@code WSA_IO_PENDING} or {@code WSA_IO_INCOMPLETE} for a negative one
     */
    public static long orThrow(long result) throws WinsockException {
        if (result < 0) {
            throw new WinsockException((int) -result, null, null);
        }
        return result;
    }
}
