package org.ws2j.conformance;

/**
 * A known difference of a provider from Windows, which the provider declares together with the reason. A check asks for the
 * flag and then expects what is documented for such a provider; where there is nothing to expect it is skipped.
 *
 * <p>A flag that is declared without need makes checks fail, so a list of flags does not outlive its truth.
 */
public enum Flag {
    /** Accept with a condition function answers {@code WSAEOPNOTSUPP}. */
    NO_CONDITIONAL_ACCEPT,
    /** {@code MSG_PEEK} answers {@code WSAEOPNOTSUPP}. */
    NO_PEEK,
    /** Any address can be bound, as if it were local. */
    EVERY_ADDRESS_IS_LOCAL
}
