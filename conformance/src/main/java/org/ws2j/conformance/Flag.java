package org.ws2j.conformance;

/**
 * A known difference of a provider from Windows, which the provider declares together with the reason. A check asks for the
 * flag and then expects what is documented for such a provider; where there is nothing to expect it is skipped.
 *
 * <p>A flag that is declared without need makes checks fail, so a list of flags does not outlive its truth.
 */
public enum Flag {
    /** {@code SO_CONDITIONAL_ACCEPT} answers {@code WSAENOPROTOOPT}: peers are connected before a condition function decides. */
    NO_CONDITIONAL_ACCEPT,
    /** {@code MSG_PEEK} answers {@code WSAEOPNOTSUPP}. */
    NO_PEEK,
    /** {@code SIOCATMARK} answers {@code WSAEOPNOTSUPP}. */
    NO_ATMARK,
    /** {@code SIO_ADDRESS_LIST_CHANGE} and {@code SIO_ROUTING_INTERFACE_CHANGE} answer {@code WSAEOPNOTSUPP}. */
    NO_CHANGES,
    /** {@code SIO_ENABLE_CIRCULAR_QUEUEING} answers {@code WSAENOPROTOOPT}. */
    NO_CIRCULAR_QUEUEING,
    /** {@code SIO_FLUSH} answers {@code WSAENOPROTOOPT}. */
    NO_FLUSH,
    /** {@code IP_TTL} answers {@code WSAENOPROTOOPT}. */
    NO_TTL,
    /** {@code WSADuplicateSocket} takes any number for a process. */
    ANY_PROCESS,
    /** Multicast that leaves by the loopback interface comes back even to who turned {@code IP_MULTICAST_LOOP} off. */
    LOOPBACK_ECHOES,
    /** No multicast of IPv6 goes over the loopback interface. */
    NO_LOOPBACK_MULTICAST6,
    /** A duplicate that was made before the socket was bound sees that it is. */
    DUPLICATES_SHARE_THE_BIND,
    /** A completion port belongs to the handle that was associated, not to every handle of the socket. */
    PORTS_BELONG_TO_HANDLES,
    /** Out of line, urgent data is lost: a receive with {@code MSG_OOB} answers {@code WSAEOPNOTSUPP}. */
    NO_URGENT_RECEIVE,
    /** An unreachable port is reported to datagram sockets that are connected, and to no others. */
    UNREACHABLE_WHEN_CONNECTED,
    /** {@code SIO_GET_EXTENSION_FUNCTION_POINTER} answers {@code WSAEINVAL} for every function. */
    NO_EXTENSION_FUNCTIONS,
    /** A thread of the provider's own indicates what was over at once, a moment after the call. */
    INDICATES_LATER,
    /** Any address can be bound, as if it were local. */
    EVERY_ADDRESS_IS_LOCAL
}
